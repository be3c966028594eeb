"""Dates of date and touch."""

from __future__ import annotations

import pytest

from framework.virtual.commands.context import CommandFault
from framework.virtual.commands.dates import format_date, parse_date

NOW = 1_700_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("@5", 5),
        ("2020-01-02 03:04:05", 1577934245),
        ("2020-01-02T03:04:05", 1577934245),
        ("2020-01-02", 1577923200),
        ("202001020304.05", 1577934245),
        ("01020304", 1672628640),
    ],
)
def test_dates_are_read(text: str, seconds: int) -> None:
    """Seconds, ISO, and touch's digits, whose year is this one."""
    assert parse_date(text, NOW) == seconds


@pytest.mark.parametrize("text", ["", "tomorrow", "2020-13-01", "99999999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """As a fault of the command line."""
    with pytest.raises(CommandFault):
        parse_date(text, NOW)


def test_nanoseconds_are_shown_to_the_digits_asked_for() -> None:
    """%N has nine digits, %3N three; %s and %% as ever."""
    assert format_date("%s.%N %3N %% %Y", 1_577_934_245_012_345_678) == "1577934245.012345678 012 % 2020"
