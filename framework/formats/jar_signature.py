"""APK Signature Scheme v1: a signed JAR (MANIFEST.MF, *.SF and a PKCS#7 block), as AOSP's libcore verifies it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from framework.formats import der
from framework.formats.archive import Archive
from framework.formats.errors import SignatureError

if TYPE_CHECKING:
    from framework.formats.der import Node

_MANIFEST: Final = "META-INF/MANIFEST.MF"
_UNSIGNED_ENTRY: Final = re.compile(r"META-INF/(MANIFEST\.MF|SIG-[^/]*|[^/]*\.(SF|RSA|DSA|EC))", re.IGNORECASE)
_SIGNATURE_FILE: Final = re.compile(r"META-INF/[^/]*\.SF", re.IGNORECASE)
_DIGESTS: Final = (("SHA-512", "sha512"), ("SHA-384", "sha384"), ("SHA-256", "sha256"), ("SHA1", "sha1"))
_HASH_BY_OID: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "2b0e03021a": hashes.SHA1(),  # noqa: S303  what old APKs are signed with; Android takes it too
    "608648016503040201": hashes.SHA256(),
    "608648016503040202": hashes.SHA384(),
    "608648016503040203": hashes.SHA512(),
}
_MESSAGE_DIGEST_OID: Final = "2a864886f70d010904"
_MULTIPLE_SCHEMES: Final = re.compile(rb"^X-Android-APK-Signed: *([0-9, ]+)", re.MULTILINE)


def verify_jar(archive: Archive) -> tuple[str, ...]:
    """The certificate sha256 of each v1 signer, once the whole content proves to be signed; else SignatureError."""
    signature_files = sorted(entry for entry in archive.names if _SIGNATURE_FILE.fullmatch(entry))
    if _MANIFEST not in archive.names or not signature_files:
        raise SignatureError(archive.name, 0, "the APK is not signed")
    manifest = archive.read(_MANIFEST)
    signers = tuple(_Signer(archive, entry).verified(manifest) for entry in signature_files)
    _check_entries(archive, manifest)
    return signers


@dataclass(frozen=True, slots=True)
class _Signer:
    archive: Archive
    entry: str

    def verified(self, manifest: bytes) -> str:
        signature_file = self.archive.read(self.entry)
        try:
            certificate = self._check_signature(signature_file)
        except SignatureError:
            raise
        except (ValueError, IndexError, UnsupportedAlgorithm) as error:
            raise self._error(f"a signature block that cannot be read: {error}") from error
        header = _attributes(_sections(signature_file)[0])
        if not _digest_matches(header, "-Digest-Manifest", manifest):
            raise self._error("the manifest is not what was signed")
        schemes = _MULTIPLE_SCHEMES.search(signature_file)
        if schemes and re.search(rb"\b[23]\b", schemes[1]):
            raise self._error("it was signed with v2 or v3 too, but that signature is gone")
        return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()

    def _check_signature(self, signature_file: bytes) -> x509.Certificate:
        block = self._block()
        signer_infos = der.read_der(block, self.archive.name).children()[1].children()[0].children()[-1]
        info = signer_infos.children()[0].children()
        certificate = self._certificate(block, info[1])
        algorithm = _HASH_BY_OID.get(info[2].children()[0].content.hex())
        if algorithm is None:
            raise self._error("an unknown digest algorithm")
        signed, signature = signature_file, info[4].content
        if info[3].tag == der.CONTEXT_0:
            signed, signature = self._attributes(info[3], signature_file, algorithm), info[5].content
        if not _is_signed(certificate, signature, signed, algorithm):
            raise self._error("the signature does not match")
        return certificate

    def _block(self) -> bytes:
        stem = self.entry[: -len("SF")]
        for extension in ("RSA", "DSA", "EC"):
            if stem + extension in self.archive.names:
                return self.archive.read(stem + extension)
        raise self._error("its signature block is missing")

    def _certificate(self, block: bytes, issuer_and_serial: Node) -> x509.Certificate:
        issuer, serial = issuer_and_serial.children()
        for certificate in pkcs7.load_der_pkcs7_certificates(block):
            number = int.from_bytes(serial.content, "big", signed=True)
            if certificate.issuer.public_bytes() == issuer.raw and certificate.serial_number == number:
                return certificate
        raise self._error("the signer's certificate is missing")

    def _attributes(self, attributes: Node, signature_file: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
        """The signed attributes as they were signed, once their digest proves to be that of the file."""
        digest = hashlib.new(algorithm.name, signature_file).digest()
        for attribute in attributes.children():
            key, values = attribute.children()
            if key.content.hex() == _MESSAGE_DIGEST_OID and values.children()[0].content == digest:
                return bytes([der.SET]) + attributes.raw[1:]
        raise self._error("the signature is not that of this file")

    def _error(self, what: str) -> SignatureError:
        return SignatureError(self.archive.name, 0, f"{self.entry}: {what}")


def _is_signed(certificate: x509.Certificate, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(algorithm))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(signature, data, algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _check_entries(archive: Archive, manifest: bytes) -> None:
    signed = {section["Name"]: section for section in map(_attributes, _sections(manifest)[1:]) if "Name" in section}
    for entry in archive.names:
        if entry.endswith("/") or _UNSIGNED_ENTRY.fullmatch(entry):
            continue
        section = signed.get(entry)
        if section is None or not _digest_matches(section, "-Digest", archive.read(entry)):
            raise SignatureError(archive.name, 0, f"{entry} is not what was signed")


def _digest_matches(attributes: Mapping[str, str], suffix: str, data: bytes) -> bool:
    """Whether the strongest digest that is given is that of `data`."""
    for label, algorithm in _DIGESTS:
        if (text := attributes.get(label + suffix)) is not None:
            return base64.b64encode(hashlib.new(algorithm, data).digest()).decode() == text
    return False


def _sections(manifest: bytes) -> list[str]:
    text = manifest.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n ", "").split("\n\n")


def _attributes(section: str) -> dict[str, str]:
    return dict(_pairs(section))


def _pairs(section: str) -> Iterator[tuple[str, str]]:
    for line in section.splitlines():
        key, separator, value = line.partition(": ")
        if separator:
            yield key, value
