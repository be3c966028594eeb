"""What the lock screen asks for: nothing, or a PIN, a password or a pattern (AOSP LockSettingsService.java)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import scrypt
from hmac import compare_digest
from secrets import token_bytes
from typing import Literal

Kind = Literal["pin", "password", "pattern"]

MIN_LENGTH = 4
"""LockPatternUtils.MIN_LOCK_PASSWORD_SIZE"""

_SCRYPT = {"n": 1 << 4, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class Credential:
    """Kept as Android keeps it: a salt, and what scrypt makes of it and the secret."""

    kind: Kind
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, kind: Kind, secret: str) -> Credential:
        salt = token_bytes(16)
        return cls(kind, salt, _digest(secret, salt))

    def matches(self, secret: str) -> bool:
        return compare_digest(self.digest, _digest(secret, self.salt))


def why_bad(kind: Kind, secret: str) -> str | None:
    """What PasswordMetrics says against a new secret; None when it will do."""
    if len(secret) < MIN_LENGTH:
        return "Too short"
    if kind == "pin" and not secret.isdecimal():
        return "Contains invalid characters"
    if kind == "pattern" and (set(secret) - set("123456789") or len(set(secret)) != len(secret)):
        return "Contains invalid characters"
    return None


def _digest(secret: str, salt: bytes) -> bytes:
    return scrypt(secret.encode(), salt=salt, **_SCRYPT, dklen=32)
