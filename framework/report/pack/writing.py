"""A run's folder → its evidence pack: the same folder gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from framework.contract.account import RunAccount, RunFigures
from framework.contract.errors import Problem, UsageError
from framework.journal.places import safe_name
from framework.report.html.build import FOLDER
from framework.report.pack.cleaning import Cleaner, serials_in
from framework.report.pack.manifest import BASELINE, NAME, Entry, Manifest, Redaction, figures_text, is_safe, tested
from framework.tools.alone import Tell
from framework.tools.running import TELL_EVERY_S

_MADE_ANEW: Final = (FOLDER, NAME, BASELINE, "interrupted")
"""In a run's folder: what is made of the rest, and recordings that do not count."""
_PACKAGES: Final = ("pocketfarm", "allure-pytest", "pytest", "Appium-Python-Client", "adb-shell", "adbutils")
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """`unpacked`: bytes of all files in it."""

    file: Path
    files: int
    bytes: int
    unpacked: int
    sha256: str
    redaction: Redaction


def write_pack(
    folder: Path,
    account: RunAccount,
    baseline: RunFigures | None,
    out: Path,
    tell: Tell = lambda _: None,
    *,
    redacted: bool = True,
) -> Packed:
    """Whole or not at all; `tell` hears how far it is. UsageError: it cannot be written."""
    cleaner = Cleaner(_serials(folder, account), active=redacted)
    part = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            stack.callback(part.unlink, missing_ok=True)
            manifest = _write(part, folder, account, baseline, cleaner, out, tell)
            part.replace(out)
        with out.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(error.filename or out))) from error
    unpacked = sum(entry.bytes for entry in manifest.files.values())
    return Packed(out, len(manifest.files), out.stat().st_size, unpacked, digest, manifest.redaction)


def _write(
    part: Path,
    folder: Path,
    account: RunAccount,
    baseline: RunFigures | None,
    cleaner: Cleaner,
    out: Path,
    tell: Tell,
) -> Manifest:
    entries: dict[str, Entry] = {}
    binary: set[str] = set()
    left_out: list[str] = []
    with ZipFile(part, "w", ZIP_DEFLATED) as pack:
        for path in _told(list(_files(folder, {part.resolve(), out.resolve()})), tell):
            name = PurePosixPath(path.relative_to(folder))
            place = str(cleaner.path(name))
            if cleaner.leaves_out(name) or not is_safe(place):
                left_out.append(place)
                continue
            content, is_text = cleaner.content(name, path.read_bytes())
            binary |= set() if is_text else {name.suffix.lstrip(".").lower() or name.name}
            if place in entries:
                raise UsageError(f"several handsets are called by their serial numbers ({place}): pack --no-redact")
            entries[place] = _put(pack, place, content)
        if baseline is not None:
            content, _ = cleaner.content(PurePosixPath(BASELINE), figures_text(baseline).encode())
            entries[BASELINE] = _put(pack, BASELINE, content)
        redaction = Redaction(cleaner.active, cleaner.taken_out, tuple(sorted(binary)), tuple(left_out))
        manifest = _manifest(account, baseline, redaction, entries)
        content, _ = cleaner.content(PurePosixPath(NAME), manifest.text().encode())
        _put(pack, NAME, content)
    return manifest


def _serials(folder: Path, account: RunAccount) -> list[str]:
    """The journal may have been redacted when it was written, and other files of the run not."""
    found = {one.serial for one in account.handsets.values()}
    for path in folder.glob("*.json"):
        with suppress(OSError, ValueError, RecursionError):
            found.update(serials_in(json.loads(path.read_bytes())))
    return sorted(found)


def _told(files: list[Path], tell: Tell) -> Iterator[Path]:
    told = time.monotonic()
    for number, path in enumerate(files):
        if time.monotonic() - told > TELL_EVERY_S:
            told = time.monotonic()
            tell(f"still packing ({number} of {len(files)} files)")
        yield path


def _files(folder: Path, ours: set[Path]) -> Iterator[Path]:
    """In the order of their names; no links, locks, or files that are being written."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if parts[0] in _MADE_ANEW or hidden or path.is_symlink() or not path.is_file() or path.resolve() in ours:
            continue
        yield path


def _put(pack: ZipFile, name: str, content: bytes) -> Entry:
    info = ZipInfo(name, _DATE)
    info.create_system, info.external_attr, info.compress_type = 3, _MODE, ZIP_DEFLATED
    pack.writestr(info, content)
    return Entry(len(content), hashlib.sha256(content).hexdigest())


def _manifest(
    account: RunAccount, baseline: RunFigures | None, redaction: Redaction, entries: dict[str, Entry]
) -> Manifest:
    head = account.head
    return Manifest(
        run=safe_name(head.name),
        id=head.id,
        began_at=head.began_at,
        finished=head.finished,
        build=head.build,
        handsets=tested(account),
        versions={"python": platform.python_version(), "run": head.version, **dict(_versions())},
        verdicts=dict(sorted(Counter(test.verdict.value for test in account.tests).items())),
        redaction=redaction,
        files=entries,
        baseline=baseline.head.name if baseline is not None else "",
    )


def _versions() -> Iterator[tuple[str, str]]:
    """Of who packs: packages that have written what is in it, or read it."""
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
