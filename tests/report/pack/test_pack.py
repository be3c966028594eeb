"""A run's evidence goes out as one file, and comes back as it was, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import struct
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from support.told_plugin import write_told
from support.told_runs import NEXT, handsets, story

from framework.contract.account import RunFigures, figures_of
from framework.contract.errors import UsageError
from framework.journal.account import read_account
from framework.redaction.rules import WORDS
from framework.report.pack import reading
from framework.report.pack.manifest import (
    BASELINE,
    NAME,
    SERIES,
    Manifest,
    Redaction,
    figures_parsed,
    figures_text,
    parsed,
)
from framework.report.pack.reading import unpack
from framework.report.pack.writing import Packed, write_pack

RUN = "2026-11-29T07-00-00-1"
SERIALS = [one.serial for one in handsets()[:2]]
REPLY = "In Hanoi it will be rainy tomorrow, with a high of 30 and a low of 22 degrees."
SECRET = "Call Anna, +84 912 345 678, or write to anna@lab.example.com".ljust(len(REPLY))
"""As long as what it takes the place of: then even a binary file can be changed."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of two models, written without any redaction; somebody's address and telephone number stand in each reply."""
    stories = [story("Call", "suites/text/call.yaml", one, NEXT, turns=1, reply=REPLY) for one in handsets()[:2]]
    folder = write_told(tmp_path_factory.mktemp("reports") / RUN, stories)
    (folder / "stories.told").unlink()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        path.write_bytes(path.read_bytes().replace(REPLY.encode(), SECRET.encode()))
    for path in folder.rglob("*.jsonl"):
        for one in handsets()[:2]:
            said = re.compile(rf'"name":"{one.name}","serial":"[^"]*"')
            path.write_text(said.sub(f'"name":"{one.name}","serial":"{one.serial}"', path.read_text()))
    (folder / "bugreport-xiaomi-13.zip").write_bytes(b"PK\x03\x04")
    (folder / ".running").touch()
    (folder / "allure").mkdir()
    (folder / "allure" / "index.html").touch()
    (folder / "server.log").write_text(f"forward {SERIALS[0]} tcp:8200\n")
    return folder


@pytest.fixture(scope="module")
def baseline(told: Path) -> RunFigures:
    return figures_of(read_account(told))


@pytest.fixture(scope="module")
def packed(told: Path, baseline: RunFigures, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """Read-only."""
    return write_pack(told, read_account(told), baseline, tmp_path_factory.mktemp("packs") / "build.zip")


def contents(file: Path) -> dict[str, bytes]:
    with ZipFile(file) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def test_what_is_in_it(packed: Packed) -> None:
    """Results, traces, the journal, the run that it was compared with; hashes, fingerprints, versions; no more."""
    found = contents(packed.file)
    manifest = parsed(found.pop(NAME))
    assert sorted(manifest.files) == sorted(found)
    assert {name: (entry.bytes, entry.sha256) for name, entry in manifest.files.items()} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }
    names = {name.partition("/")[0] for name in found}
    assert names == {"allure-results", "allurerc.json", BASELINE, "journal.jsonl", "server.log", "units"}
    assert sum(name.endswith("trace.jsonl") for name in found) == 2
    assert manifest.build == NEXT.identity
    assert [one.fingerprint for one in manifest.handsets] == [one.fingerprint for one in handsets()[:2]]
    assert (manifest.verdicts, manifest.finished, manifest.versions["run"]) == ({"PASS": 2}, True, "0.1.0")
    assert (packed.files, packed.bytes) == (len(found), packed.file.stat().st_size)


def test_nobody_is_named(packed: Packed, told: Path) -> None:
    """Serial numbers, accounts and telephone numbers are taken out of everything, and what cannot be is left out."""
    everything = b"".join(contents(packed.file).values())
    secrets = [*SERIALS, "anna@lab.example.com", "+84 912 345 678"]
    assert [secret for secret in secrets if secret.encode() in everything] == []
    assert all(secret.encode() in (told / "journal.jsonl").read_bytes() for secret in secrets)
    assert packed.redaction.left_out == ("bugreport-xiaomi-13.zip",)
    assert packed.redaction.as_they_were == ("png", "wav")
    assert packed.redaction.taken_out.keys() == {WORDS[kind] for kind in ("account", "phone", "serial")}


