"""POSIX regular expressions."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.commands.context import CommandFault
from framework.virtual.commands.regex import compile_regex


@pytest.mark.parametrize(
    ("pattern", "extended", "text", "found"),
    [
        ("a.c", False, "xabcx", "abc"),
        ("a+", False, "aa+", "a+"),
        ("a\\+", False, "aa+", "aa"),
        ("a+", True, "aa+", "aa"),
        ("\\(ab\\)*", False, "ababx", "abab"),
        ("(a|b)+", True, "xabbax", "abba"),
        ("a\\{2\\}", False, "aaa", "aa"),
        ("a{2,3}", True, "aaaa", "aaa"),
        ("a{x", True, "a{x", "a{x"),
        ("^a", False, "ab", "a"),
        ("a$", False, "ba", "a"),
        ("a^b$c", False, "a^b$c", "a^b$c"),
        ("*a", False, "*a", "*a"),
        ("[[:digit:]]*x", False, "12x", "12x"),
        ("[]a]", False, "]", "]"),
        ("[^a]", False, "ab", "b"),
        ("\\<b\\>", False, "ab b", "b"),
        ("\\(.\\)\\1", False, "abb", "bb"),
        ("a\\|b", False, "b", "b"),
    ],
)
def test_basic_and_extended(pattern: str, extended: bool, text: str, found: str) -> None:
    """What is special alone in one is special behind a backslash in the other."""
    match = compile_regex(pattern, extended=extended).search(text.encode())
    assert match is not None
    assert match[0].decode() == found


@given(text=st.text(min_size=1, max_size=8))
def test_a_fixed_string_matches_itself(text: str) -> None:
    """With -F nothing is special."""
    assert compile_regex(text, fixed=True).fullmatch(text.encode())


@given(pattern=st.text("ab[]()*+?{}|\\^$.1,", max_size=10), extended=st.booleans())
def test_any_pattern_compiles_or_is_refused(pattern: str, extended: bool) -> None:
    """No pattern fails otherwise than with a CommandFault."""
    with contextlib.suppress(CommandFault):
        assert compile_regex(pattern, extended=extended).flags == 0
