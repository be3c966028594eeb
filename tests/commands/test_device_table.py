"""The table of `farm devices`: what it shows, and what it leaves out where there is no room."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.commands.device_rows import Row
from framework.commands.device_table import COLUMNS, LONGEST, table
from framework.report.terminal import width

ROWS = [
    Row(
        "mix-fold-3",
        "virtual",
        "leased",
        model="Xiaomi MIX Fold 3",
        android="14",
        system="HyperOS 1.0.9.0",
        battery=81.4,
        charging=True,
        battery_c=30.2,
        skin_c=33.6,
        free_gb=412.6,
        build="edge 1.4",
        holder="leased by jin@lab since 2026-11-29 00:00:00 UTC for pytest",
    ),
    Row("rack-7", "tcp", "offline", detail="device offline", mend="plug it in again"),
    Row("old", "usb", "free", battery=7.0, battery_c=25.0, free_gb=0.44),
]
COLOUR = re.compile(r"\x1b\[\d+m")


def plain(columns: int | None, rows: list[Row] = ROWS) -> list[str]:
    return [COLOUR.sub("", line) for line in table(rows, columns)]


def test_a_pipe_gets_all_of_it() -> None:
    """Plain, with every column, one line a handset, and what people must know in lines of their own."""
    assert table(ROWS, None) == [
        "NAME        KIND     STATE    MODEL              ANDROID  SYSTEM           BATTERY  HEAT   FREE    BUILD",
        "mix-fold-3  virtual  leased   Xiaomi MIX Fold 3  14       HyperOS 1.0.9.0  81 % +   34 °C  413 GB  edge 1.4",
        "rack-7      tcp      offline",
        "old         usb      free                                                  7 %      25 °C  0.4 GB",
        "mix-fold-3: leased by jin@lab since 2026-11-29 00:00:00 UTC for pytest",
        "rack-7: device offline; plug it in again",
    ]


@pytest.mark.parametrize(
    ("columns", "heading"),
    [
        (120, "NAME KIND STATE MODEL ANDROID SYSTEM BATTERY HEAT FREE BUILD"),
        (100, "NAME KIND STATE MODEL ANDROID BATTERY HEAT FREE BUILD"),
        (80, "NAME STATE MODEL BATTERY HEAT FREE BUILD"),
        (40, "NAME STATE BATTERY HEAT"),
    ],
)
def test_a_terminal_gets_what_fits(columns: int, heading: str) -> None:
    """No line is wider; the least telling columns go first."""
    lines = plain(columns)
    assert lines[0].split() == heading.split()
    assert max(map(width, lines)) <= columns


@given(st.text(max_size=60), st.text(max_size=60), st.integers(60, 200))
def test_whatever_a_handset_calls_itself(model: str, build: str, columns: int) -> None:
    """Nothing that a handset says breaks a line, moves the cursor or makes the table wider than the terminal."""
    lines = plain(columns, [Row("a", "tcp", "free", model=model, build=build)])
    assert len(lines) == 2
    assert max(map(width, lines)) <= columns
    assert all(letter.isprintable() for line in lines for letter in line)


def test_long_names_are_cut_at_a_terminal() -> None:
    """And only there: a script sees them whole."""
    row = Row("x" * 60, "tcp", "free")
    assert plain(80, [row])[1].split()[0] == "x" * (LONGEST - 1) + "…"
    assert plain(None, [row])[1].split()[0] == "x" * 60


def test_every_column_is_a_known_one() -> None:
    """What is left out in a narrow terminal is spelled as its heading is."""
    from framework.commands.device_table import LEFT_OUT

    assert set(LEFT_OUT) < {title for title, _ in COLUMNS}
