"""APK Signature Scheme v2 and v3."""

from __future__ import annotations

import hashlib
import io
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from framework.formats.archive import write_archive
from framework.formats.block_signature import V2, sign_v2, verify_block
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.formats.errors import FormatError, SignatureError
from framework.formats.signing import Signature, verify
from framework.formats.signing_block import content_digest, pack_block, read_layout
from framework.formats.source import OpenSource, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import AndroidTools, Schemes

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey
KEY = demonstration_key()
CERTIFICATE = demonstration_certificate(KEY)
UNSIGNED = write_archive({"a": b"content"})
SIGNED = sign_v2(UNSIGNED, KEY, CERTIFICATE)


def source(data: bytes) -> OpenSource:
    return OpenSource(io.BytesIO(data), "x.apk", len(data))


def verified(data: bytes) -> tuple[str, ...]:
    opened = source(data)
    return verify_block(opened, read_layout(opened), V2)


def with_v2(block: bytes) -> bytes:
    """The unsigned APK with these bytes as its v2 block."""
    layout = read_layout(source(UNSIGNED))
    packed = pack_block({V2: block})
    end = bytearray(UNSIGNED[layout.end :])
    end[16:20] = struct.pack("<I", layout.directory + len(packed))
    return UNSIGNED[: layout.directory] + packed + UNSIGNED[layout.directory : layout.end] + bytes(end)


def test_what_we_sign_we_verify() -> None:
    """The certificate of the signer comes out."""
    assert verified(SIGNED) == (hashlib.sha256(CERTIFICATE.public_bytes(Encoding.DER)).hexdigest(),)


def test_another_key_than_the_certificates_is_found() -> None:
    """A signature that holds, but whose certificate is somebody else's."""
    other = rsa.generate_private_key(65537, 2048)
    with pytest.raises(SignatureError, match="certificate is not that of the signing key"):
        verified(sign_v2(UNSIGNED, other, CERTIFICATE))


def test_changed_content_is_found() -> None:
    """One byte of an entry."""
    with pytest.raises(SignatureError, match="content is not what was signed"):
        verified(SIGNED.replace(b"content", b"CONTENT"))


def test_changed_signed_data_is_found() -> None:
    """A digest that was adapted to other content no longer matches the signature."""
    changed = SIGNED.replace(b"content", b"CONTENT")
    digests = [read_layout(source(data)) for data in (UNSIGNED, UNSIGNED.replace(b"content", b"CONTENT"))]
    assert digests[0].directory == digests[1].directory
    block = read_layout(source(SIGNED)).blocks[V2].data
    forged = with_v2(block.replace(_digest(UNSIGNED), _digest(UNSIGNED.replace(b"content", b"CONTENT"))))
    assert changed != forged
    with pytest.raises(SignatureError, match="does not match the signed data"):
        verified(forged)


def _digest(apk: bytes, algorithm: str = "sha256") -> bytes:
    return content_digest(source(apk), read_layout(source(apk)), algorithm)


