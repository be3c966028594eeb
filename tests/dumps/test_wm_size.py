"""`wm size` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.wm_size import DisplaySize, Size, WmSizeDump, parse

DUMP = "Physical size: 1080x2400\r\nOverride size: 720x1600\r\n"


def test_an_override_stands_beside_the_physical_size() -> None:
    """Both are told when a size was set; line ends may be CRLF."""
    assert parse(DUMP) == WmSizeDump(Size(1080, 2400), Size(720, 1600), ())


def test_without_an_override_there_is_none() -> None:
    """The usual output has one line."""
    assert parse("Physical size: 1440x3120\n") == WmSizeDump(Size(1440, 3120), None, ())


@pytest.mark.parametrize("text", ["", "Error: no such display\n"])
def test_other_text_is_refused(text: str) -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected a line such as `Physical size"):
        parse(text)


@given(st.text(max_size=100), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise):
        assert read_or_refused("wm_size", text)


def test_the_panels_of_a_real_foldable(capture: Callable[[str], str]) -> None:
    """Inner and cover display of a MIX Fold 3."""
    dump = parse(capture("wm_size/vflow__mix_fold3_panels.txt"))
    assert (DisplaySize(0, 1916, 2160), DisplaySize(1, 1080, 2520)) == dump.displays
    assert dump.physical is None
