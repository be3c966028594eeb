"""`/proc/meminfo`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.proc_meminfo import MemInfo, parse


def test_without_a_total_there_is_no_record() -> None:
    """An empty file or a refusal is no memory of size 0."""
    assert parse("cat: /proc/meminfo: Permission denied\n") is None


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, the parser answers."""
    assert parse(text) is None or "MemTotal" in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chkbugreport__miui1_nexusone", MemInfo(415248, 200396, None, 58000, 0, 0)),
        ("xcrash__pixel_anr_arm64-v8a", MemInfo(3855796, 79864, 1446776, 1465252, 524284, 271348)),
        ("xcrash__pixel_native_arm64-v8a", MemInfo(3855796, 55520, 1413296, 1456540, 524284, 271428)),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, expected: MemInfo) -> None:
    """The true values of real captures; an old kernel tells no available memory."""
    assert parse(capture(f"proc_meminfo/{name}.txt")) == expected