def test_a_run_that_was_redacted_as_it_was_written(told: Path, tmp_path: Path) -> None:
    """Its journal knows no serial number any more, but what it was planned with does: none leaves the house."""
    copy = tmp_path / RUN
    shutil.copytree(told, copy)
    for path in copy.rglob("*.jsonl"):
        path.write_text(re.sub(r'"serial":"[^"]*"', '"serial":"[redacted serial number]"', path.read_text()))
    planned = {"present": [{"name": "one", "serial": SERIALS[0]}, {"name": "short", "serial": "Q7"}]}
    (copy / "handsets.json").write_text(json.dumps(planned))
    found = contents(write_pack(copy, read_account(copy), None, tmp_path / "build.zip").file)
    assert [name for name, content in found.items() if SERIALS[0].encode() in content] == []
    assert [one["serial"] for one in json.loads(found["handsets.json"])["present"]] == ["[redacted serial number]"] * 2


def test_unredacted(told: Path, tmp_path: Path) -> None:
    """Where it was asked for, everything is as it was, and the manifest says so."""
    done = write_pack(told, read_account(told), None, tmp_path / "all.zip", redacted=False)
    found = contents(done.file)
    assert found["journal.jsonl"] == (told / "journal.jsonl").read_bytes()
    assert "bugreport-xiaomi-13.zip" in found
    assert not parsed(found[NAME]).redaction.active


def test_it_is_the_same_every_time(packed: Packed, told: Path, baseline: RunFigures, tmp_path: Path) -> None:
    """Whenever and wherever: times and rights of files do not count, links and half files are not followed."""
    copy = tmp_path / RUN
    shutil.copytree(told, copy)
    for path in copy.rglob("*"):
        path.chmod(0o700)
    (copy / "passwords").symlink_to("/etc")
    (copy / "units" / ".half.part").touch()
    again = write_pack(copy, read_account(copy), baseline, copy / "build.zip")
    once_more = write_pack(copy, read_account(copy), baseline, copy / "build.zip")
    assert {packed.sha256, again.sha256, once_more.sha256} == {packed.sha256}


def test_it_comes_back(packed: Packed, told: Path, tmp_path: Path) -> None:
    """As a run's folder with the same verdicts and figures; packed again it is the same pack."""
    folder = unpack(packed.file, tmp_path)
    account, before = read_account(folder), read_account(told)
    assert folder == tmp_path / RUN
    assert figures_of(account) == figures_of(before)
    assert [one.folder for test in account.tests for unit in test.units for one in unit.repetitions] == [
        one.folder for test in before.tests for unit in test.units for one in unit.repetitions
    ]
    figures = figures_parsed((folder / BASELINE).read_bytes())
    again = write_pack(folder, account, figures, tmp_path / "again.zip")
    assert contents(again.file).keys() == contents(packed.file).keys()
    assert contents(again.file)["journal.jsonl"] == contents(packed.file)["journal.jsonl"]


def test_it_is_there_already(packed: Packed, tmp_path: Path) -> None:
    """A run that is there is never overwritten."""
    unpack(packed.file, tmp_path)
    with pytest.raises(UsageError, match=rf"{RUN} is there already: farm report .*, or unpack elsewhere with -o"):
        unpack(packed.file, tmp_path)


def test_handsets_that_are_called_by_their_serials(told: Path, tmp_path: Path) -> None:
    """Then folders are, too: a serial number stands in no name of a file, and the account still finds its folders."""
    copy = tmp_path / RUN
    shutil.copytree(told, copy)
    shutil.rmtree(copy / "allure-results")
    name, serial = handsets()[0].name, SERIALS[0]
    for path in [*copy.rglob("*.jsonl"), *copy.glob("*.json")]:
        path.write_text(path.read_text().replace(f'"name":"{name}"', f'"name":"{serial}"'))
    (copy / "units" / "suites-text-call" / name).rename(copy / "units" / "suites-text-call" / serial)
    done = write_pack(copy, read_account(copy), None, tmp_path / "build.zip")
    assert [name for name in contents(done.file) if serial in name] == []
    folder = unpack(done.file, tmp_path / "elsewhere")
    places = [one.folder for test in read_account(folder).tests for unit in test.units for one in unit.repetitions]
    assert [place for place in places if not (folder / place / "trace.jsonl").exists()] == []


