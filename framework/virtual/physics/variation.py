"""Seeded variation: the same seed and question give the same number, in whatever order they are asked."""

from __future__ import annotations

from hashlib import blake2b


def uniform(*keys: object) -> float:
    """A number in [0, 1) that depends on nothing but `keys`."""
    digest = blake2b(repr(keys).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def around(centre: float, spread: float, *keys: object) -> float:
    """A number within `spread` (a share) of `centre`, most often near it (the sum of two uniform ones)."""
    return centre * (1 + spread * (uniform(*keys, "a") + uniform(*keys, "b") - 1))
