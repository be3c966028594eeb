"""Keys of computers as adbd keeps them: one a line, base64 of an RSA public key, a space, `user@host`.

The binary form is AOSP system/core/libcrypto_utils/android_pubkey.cpp: 64 words of modulus with the parameters of
Montgomery's multiplication, all little-endian.
"""

from __future__ import annotations

import binascii
import hashlib
import struct
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN_BYTES = 20
"""As long as a SHA-1 digest, which the token stands for."""

_MODULUS_WORDS = 64
_KEY = struct.Struct(f"<2I{4 * _MODULUS_WORDS}s{4 * _MODULUS_WORDS}sI")
"""Words of the modulus, a Montgomery parameter, modulus, another parameter, exponent."""
_EXPONENTS = (3, 65537)


@dataclass(frozen=True, slots=True)
class ComputerKey:
    """An RSA-2048 public key; `line` is how the computer told it and the handset remembers it."""

    line: str
    modulus: int
    exponent: int

    @property
    def name(self) -> str:
        """What the computer calls itself: `user@host`, or nothing."""
        return " ".join(self.line.split()[1:])

    @property
    def fingerprint(self) -> str:
        """As the dialog on the screen shows it: MD5 in hex, with colons (AdbDebuggingManager.getFingerprints)."""
        digest = hashlib.md5(b64decode(self.line.split()[0]), usedforsecurity=False)
        return digest.digest().hex(":").upper()

    def signed(self, token: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's, PKCS#1 v1.5 with SHA-1, over the token as the digest."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

        try:
            key = RSAPublicNumbers(self.exponent, self.modulus).public_key()
            key.verify(signature, token, PKCS1v15(), Prehashed(hashes.SHA1()))  # noqa: S303  # what adb signs with
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(line: bytes) -> ComputerKey | None:
    """The key in one line, up to its NUL; None for what is none."""
    text = line.split(b"\0")[0].decode(errors="replace").strip()
    try:
        raw = b64decode(text.split()[0], validate=True)
        words, _, modulus, _, exponent = _KEY.unpack(raw)
    except (IndexError, ValueError, binascii.Error, struct.error):
        return None
    number = int.from_bytes(modulus, "little")
    if words != _MODULUS_WORDS or exponent not in _EXPONENTS or number.bit_length() != 32 * _MODULUS_WORDS:
        return None
    return ComputerKey(" ".join(text.split()), number, exponent)


def read_keys(content: bytes) -> Iterator[ComputerKey]:
    """The keys of an `adb_keys` file; lines that hold none are passed over."""
    return (key for line in content.splitlines() if (key := read_key(line)) is not None)
