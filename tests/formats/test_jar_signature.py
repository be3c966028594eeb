"""APK Signature Scheme v1: signed JARs by apksigner."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from framework.formats.apk import read_apk
from framework.formats.archive import write_archive
from framework.formats.errors import FormatError, SignatureError
from framework.formats.signing import Signature, verify
from framework.formats.source import OpenSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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


MANIFEST_ENTRY, SIGNATURE_ENTRY, BLOCK_ENTRY = ("META-INF/MANIFEST.MF", "META-INF/A.SF", "META-INF/A.RSA")
KEYS: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ec": ec.generate_private_key(ec.SECP256R1()),
}
WITH_ATTRIBUTES: tuple[PKCS7Options, ...] = (PKCS7Options.DetachedSignature, PKCS7Options.Binary)
WITHOUT = (*WITH_ATTRIBUTES, PKCS7Options.NoAttributes)


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def jar(
    kind: str = "rsa",
    options: Sequence[PKCS7Options] = WITHOUT,
    *,
    header: str = "",
    hash_: hashes.SHA256 | hashes.SHA384 = hashes.SHA256(),  # noqa: B008
) -> dict[str, bytes]:
    """The entries of a signed JAR with one entry of content; its PKCS#7 block is made by OpenSSL."""
    name = "a/" + "long" * 20  # longer than the 72 bytes of a line
    section = f"Name: {name}\r\nSHA-256-Digest: {digest(b'content')}\r\n"
    manifest = f"Manifest-Version: 1.0\r\n\r\n{section[:70]}\r\n {section[70:]}\r\n".encode()
    signature_file = f"Signature-Version: 1.0\r\n{header}SHA-256-Digest-Manifest: {digest(manifest)}\r\n\r\n".encode()
    builder = PKCS7SignatureBuilder().set_data(signature_file).add_signer(certificate(kind), KEYS[kind], hash_)
    return {
        name: b"content",
        MANIFEST_ENTRY: manifest,
        SIGNATURE_ENTRY: signature_file,
        BLOCK_ENTRY: builder.sign(Encoding.DER, list(options)),
    }


def certificate(kind: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, kind)])
    times = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2074, 1, 1, tzinfo=UTC))
    builder = x509.CertificateBuilder(name, name, KEYS[kind].public_key(), 7, *times)
    return builder.sign(KEYS[kind], hashes.SHA256())


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("options", [WITHOUT, WITH_ATTRIBUTES])
@pytest.mark.parametrize("hash_", [hashes.SHA256(), hashes.SHA384()])
def test_blocks_of_openssl_are_verified(kind: str, options: Sequence[PKCS7Options], hash_: hashes.SHA256) -> None:
    """RSA and ECDSA, two hashes, with and without signed attributes."""
    signature = verified(write_archive(jar(kind, options, hash_=hash_)))
    (found,) = signature.certificates
    assert signature.scheme == 1
    assert len(found) == 64


@pytest.mark.parametrize("options", [WITHOUT, WITH_ATTRIBUTES])
def test_another_signature_file_than_the_signed_one_is_noticed(options: Sequence[PKCS7Options]) -> None:
    """Whether the block signs the file itself or attributes with its digest."""
    entries = jar(options=options)
    entries[SIGNATURE_ENTRY] += b"Added: yes\r\n"
    with pytest.raises(SignatureError, match=r"the signature is not that of this file|the signature does not match"):
        verified(write_archive(entries))


def test_another_signers_certificate_is_noticed() -> None:
    """The block of one file signed by another key, as large and as well-formed."""
    entries = jar() | {BLOCK_ENTRY: jar(header="Created-By: other\r\n")[BLOCK_ENTRY]}
    with pytest.raises(SignatureError, match="the signature does not match"):
        verified(write_archive(entries))


def test_every_truncation_of_the_block_is_a_signature_error() -> None:
    """Never another error, wherever it ends."""
    entries = jar()
    whole = entries[BLOCK_ENTRY]
    for length in range(0, len(whole), 7):
        with pytest.raises(SignatureError):
            verified(write_archive(entries | {BLOCK_ENTRY: whole[:length]}))


def test_a_jar_that_names_v2_needs_v2() -> None:
    """The mark against stripping, as every signer since Android 7 leaves it."""
    with pytest.raises(SignatureError, match="signed with v2 or v3 too"):
        verified(write_archive(jar(header="X-Android-APK-Signed: 2\r\n")))


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