def test_figures_there_and_back(baseline: RunFigures) -> None:
    """Nothing is lost of what a run was compared with."""
    assert figures_parsed(figures_text(baseline).encode()) == baseline
    assert [each.name for each in fields(RunFigures)] == ["head", "verdicts", *SERIES]


# -- what anybody may have made --------------------------------------------------------------------------------------

Change = Callable[[dict[str, bytes], dict[str, object]], None]


def forged(packed: Packed, out: Path, change: Change) -> Path:
    """The pack with other contents, and a manifest that fits them unless it was changed itself."""
    found = contents(packed.file)
    manifest = json.loads(found.pop(NAME))
    change(found, manifest)
    with ZipFile(out, "w", ZIP_DEFLATED) as pack:
        for name, content in {**found, NAME: json.dumps(manifest).encode()}.items():
            pack.writestr(name, content)
    return out


def listed(manifest: dict[str, object], name: str, content: bytes) -> None:
    files = manifest["files"]
    assert isinstance(files, dict)
    files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def more(name: str) -> Change:
    def change(found: dict[str, bytes], manifest: dict[str, object]) -> None:
        found[name] = b"x"
        listed(manifest, name, b"x")

    return change


def _other_content(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    found["journal.jsonl"] = found["journal.jsonl"].replace(b"PASS", b"FAIL")


def _shorter(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    found["journal.jsonl"] = b""


def _no_journal(found: dict[str, bytes], manifest: dict[str, object]) -> None:
    del found["journal.jsonl"]
    manifest["files"].pop("journal.jsonl")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (more("../../etc/cron.d/x"), "'../../etc/cron.d/x' leads out of its folder"),
        (more("/etc/passwd"), "'/etc/passwd' leads out of its folder"),
        (more("units/../../x"), "leads out of its folder"),
        (more("units//x"), "leads out of its folder"),
        (more("C:\\x"), "leads out of its folder"),
        (more(".ssh/config"), "or out of sight"),
        (more("units/"), "leads out of its folder"),
        (_other_content, "'journal.jsonl' is not what its manifest says"),
        (_shorter, r"'journal.jsonl' has 0 bytes, and its manifest says \d+"),
        (_no_journal, "it holds no journal.jsonl"),
        (lambda found, _: found.pop("allurerc.json"), "'allurerc.json' is missing"),
        (lambda found, _: found.update({"x.js": b""}), "'x.js' is not in its manifest"),
        (lambda _, manifest: manifest.update({"run": "../x"}), r"its run is called '\.\./x'"),
        (lambda _, manifest: manifest.update({"version": 9}), "of version 9, and this Pocketfarm reads 1: update"),
        (lambda _, manifest: manifest.update({"format": "x"}), "its manifest is none of an evidence pack's"),
        (lambda _, manifest: manifest.update({"handsets": 3}), "its manifest is damaged"),
    ],
)  # fmt: skip
def test_a_forged_pack(packed: Packed, tmp_path: Path, change: Change, message: str) -> None:
    """Is refused with what is wrong, and leaves nothing behind, in its folder or outside."""
    file = forged(packed, tmp_path / "forged.zip", change)
    place = tmp_path / "a" / "b"
    with pytest.raises(UsageError, match=message):
        unpack(file, place)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def entry_of(file: Path, name: str, change: Callable[[ZipInfo], None], content: bytes = b"x") -> Path:
    """A pack with one more entry, of a special kind."""
    shutil.copyfile(file, file.with_name("special.zip"))
    info = ZipInfo(name)
    change(info)
    with ZipFile(file.with_name("special.zip"), "a") as pack:
        pack.writestr(info, content)
    return file.with_name("special.zip")


