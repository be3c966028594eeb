"""Lines and numbers of dumps."""

from __future__ import annotations

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, amounts, numbered, size_kb, whole


def test_line_ends_of_every_adb_are_taken() -> None:
    """LF, CRLF and the CRCRLF of old adb; blank lines count but are left out."""
    assert numbered("a \n\r\n b\r\nc\r\r\nd") == [(1, "a"), (3, " b"), (4, "c"), (5, "d")]


def test_only_line_feeds_end_a_line() -> None:
    """Names may hold what Unicode calls a line separator."""
    assert numbered("a\u2028b\x0bc\n") == [(1, "a\u2028b\x0bc")]


@pytest.mark.parametrize(("text", "line"), [("", 1), ("\n\n", 1), ("a", 2), ("a\n\nb\n\n", 4)])
def test_what_is_missing_would_stand_after_the_last_line(text: str, line: int) -> None:
    """Blank lines at the end do not count."""
    assert after_last(text) == line


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "٣", "1" * 21, "1 kB"])
def test_whole_numbers_are_strict(text: str) -> None:
    """Neither signs nor fractions, digits of other scripts, numbers beyond 64 bits or a unit that was not asked for."""
    with pytest.raises(DumpError, match="k: line 7: expected n as a whole number"):
        whole("k", 7, "n", text)


def test_a_unit_must_follow() -> None:
    """However many blanks stand before it."""
    assert whole("k", 1, "n", "\t  12 kB", "kB") == 12


@pytest.mark.parametrize(
    ("text", "kb"), [("0", 0), ("1072K", 1072), ("4.6M", 4710), ("10G", 10485760), ("1T", 1073741824), ("2048B", 2)]
)
def test_sizes_are_in_kb(text: str, kb: int) -> None:
    """As exact as they were printed."""
    assert size_kb("k", 1, "n", text) == kb


def test_unknown_fields_are_passed_over() -> None:
    """Vendors add lines."""
    assert amounts("k", "Vendor: 7\nA: 1\nno colon\n", {"A": "a"}) == {"a": 1}
