"""Identities in dumps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.tokens import token


@given(st.text(), st.integers())
def test_the_same_object_has_the_same_token(name: str, number: int) -> None:
    """At most seven hexadecimal digits."""
    assert token(name, number) == token(name, number)
    assert 0 <= int(token(name, number), 16) < 16**7


def test_different_objects_differ() -> None:
    """As far as 28 bits go."""
    assert len({token("window", number) for number in range(200)}) == 200
