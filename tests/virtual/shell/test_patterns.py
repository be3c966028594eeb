"""Patterns, and the files that match them."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.shell.patterns import Patterns, glob, quote
from framework.virtual.system.files import FileSystem
from framework.virtual.system.store import BlobStore


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("a*c", ["ac", "abc", "a\nc"], ["ab", "xac"]),
        ("?", ["a", "*"], ["", "ab"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
        ("[!a-c]", ["d", "-"], ["a"]),
        ("[[:digit:]_]", ["5", "_"], ["a"]),
        ("[]x]", ["]", "x"], ["["]),
        ("[a", ["[a"], ["a"]),
        ("\\*", ["*"], ["a"]),
        ("@(a|bc)", ["a", "bc"], ["b", ""]),
        ("*(ab)", ["", "abab"], ["aba"]),
        ("+([0-9])", ["1", "123"], ["", "1a"]),
        ("?(x)y", ["y", "xy"], ["xxy"]),
        ("!(a|b)", ["c", "ab", ""], ["a", "b"]),
        ("a.b", ["a.b"], ["axb"]),
        ("[z-a]", [], ["a", "z"]),
    ],
)
def test_patterns_match_the_whole_text(pattern: str, matching: list[str], others: list[str]) -> None:
    """mksh's pattern language."""
    patterns = Patterns()
    assert [patterns.matches(pattern, text) for text in matching + others] == [True] * len(matching) + [False] * len(
        others
    )


@given(text=st.text("ab*?[]\\()|!@+-{}~", max_size=8), other=st.text("ab*?[]\\", max_size=8))
def test_a_quoted_text_matches_itself_only(text: str, other: str) -> None:
    """`quote` takes the meaning from every character."""
    assert Patterns().matches(quote(text), text)
    assert Patterns().matches(quote(text), other) == (text == other)


@given(pattern=st.text("ab*?.", max_size=6), text=st.text("ab.", max_size=6))
def test_simple_patterns_are_pythons_fnmatch(pattern: str, text: str) -> None:
    """A second implementation agrees."""
    assert Patterns().matches(pattern, text) == fnmatch.fnmatchcase(text, pattern)


def test_a_script_with_many_patterns_forgets_old_ones() -> None:
    """The memory of compiled patterns is bounded and its answers stay right."""
    patterns = Patterns()
    assert all(patterns.matches(f"a{i}*", f"a{i}b") for i in range(1000))
    assert len(patterns._compiled) <= 256


def test_globs_are_sorted_and_leave_hidden_files_out() -> None:
    """Relative and absolute, across directories; nothing matching gives nothing."""
    with BlobStore() as store:
        files = FileSystem(store, lambda: 0)
        for name in ("b.txt", "a.txt", ".hidden.txt", "d/c.txt", "e/c.txt", "x"):
            files.mkdir(f"/w/{name.rpartition('/')[0]}", parents=True)
            files.write(f"/w/{name}", b"")
        wanted = ["*.txt", ".h*", "*/c.txt", "/w/[ab].txt", "d*/", "*.none", "*/*", "w"]
        found = [glob(files, "/w", pattern) for pattern in wanted]
    assert found == [
        ["a.txt", "b.txt"],
        [".hidden.txt"],
        ["d/c.txt", "e/c.txt"],
        ["/w/a.txt", "/w/b.txt"],
        ["d/"],
        [],
        ["d/c.txt", "e/c.txt"],
        [],
    ]
