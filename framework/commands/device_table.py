"""The table of `farm devices`: what fits the terminal, and under it, in lines of their own, what people must know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from framework.commands.device_rows import ASKING, FREE, HELD, LEASED, ON_DEMAND, USABLE, Row
from framework.report.terminal import DIM, RESET, clean, fitted, width, wrapped

Cell = Callable[[Row], str]
GAP, LONGEST = "  ", 26
GREEN, YELLOW = "\x1b[32m", "\x1b[33m"
COLOURS: tuple[tuple[str, str], ...] = (
    (FREE, GREEN),
    (LEASED, YELLOW),
    (HELD, YELLOW),
    (ON_DEMAND, DIM),
    (ASKING, DIM),
)
BROKEN = "\x1b[31m"


def _battery(row: Row) -> str:
    return "" if row.battery is None else f"{row.battery:.0f} %{' +' if row.charging else ''}"


def _heat(row: Row) -> str:
    """The skin, else the battery."""
    heat = row.battery_c if row.skin_c is None else row.skin_c
    return "" if heat is None else f"{heat:.0f} °C"


def _free(row: Row) -> str:
    return "" if row.free_gb is None else f"{row.free_gb:.{0 if row.free_gb >= 10 else 1}f} GB"


COLUMNS: tuple[tuple[str, Cell], ...] = (
    ("NAME", lambda row: row.name),
    ("KIND", lambda row: row.kind),
    ("STATE", lambda row: row.state),
    ("MODEL", lambda row: row.model),
    ("ANDROID", lambda row: row.android),
    ("SYSTEM", lambda row: row.system),
    ("BATTERY", _battery),
    ("HEAT", _heat),
    ("FREE", _free),
    ("BUILD", lambda row: row.build),
)
LEFT_OUT = ("SYSTEM", "ANDROID", "KIND", "FREE", "MODEL", "BUILD")
"""The columns that a narrow terminal does without, the first first."""


def table(rows: Sequence[Row], columns: int | None) -> list[str]:
    """Its lines, in colour, within so many columns; as wide as it is, and plain, for None: a pipe."""
    shown = _fitting(rows, columns)
    lines = [[title for title, _ in shown]] + [[_cut(cell(row), columns) for _, cell in shown] for row in rows]
    widths = [max(width(line[column]) for line in lines) for column in range(len(shown))]
    heading, *body = [
        [cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)] for line in lines
    ]
    made = [GAP.join(heading).rstrip()]
    for row, line in zip(rows, body, strict=True):
        state = [title for title, _ in shown].index("STATE")
        line[state] = line[state] if columns is None else f"{_colour(row)}{line[state]}{RESET}"
        made.append(GAP.join(line).rstrip())
    return made + _notes(rows, columns)


def _notes(rows: Sequence[Row], columns: int | None) -> list[str]:
    if columns is None:
        return notes(rows)
    return [f"{DIM}{line}{RESET}" for note in notes(rows) for line in wrapped(clean(note), columns)]


def notes(rows: Sequence[Row]) -> list[str]:
    """Who has a handset, why one is of no use and what to do about it, and what devices.yaml has wrong."""
    said = []
    for row in rows:
        trouble = f"{row.detail}; {row.mend}" if row.detail and row.mend else row.detail
        said += [f"{row.name}: {what}" for what in (row.holder, trouble, *row.contradictions) if what]
    return said


def _fitting(rows: Sequence[Row], columns: int | None) -> list[tuple[str, Cell]]:
    """The columns that say anything, without those that do not fit."""
    shown = [(title, cell) for title, cell in COLUMNS if title in ("NAME", "STATE") or any(map(cell, rows))]
    for title in LEFT_OUT:
        if columns is None or _wide(rows, shown, columns) <= columns:
            break
        shown = [column for column in shown if column[0] != title]
    return shown


def _wide(rows: Sequence[Row], shown: Sequence[tuple[str, Cell]], columns: int) -> int:
    widths = (max(width(title), *(width(_cut(cell(row), columns)) for row in rows)) for title, cell in shown)
    return sum(widths) + len(GAP) * (len(shown) - 1)


def _cut(text: str, columns: int | None) -> str:
    return clean(text) if columns is None else fitted(clean(text), LONGEST)


def _colour(row: Row) -> str:
    return dict(COLOURS).get(row.state, "" if row.state in USABLE else BROKEN)
