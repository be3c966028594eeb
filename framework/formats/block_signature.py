"""APK Signature Scheme v2 and v3: verifying both, signing v2.

Formats: source.android.com/docs/security/features/apksigning/v2 and …/v3.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from framework.formats.errors import SignatureError
from framework.formats.signing_block import ApkLayout, content_digest, pack_block, read_layout
from framework.formats.source import OpenSource
from framework.formats.view import View

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

V2: Final = 0x7109871A
V3: Final = 0xF05368C0

_STRIPPING_PROTECTION: Final = 0xBEEFF00D
_RSA_PKCS1_SHA256: Final = 0x0103
_SHA256, _SHA512 = hashes.SHA256(), hashes.SHA512()


@dataclass(frozen=True, slots=True)
class _Algorithm:
    """A signature algorithm, and the hash of the content digest that goes with it."""

    id: int
    kind: str
    hash: hashes.HashAlgorithm

    def verify(self, key: PublicKeyTypes, signature: bytes, data: bytes) -> bool:
        try:
            return self._verify(key, signature, data)
        except InvalidSignature:
            return False

    def _verify(self, key: PublicKeyTypes, signature: bytes, data: bytes) -> bool:
        if isinstance(key, rsa.RSAPublicKey) and self.kind == "PSS":
            pss = padding.PSS(padding.MGF1(self.hash), self.hash.digest_size)
            key.verify(signature, data, pss, self.hash)
        elif isinstance(key, rsa.RSAPublicKey) and self.kind == "PKCS1":
            key.verify(signature, data, padding.PKCS1v15(), self.hash)
        elif isinstance(key, ec.EllipticCurvePublicKey) and self.kind == "ECDSA":
            key.verify(signature, data, ec.ECDSA(self.hash))
        elif isinstance(key, dsa.DSAPublicKey) and self.kind == "DSA":
            key.verify(signature, data, self.hash)
        else:
            return False
        return True


_ALGORITHMS: Final = (  # the strongest first, as Android chooses
    _Algorithm(0x0102, "PSS", _SHA512),
    _Algorithm(0x0104, "PKCS1", _SHA512),
    _Algorithm(0x0202, "ECDSA", _SHA512),
    _Algorithm(0x0101, "PSS", _SHA256),
    _Algorithm(_RSA_PKCS1_SHA256, "PKCS1", _SHA256),
    _Algorithm(0x0201, "ECDSA", _SHA256),
    _Algorithm(0x0301, "DSA", _SHA256),
)


def verify_block(source: OpenSource, layout: ApkLayout, block: int) -> tuple[str, ...]:
    """The certificate sha256 of each signer of `block`, once all have signed this content; else SignatureError."""
    signers = tuple(_Fields(layout.blocks[block]).field().fields())
    if not signers:
        raise SignatureError(source.name, layout.blocks[block].base, "a signature block without a signer")
    return tuple(_SignerCheck(source, layout, block).certificate(signer) for signer in signers)


def sign_v2(apk: bytes, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> bytes:
    """The unsigned APK with a v2 signature (RSA PKCS#1 v1.5, SHA-256): the same input gives the same bytes."""
    source = OpenSource(io.BytesIO(apk), "<apk>", len(apk))
    layout = read_layout(source)
    digest = content_digest(source, layout, _SHA256.name)
    signed = (
        _sized(_sized(struct.pack("<I", _RSA_PKCS1_SHA256) + _sized(digest)))
        + _sized(_sized(certificate.public_bytes(Encoding.DER)))
        + _sized(b"")
    )
    signature = key.sign(signed, padding.PKCS1v15(), _SHA256)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signatures = _sized(struct.pack("<I", _RSA_PKCS1_SHA256) + _sized(signature))
    block = pack_block({V2: _sized(_sized(_sized(signed) + _sized(signatures) + _sized(public)))})
    end = bytearray(apk[layout.end :])
    end[16:20] = struct.pack("<I", layout.directory + len(block))
    return apk[: layout.directory] + block + apk[layout.directory : layout.end] + bytes(end)


def _sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


class _Fields:
    """A run of fields, each behind its length."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._at = 0

    @property
    def data(self) -> bytes:
        return self.view.data

    def u32(self) -> int:
        self._at += 4
        return self.view.u32(self._at - 4)

    def field(self) -> _Fields:
        length = self.u32()
        start = self._at
        self._at += length
        return _Fields(View(self.view.name, self.view.take(start, length), self.view.base + start))

    def fields(self) -> Iterator[_Fields]:
        while self._at < len(self.data):
            yield self.field()

    def rest(self) -> bytes:
        return self.data[self._at :]

    def error(self, what: str) -> SignatureError:
        return SignatureError(self.view.name, self.view.base, what)


class _SignerCheck:
    def __init__(self, source: OpenSource, layout: ApkLayout, block: int) -> None:
        self._source, self._layout, self._block = source, layout, block

    def certificate(self, signer: _Fields) -> str:
        signed = signer.field()
        sdks = self._sdks(signer)
        signatures = dict(_numbered(signer.field().fields()))
        public = signer.field()
        algorithm = self._algorithm(signed, signatures)
        if not algorithm.verify(_public_key(public), signatures[algorithm.id], signed.data):
            raise signed.error("the signature does not match the signed data")
        digests = dict(_numbered(signed.field().fields()))
        certificates = [field.data for field in signed.field().fields()]
        if self._sdks(signed) != sdks:
            raise signed.error("the SDK range is not the signed one")
        if digests.keys() != signatures.keys():
            raise signed.error("digests and signatures are of different algorithms")
        self._check_attributes(signed)
        if digests[algorithm.id] != content_digest(self._source, self._layout, algorithm.hash.name):
            raise signed.error("the content is not what was signed")
        return self._check_certificate(certificates, public)

    def _sdks(self, fields: _Fields) -> tuple[int, int] | None:
        return (fields.u32(), fields.u32()) if self._block == V3 else None

    def _algorithm(self, signed: _Fields, signatures: dict[int, bytes]) -> _Algorithm:
        for algorithm in _ALGORITHMS:
            if algorithm.id in signatures:
                return algorithm
        names = ", ".join(f"{id_:#06x}" for id_ in signatures) or "none"
        raise signed.error(f"no signature of a known algorithm: {names}")

    def _check_attributes(self, signed: _Fields) -> None:
        for attribute in signed.field().fields():
            stripped = self._block == V2 and attribute.u32() == _STRIPPING_PROTECTION
            if stripped and int.from_bytes(attribute.rest(), "little") == 3 and V3 not in self._layout.blocks:
                raise attribute.error("it was signed with v3 too, but that signature is gone")

    def _check_certificate(self, certificates: list[bytes], public: _Fields) -> str:
        if not certificates:
            raise public.error("a signer without a certificate")
        try:
            key = x509.load_der_x509_certificate(certificates[0]).public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise public.error(f"a certificate that cannot be read: {error}") from error
        if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public.data:
            raise public.error("the certificate is not that of the signing key")
        return hashlib.sha256(certificates[0]).hexdigest()


def _numbered(fields: Iterable[_Fields]) -> Iterator[tuple[int, bytes]]:
    for field in fields:
        yield field.u32(), field.field().data


def _public_key(public: _Fields) -> PublicKeyTypes:
    try:
        return load_der_public_key(public.data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise public.error(f"a public key that cannot be read: {error}") from error
