"""TLS on an ADB connection, without input and output, as adbd speaks it on its wireless debugging port (adb's tls/).

The certificate proves nothing, as in adb; nor is the client's asked for: every computer counts as paired.
"""

from __future__ import annotations

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from framework.virtual.adb.packet import TLS_VERSION, Command, Packet, encode

_PIECE = 65536

AGREED = encode(Packet(Command.STLS, TLS_VERSION, 0))
"""How a client agrees to TLS."""


def begins_with_hello(data: bytes) -> bool:
    """A TLS record with a handshake in it."""
    return data[:2] == b"\x16\x03"


class Tls:
    """The handset's end: ciphertext in, plaintext out, and the other way. ssl.SSLError ends the connection.

    `early`: the client began before it agreed. adb writes its STLS in one thread and its ClientHello in another, which
    is sometimes faster (transport.cpp, adb_auth.cpp); a phone drops that connection, and somebody connects again.
    """

    def __init__(self, *, early: bool = False) -> None:
        self._late = AGREED if early else b""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ends = _context().wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.shaken = False
        """Whether the handshake is over."""

    def receive(self, data: bytes) -> bytes:
        """What the peer said in the clear; `data_to_send` may have something after it."""
        if self._late and self._late in data:
            data, self._late = data.replace(self._late, b"", 1), b""
        self._incoming.write(data)
        pieces = []
        try:
            if not self.shaken:
                self._ends.do_handshake()
                self.shaken = True
            while piece := self._ends.read(_PIECE):
                pieces.append(piece)
        except ssl.SSLWantReadError:
            pass
        return b"".join(pieces)

    def seal(self, data: bytes) -> bytes:
        """The ciphertext of `data`, and what was left to send before it."""
        self._ends.write(data)
        return self.data_to_send()

    def data_to_send(self) -> bytes:
        return self._outgoing.read()


@cache
def _context() -> ssl.SSLContext:
    """TLS 1.3 and no other, with a certificate of this process."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tempfile.TemporaryDirectory(prefix="pocketfarm-tls-") as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(_certificate())
        context.load_cert_chain(path)
    return context


def _certificate() -> bytes:
    """A key and its certificate, PEM: of no authority, for ten years, as adb makes them (crypto/x509_generator.cpp)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "US"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Android")]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
