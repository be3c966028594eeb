"""Whether a build is what it says, and fits a handset."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from framework.contract.errors import AssistantError, UsageError
from framework.deploy import Build, deploy
from framework.formats.apk_writer import build_apk
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key

if TYPE_CHECKING:
    from conftest import FakeHandset, MakeBuild


def test_a_demonstration_does_not_go_to_a_phone(make_build: MakeBuild, fake: FakeHandset) -> None:
    """The message says what a phone needs; nothing is generated or touched first."""
    build = make_build(generate="missing.py", apk={"file": "missing.apk", "sha256": "0" * 64})
    with pytest.raises(UsageError, match=r"only virtual handsets take.*bench is none; a phone needs a build.yaml"):
        deploy(build, fake.changed(emulated=False).real)
    assert fake.packages.calls == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"package": "org.other"}, "package: the APK is of the package org.pocketfarm.assistant, not org.other"),
        (
            {"activity": ".ConversatonActivity"},
            r'activity: the APK has no activity .ConversatonActivity \(did you mean "\.ConversationActivity"\?\)',
        ),
        (
            {"activity": ".Main"},
            r'no activity .Main \(did you mean "org.pocketfarm.assistant.ConversationActivity"\?\)',
        ),
        (
            {"model": {"name": "Tiny", "parameters": 6e9, "quantization": "Q8_0"}},
            "model.parameters: tiny.gguf has [0-9]+ parameters, not 6000000000",
        ),
    ],
)
def test_a_build_file_that_does_not_match_its_files(
    make_build: MakeBuild, fake: FakeHandset, changes: dict[str, Any], what: str
) -> None:
    """UsageError with the key that is wrong."""
    with pytest.raises(UsageError, match=what):
        deploy(make_build(**changes), fake.real)
    assert fake.packages.calls == []


def with_apk(make_build: MakeBuild, data: bytes) -> Build:
    build = make_build()
    changed = make_build(apk={"file": "other.apk", "sha256": hashlib.sha256(data).hexdigest()})
    (build.file.parent / "other.apk").write_bytes(data)
    return changed


def test_a_damaged_apk_is_the_builds_fault(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Its hash is right, so that the file is what its makers gave."""
    build = make_build()
    data = (build.file.parent / "tiny.apk").read_bytes().replace(b"virtual handsets", b"VIRTUAL handsets")
    with pytest.raises(AssistantError, match=r"tiny 3.1: its APK is damaged: .*not what was signed"):
        deploy(with_apk(make_build, data), fake.real)


def test_damaged_weights_are_the_builds_fault(make_build: MakeBuild, fake: FakeHandset) -> None:
    """A GGUF file that was cut off, with the hash of what is left."""
    build = make_build()
    data = (build.file.parent / "tiny.gguf").read_bytes()[:-100]
    weights = {"file": "cut.gguf", "sha256": hashlib.sha256(data).hexdigest(), "to": "/data/local/tmp/w.gguf"}
    cut = make_build(weights=[weights])
    (build.file.parent / "cut.gguf").write_bytes(data)
    with pytest.raises(AssistantError, match=r"its weights are damaged: .*ends at byte"):
        deploy(cut, fake.real)


def foreign_apk(abi: str) -> bytes:
    """The assistant with a native library."""
    key = demonstration_key()
    activity = element("activity", {"android:name": ".ConversationActivity"})
    sdk = element("uses-sdk", {"android:minSdkVersion": 30})
    manifest = element("manifest", {"package": "org.pocketfarm.assistant"}, sdk, element("application", {}, activity))
    return build_apk(manifest, {f"lib/{abi}/libllm.so": b"\x7fELF"}, key, demonstration_certificate(key))


def test_libraries_for_other_processors_are_the_builds_fault(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Both sides are named; a library that the handset runs is taken."""
    with pytest.raises(AssistantError, match="its libraries are for arm64-v8a; bench runs x86"):
        deploy(with_apk(make_build, foreign_apk("arm64-v8a")), fake.real)
    assert deploy(with_apk(make_build, foreign_apk("x86")), fake.real).apk.version_code == 0


def test_a_handset_that_is_too_old_is_named(make_build: MakeBuild, fake: FakeHandset) -> None:
    """With what the build needs."""
    with pytest.raises(AssistantError, match="it needs Android SDK 29, bench has 28"):
        deploy(make_build(), fake.changed(sdk=28).real)


def test_weights_of_another_format_are_taken_as_they_are(make_build: MakeBuild, fake: FakeHandset) -> None:
    """Only GGUF files are looked into; nothing says that they are scaled, and all of them is weights."""
    data = b"an executorch program"
    weights = {"file": "m.pte", "sha256": hashlib.sha256(data).hexdigest(), "to": "/data/local/tmp/m.pte"}
    build = make_build(weights=[weights])
    (build.file.parent / "m.pte").write_bytes(data)
    identity = deploy(build, fake.real).identity
    assert (identity.scaled, identity.weight_bytes) == (False, len(data))


def test_scaled_weights_are_known(make_build: MakeBuild, fake: FakeHandset) -> None:
    """They say so themselves, and how big the model is that they stand for; reports and the roofline need it."""
    identity = deploy(make_build(), fake.real).identity
    assert (identity.scaled, identity.weight_bytes) == (True, 33408)
