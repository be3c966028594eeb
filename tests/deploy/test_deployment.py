"""One deployment, from files to receipt."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framework.contract.capabilities import InstallRefusedError
from framework.contract.errors import AssistantError, HandsetError
from framework.deploy import deploy, read_receipt, undeploy
from framework.deploy.receipt import RECEIPT

if TYPE_CHECKING:
    from conftest import FakeHandset, MakeBuild

WEIGHTS_AT = "/data/local/tmp/pocketfarm/models/tiny.gguf"
PACKAGE = "org.pocketfarm.assistant"


def test_a_first_deployment_brings_everything_and_leaves_a_receipt(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Files verified on the handset, and a receipt that says who did what and when."""
    build = make_build()
    receipt = deploy(build, fake.real)
    folder = build.file.parent
    assert fake.packages.calls == ["install"]
    assert fake.files.content[WEIGHTS_AT][0] == (folder / "tiny.gguf").read_bytes()
    assert WEIGHTS_AT not in fake.files.pushed  # it went under another name first
    assert sorted(fake.files.content) == [WEIGHTS_AT, RECEIPT]
    assert receipt.identity.label == "tiny 3.1"
    assert receipt.identity.hashes == {"tiny.apk": build.spec.apk.sha256, "tiny.gguf": build.spec.weights[0].sha256}
    assert receipt.identity.scaled
    assert receipt.pushed_bytes == sum((folder / name).stat().st_size for name in ("tiny.apk", "tiny.gguf"))
    assert receipt.mb_per_s == pytest.approx(receipt.pushed_bytes / receipt.seconds / 1e6)
    assert "@" in receipt.who
    assert receipt.device_wall_s == 1_700_000_000
    assert read_receipt(fake.real.files) == receipt


def test_what_is_there_already_is_left_alone(make_build: MakeBuild, fake: FakeHandset) -> None:
    """A second deployment changes nothing and, knowing the weights by size and time, does not even hash them."""
    deploy(make_build(), fake.real)
    fake.packages.calls.clear()
    fake.files.hashed.clear()
    receipt = deploy(make_build(), fake.real)
    assert (fake.packages.calls, fake.files.hashed) == ([], [])
    assert receipt.skipped == ("tiny.apk", "tiny.gguf")
    assert (receipt.pushed_bytes, receipt.mb_per_s) == (0, None)


def test_weights_that_were_touched_are_verified_before_they_are_trusted(
    make_build: MakeBuild, fake: FakeHandset
) -> None:
    """Same size but another time: hashed on the handset, kept if right, replaced if not."""
    deploy(make_build(), fake.real)
    content, mtime = fake.files.content[WEIGHTS_AT]
    fake.files.content[WEIGHTS_AT] = (content, mtime + 1)
    assert "tiny.gguf" in deploy(make_build(), fake.real).skipped
    fake.files.content[WEIGHTS_AT] = (bytes(len(content)), mtime + 2)
    assert "tiny.gguf" not in deploy(make_build(), fake.real).skipped
    assert fake.files.content[WEIGHTS_AT][0] == content


def test_weights_without_a_receipt_are_recognised(make_build: MakeBuild, fake: FakeHandset) -> None:
    """What another build's deployment, or a lost receipt, left behind need not go over the wire again."""
    deploy(make_build(), fake.real)
    del fake.files.content[RECEIPT]
    assert deploy(make_build(), fake.real).skipped == ("tiny.gguf",)


@pytest.mark.parametrize("field", ["version_code", "code_path"])
def test_an_apk_that_somebody_else_installed_is_replaced(make_build: MakeBuild, fake: FakeHandset, field: str) -> None:
    """Another version, or the same at another place, is not what the receipt means."""
    deploy(make_build(), fake.real)
    other: dict[str, str | int] = {"version_code": 99, "code_path": "/data/app/other"}
    fake.packages.installed[PACKAGE] = replace(fake.packages.installed[PACKAGE], **{field: other[field]})  # type: ignore[arg-type]
    assert deploy(make_build(), fake.real).skipped == ("tiny.gguf",)
    assert fake.packages.calls == ["install", "install"]