def test_links(packed: Packed, tmp_path: Path) -> None:
    """A link in a pack is no file."""
    shutil.copyfile(packed.file, tmp_path / "build.zip")

    def link(info: ZipInfo) -> None:
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16

    with pytest.raises(UsageError, match="'units/x' is no file"):
        unpack(entry_of(tmp_path / "build.zip", "units/x", link, b"/etc/passwd"), tmp_path / "out")


def test_two_of_one_name(packed: Packed, tmp_path: Path) -> None:
    """Who reads which of them is nobody's to choose."""
    shutil.copyfile(packed.file, tmp_path / "build.zip")
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = entry_of(tmp_path / "build.zip", "journal.jsonl", lambda _: None)
    with pytest.raises(UsageError, match="two files of one name"):
        unpack(file, tmp_path / "out")


@pytest.mark.parametrize("length", [0, 3, 100, 10_000])
def test_a_torn_pack(packed: Packed, tmp_path: Path, length: int) -> None:
    """What a broken transfer has left is told as such."""
    torn = tmp_path / "torn.zip"
    torn.write_bytes(packed.file.read_bytes()[:length])
    with pytest.raises(UsageError, match=r"no evidence pack, or damaged .*: ask for it again"):
        unpack(torn, tmp_path / "out")


def test_flipped_bits(packed: Packed, tmp_path: Path) -> None:
    """Anywhere in it: never a run that differs from what was packed."""
    whole = packed.file.read_bytes()
    expected = contents(packed.file)
    for number, at in enumerate(range(0, len(whole), len(whole) // 40)):
        flipped = tmp_path / "flipped.zip"
        flipped.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            folder = unpack(flipped, tmp_path / str(number))
        except UsageError:
            continue
        got = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert got == expected


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MOST_FILES", 3, "more than 3"),
        ("LARGEST_BYTES", 10, r"it holds 0\.0 GB, more than 0"),
        ("LEAST_FREE_BYTES", 1 << 60, "MB are to be unpacked, and .* MB are free"),
    ],
)
def test_bombs(
    packed: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, message: str
) -> None:
    """Too many files, too much together, or more than the disk takes."""
    monkeypatch.setattr(reading, limit, value)
    with pytest.raises(UsageError, match=message):
        unpack(packed.file, tmp_path / "out")


def test_entries_that_share_their_bytes(packed: Packed, tmp_path: Path) -> None:
    """A directory that lists one entry's bytes many times over is a bomb of small files."""
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as pack:
        pack.writestr("kernel", os.urandom(5000))
        info = pack.infolist()[0]
        for number in range(9):
            copy = ZipInfo(f"k{number}")
            copy.compress_type, copy.header_offset = info.compress_type, info.header_offset
            copy.compress_size, copy.file_size, copy.CRC = info.compress_size, info.file_size, info.CRC
            pack.filelist.append(copy)
    with pytest.raises(UsageError, match="its files lie one over the other"):
        unpack(bomb, tmp_path / "out")


def test_an_entry_that_is_larger_than_it_says(packed: Packed, tmp_path: Path) -> None:
    """Never more is written than was announced."""
    content, name = b"0" * 100_000, "units/large"

    def change(found: dict[str, bytes], manifest: dict[str, object]) -> None:
        found[name] = content
        listed(manifest, name, content)
        manifest["files"][name]["bytes"] = 10  # type: ignore[index]

    file = forged(packed, tmp_path / "forged.zip", change)
    raw = file.read_bytes()
    size, said = struct.pack("<I", len(content)), struct.pack("<I", 10)
    file.write_bytes(raw.replace(size, said))
    with pytest.raises(UsageError, match=r"damaged|not what its manifest says"):
        unpack(file, tmp_path / "out")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_a_manifest_of_a_later_pocketfarm() -> None:
    """Of the same version, with fields that nobody knows yet: they are passed over."""
    manifest = Manifest("r", "i", 1.0, True, NEXT.identity, (), {}, {}, Redaction(True), {})
    content = json.loads(manifest.text()) | {"weather": "rain"}
    assert parsed(json.dumps(content).encode()) == manifest