def sized(*parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack("<I", len(data)) + data


def signer(
    algorithm: int, key: PrivateKey, sign: Callable[[bytes], bytes], *, certificates: Sequence[bytes], named: int = 0
) -> bytes:
    """A v2 block with one signer; `named` is another algorithm that the digest claims to be of."""
    digest = _digest(UNSIGNED, "sha512" if algorithm in (0x102, 0x104, 0x202) else "sha256")
    signed = (
        sized(sized(struct.pack("<I", named or algorithm), sized(digest)))
        + sized(*(sized(each) for each in certificates))
        + sized()
    )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signatures = sized(sized(struct.pack("<I", algorithm), sized(sign(signed))))
    return with_v2(sized(sized(sized(signed), signatures, sized(public))))


RSA, EC, DSA = KEY, ec.generate_private_key(ec.SECP256R1()), dsa.generate_private_key(2048)
SHA256, SHA512 = hashes.SHA256(), hashes.SHA512()


def pss(hash_: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(hash_), hash_.digest_size)


SIGNERS: dict[int, tuple[PrivateKey, Callable[[bytes], bytes]]] = {
    0x101: (RSA, lambda data: RSA.sign(data, pss(SHA256), SHA256)),
    0x102: (RSA, lambda data: RSA.sign(data, pss(SHA512), SHA512)),
    0x103: (RSA, lambda data: RSA.sign(data, padding.PKCS1v15(), SHA256)),
    0x104: (RSA, lambda data: RSA.sign(data, padding.PKCS1v15(), SHA512)),
    0x201: (EC, lambda data: EC.sign(data, ec.ECDSA(SHA256))),
    0x202: (EC, lambda data: EC.sign(data, ec.ECDSA(SHA512))),
    0x301: (DSA, lambda data: DSA.sign(data, SHA256)),
}


def self_signed(key: PrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "any")])
    times = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2074, 1, 1, tzinfo=UTC))
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, *times)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", SIGNERS, ids=hex)
def test_every_algorithm_of_the_specification_is_verified(algorithm: int) -> None:
    """RSA with both paddings, ECDSA and DSA: the right signature is taken, one of other data is not."""
    key, sign = SIGNERS[algorithm]
    mine = self_signed(key)
    assert verified(signer(algorithm, key, sign, certificates=[mine])) == (hashlib.sha256(mine).hexdigest(),)
    with pytest.raises(SignatureError, match="does not match the signed data"):
        verified(signer(algorithm, key, lambda data: sign(data + b"x"), certificates=[mine]))


def test_a_key_of_another_kind_than_the_algorithm_is_no_signature() -> None:
    """An RSA algorithm over an elliptic key proves nothing."""
    with pytest.raises(SignatureError, match="does not match the signed data"):
        verified(signer(0x103, EC, SIGNERS[0x201][1], certificates=[self_signed(EC)]))


@pytest.mark.parametrize(
    ("certificates", "named", "what"),
    [
        ([], 0, "without a certificate"),
        ([b"garbage"], 0, "certificate that cannot be read"),
        ([self_signed(RSA)], 0x101, "of different algorithms"),
    ],
)
def test_a_signer_that_contradicts_itself_is_refused(certificates: list[bytes], named: int, what: str) -> None:
    """Though its signature holds."""
    with pytest.raises(SignatureError, match=what):
        verified(signer(0x103, *SIGNERS[0x103], certificates=certificates, named=named))


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (b"", "bytes wanted"),
        (sized(), "without a signer"),
        (sized(sized(sized(), sized(), sized())), "no signature of a known algorithm: none"),
        (
            sized(sized(sized(), sized(sized(struct.pack("<I", 0x421), sized(b"x"))), sized())),
            "no signature of a known algorithm: 0x0421",
        ),
        (
            sized(sized(sized(), sized(sized(struct.pack("<I", 0x103), sized(b"x"))), sized(b"no key"))),
            "public key that cannot be read",
        ),
        (struct.pack("<I", 1 << 31), "bytes wanted"),
    ],
)
def test_a_damaged_block_is_a_format_error(block: bytes, what: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(FormatError, match=what):
        verified(with_v2(block))


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("kind", "schemes", "counts"),
    [("rsa", (2,), 2), ("ec", (2, 3), 3), ("rsa", (1, 2), 2)],
)
def test_signatures_of_apksigner_are_verified(
    foreign_apk: Path, android_tools: AndroidTools, kind: Literal["rsa", "ec"], schemes: Schemes, counts: int
) -> None:
    """RSA and ECDSA, v2 and v3: the highest scheme counts, and its signer is whom apksigner names."""
    signed = android_tools.sign(foreign_apk, kind, schemes)
    with open_source(signed) as opened:
        signature = verify(opened)
    assert signature == Signature(counts, tuple(android_tools.certificates(signed, min_sdk=29)))


@pytest.mark.foreign
def test_a_stripped_v3_signature_is_noticed(foreign_apk: Path, android_tools: AndroidTools) -> None:
    """Who takes the v3 block away is found out by what v2 has signed."""
    data = android_tools.sign(foreign_apk, "rsa", (2, 3)).read_bytes()
    stripped = data.replace(struct.pack("<I", 0xF05368C0), struct.pack("<I", 0x12345678))
    with pytest.raises(SignatureError, match="signed with v3 too"):
        verify(source(stripped))