def test_an_unreadable_receipt_counts_as_none(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Whatever lies there: everything is checked anew."""
    for garbage in (b"", b"{", b"[]", json.dumps({"who": "me"}).encode()):
        fake.files.content[RECEIPT] = (garbage, 1)
        assert read_receipt(fake.real.files) is None
        deploy(make_build(), fake.real)


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        ("INSTALL_FAILED_INSUFFICIENT_STORAGE", HandsetError, r"bench: INSTALL_FAILED.* \(free space on the handset\)"),
        ("INSTALL_FAILED_USER_RESTRICTED", HandsetError, "Install via USB"),
        ("UNKNOWN", HandsetError, "by hand"),
        ("INSTALL_FAILED_NO_MATCHING_ABIS", AssistantError, "tiny 3.1: bench refuses its APK: INSTALL_FAILED_NO_M"),
        ("INSTALL_PARSE_FAILED_NO_CERTIFICATES", AssistantError, "refuses its APK"),
    ],
)
def test_a_refusal_is_blamed_on_who_can_mend_it(
    make_build: MakeBuild, fake: FakeHandset, code: str, error: type[Exception], words: str
) -> None:
    """The lab's conditions with their mend, everything else on the build; no receipt is left."""
    fake.packages.refusals = [InstallRefusedError(code, "because")]
    with pytest.raises(error, match=words):
        deploy(make_build(), fake.real)
    assert RECEIPT not in fake.files.content


@pytest.mark.parametrize("code", ["INSTALL_FAILED_UPDATE_INCOMPATIBLE", "INSTALL_FAILED_VERSION_DOWNGRADE"])
def test_another_build_in_the_way_is_uninstalled(make_build: MakeBuild, fake: FakeHandset, code: str) -> None:
    """One with another signature, or a newer one; once, not in a circle."""
    fake.packages.refusals = [InstallRefusedError(code, "")]
    deploy(make_build(), fake.real)
    assert fake.packages.calls == ["install", "uninstall", "install"]
    fake.packages.refusals = [InstallRefusedError(code, "")] * 2
    fake.files.content.clear()
    with pytest.raises(AssistantError, match=code):
        deploy(make_build(), fake.real)


def test_a_push_that_arrives_damaged_is_the_labs(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Neither the damaged file nor half of it stays, and no receipt."""
    fake.files.damage = lambda data: data[:-1] + b"x"
    with pytest.raises(HandsetError, match="arrived with sha256"):
        deploy(make_build(), fake.real)
    assert fake.files.content == {}


def test_a_failed_deployment_voids_the_receipt_of_the_one_before(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Nobody takes the old receipt for the truth about a handset that was half changed."""
    deploy(make_build(), fake.real)
    fake.packages.installed.clear()
    fake.packages.refusals = [InstallRefusedError("INSTALL_FAILED_INVALID_APK", "")]
    with pytest.raises(AssistantError):
        deploy(make_build(), fake.real)
    assert read_receipt(fake.real.files) is None


def test_progress_counts_all_files_together(make_build: MakeBuild, fake: FakeHandset) -> None:
    """It grows from file to file up to the sum, whether they are pushed or skipped."""
    sizes = sum(path.stat().st_size for path in make_build().file.parent.iterdir() if path.suffix in (".apk", ".gguf"))
    for _ in range(2):
        told: list[tuple[int, int]] = []
        deploy(make_build(), fake.real, lambda done, total, told=told: told.append((done, total)))  # type: ignore[misc]
        assert told == sorted(told)
        assert told[-1] == (sizes, sizes)


def test_undeploying_leaves_nothing(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Package, weights, halves of them and the receipt are gone; other files stay."""
    deploy(make_build(), fake.real)
    fake.files.content |= {WEIGHTS_AT + ".part": (b"half", 1), "/data/local/tmp/other": (b"", 1)}
    undeploy(make_build(), fake.real)
    assert list(fake.files.content) == ["/data/local/tmp/other"]
    assert fake.packages.installed == {}
    undeploy(make_build(), fake.real)  # and once more, with nothing there
