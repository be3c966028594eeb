"""`/proc/uptime` and `uptime`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.uptime import Uptime, parse

LOAD = "load average: 0.10, 0.20, 10.30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("350735.47 234388.90\r\n", Uptime(up_s=350735.47, idle_s=234388.90)),
        (
            f" 01:02:03 up 5 min,  1 user,  {LOAD}\n",
            Uptime(300.0, clock="01:02:03", users=1, load_1m=0.1, load_5m=0.2, load_15m=10.3),
        ),
        (
            f" 01:02:03 up  2:07,  0 users,  {LOAD}\n",
            Uptime(7620.0, clock="01:02:03", users=0, load_1m=0.1, load_5m=0.2, load_15m=10.3),
        ),
        (
            f" 01:02:03 up 3 days,  2:07,  {LOAD}\n",
            Uptime(266820.0, clock="01:02:03", load_1m=0.1, load_5m=0.2, load_15m=10.3),
        ),
        (
            "up time: 1 days, 00:01:01, idle time: 00:00:02, sleep time: 00:00:03\n",
            Uptime(up_s=86461.0, idle_s=2.0, sleep_s=3.0),
        ),
    ],
)
def test_each_form_is_read(text: str, expected: Uptime) -> None:
    """The file, toybox with minutes, hours and days, and the old toolbox."""
    assert parse(text) == expected


@pytest.mark.parametrize(("text", "line"), [("", 1), ("uptime: not found\n", 2), ("12.5", 2), ("1e3 2e3", 2)])
def test_what_is_no_uptime_is_refused(text: str, line: int) -> None:
    """A cut line is no uptime."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("uptime", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """The true values of the capture."""
    expected = Uptime(1980.0, clock="21:26:37", users=0, load_1m=2.42, load_5m=2.24, load_15m=2.02)
    assert parse(capture("uptime/stephen_blog__pixel5_uptime.txt")) == expected
