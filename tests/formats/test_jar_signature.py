"""APK Signature Scheme v1: signed JARs by apksigner."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Literal

import pytest

from framework.formats.apk import read_apk
from framework.formats.archive import write_archive
from framework.formats.errors import FormatError, SignatureError
from framework.formats.signing import Signature, verify
from framework.formats.source import OpenSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import AndroidTools


def verified(data: bytes) -> Signature:
    return verify(OpenSource(io.BytesIO(data), "x.apk", len(data)))


def changed(apk: Path, entry: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The APK with the content of one entry changed, or the entry removed or added."""
    with zipfile.ZipFile(apk) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    content = change(entries.pop(entry, b""))
    return write_archive(entries if content is None else {**entries, entry: content})


@pytest.fixture(scope="module")
def signed(foreign_apk: Path, android_tools: AndroidTools) -> Path:
    return android_tools.sign(foreign_apk, "rsa", (1,))


def test_an_unsigned_apk_is_a_signature_error() -> None:
    """Neither a block nor a signed JAR."""
    with pytest.raises(SignatureError, match="the APK is not signed"):
        verified(write_archive({"AndroidManifest.xml": b""}))


def test_a_signature_block_that_is_no_pkcs7_is_a_signature_error() -> None:
    """Garbage in the place of the block."""
    for garbage in (b"", b"garbage", b"\x30\x03\x02\x01\x05", b"\x30\x80\x00\x00"):
        entries = {"META-INF/MANIFEST.MF": b"", "META-INF/A.SF": b"", "META-INF/A.RSA": garbage}
        with pytest.raises(SignatureError, match="cannot be read"):
            verified(write_archive(entries))


def test_a_missing_signature_block_is_a_signature_error() -> None:
    """A signature file alone proves nothing."""
    with pytest.raises(SignatureError, match="its signature block is missing"):
        verified(write_archive({"META-INF/MANIFEST.MF": b"", "META-INF/A.SF": b""}))


@pytest.mark.foreign
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_apksigners_jar_signature_is_verified(
    foreign_apk: Path, android_tools: AndroidTools, kind: Literal["rsa", "ec"]
) -> None:
    """An APK with only a v1 signature is read, and its signer is whom apksigner names."""
    signed = android_tools.sign(foreign_apk, kind, (1,))
    info = read_apk(signed)
    assert info.package == "org.example.foreign"
    assert info.signature == Signature(1, tuple(android_tools.certificates(signed, min_sdk=21)))


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("entry", "change", "what"),
    [
        ("resources.arsc", lambda data: data[:-1] + b"x", "resources.arsc is not what was signed"),
        ("added", lambda _: b"x", "added is not what was signed"),
        ("META-INF/MANIFEST.MF", lambda data: data + b"\r\n", "manifest is not what was signed"),
        ("META-INF/KEY.SF", lambda data: data + b"\r\n", "the signature "),
        ("META-INF/KEY.RSA", lambda _: None, "signature block is missing"),
        ("META-INF/KEY.RSA", lambda data: data[:-1] + bytes([data[-1] ^ 1]), "signature does not match"),
        ("META-INF/KEY.RSA", lambda data: data[:-9], "cannot be read"),
    ],
)
def test_each_change_is_noticed(signed: Path, entry: str, change: Callable[[bytes], bytes | None], what: str) -> None:
    """Content, manifest, signature file and signature block each prove the one before."""
    with pytest.raises(FormatError, match=what):
        verified(changed(signed, entry, change))


@pytest.mark.foreign
def test_a_jar_signature_alone_is_not_enough_for_newer_targets(android_tools: AndroidTools) -> None:
    """From target SDK 30 on, Android wants v2: so do we."""
    newer = android_tools.link("newer.apk", target_sdk=30)
    with pytest.raises(SignatureError, match="target SDK 30 needs a v2 signature"):
        read_apk(android_tools.sign(newer, "rsa", (1,)))
    assert read_apk(android_tools.sign(newer, "rsa", (2,))).target_sdk == 30


@pytest.mark.foreign
def test_the_repacked_jar_itself_is_good(signed: Path) -> None:
    """What the changed copies are made from verifies: the changes are what is noticed."""
    assert verified(changed(signed, "resources.arsc", lambda data: data)).scheme == 1


@pytest.mark.foreign
def test_a_stripped_v2_signature_is_noticed(foreign_apk: Path, android_tools: AndroidTools) -> None:
    """Who takes the signing block away is found out by what the JAR signature says."""
    both = android_tools.sign(foreign_apk, "rsa", (1, 2))
    with pytest.raises(SignatureError, match="signed with v2 or v3 too"):
        verified(changed(both, "resources.arsc", lambda data: data))
