"""A progress as a rich table, a row a handset, that fits its terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from framework.contract.verdict import Verdict
from framework.plugin.live.progress import Progress, Row
from framework.plugin.live.words import about, clock, counted, headline, left, state, times

WIDE = 100
"""Columns from which on there is room for the model, too."""

STYLES = {
    "quarantined": "red",
    "in use": "yellow",
    "waiting": "yellow",
    "running": "",
    "idle": "dim",
    "ended": "dim",
}
URGENCY = tuple(STYLES)
"""Which rows are shown first where there is no room for all."""

BAD, DOUBTFUL = (Verdict.FAIL, Verdict.UNMEASURED), (Verdict.LAB, Verdict.INVALID, Verdict.NOT_RUN)


def picture(progress: Progress, now: float, columns: int, lines: int) -> RenderableType:
    """At most `lines` of at most `columns`: how far the run is, and what each handset does."""
    rows = list(progress.rows.values())
    room = max(lines - 2, 0)
    head = _head(progress, now, columns)
    if len(rows) <= room:
        return Group(head, _table(progress, rows, now, columns)) if rows else head
    shown = sorted(rows, key=lambda row: URGENCY.index(state(row, now)))[: max(room - 1, 0)]
    names = {row.handset for row in shown}
    chosen, others = [row for row in rows if row.handset in names], [row for row in rows if row.handset not in names]
    table = (_table(progress, chosen, now, columns),) if chosen else ()
    return Group(head, *table, _folded(others, now))


def _head(progress: Progress, now: float, columns: int) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=False)
    grid.add_column(width=20 if columns >= WIDE else 8)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    bar = ProgressBar(total=max(progress.total, 1), completed=progress.done)
    bad = any(progress.verdicts[verdict] for verdict in BAD)
    grid.add_row(bar, Text(headline(progress, now), style="bold red" if bad else "bold"))
    return grid


def _table(progress: Progress, rows: Sequence[Row], now: float, columns: int) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, width=columns, header_style="dim")
    table.add_column("handset", no_wrap=True, overflow="ellipsis", max_width=20 if columns >= WIDE else 14)
    if columns >= WIDE:
        table.add_column("model", no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column("does", no_wrap=True, overflow="ellipsis", ratio=1)
    for word in ("for", "left", "skin", "batt", "pass", "fail", "other"):
        table.add_column(word, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(progress, row, now, columns))
    return table


def _cells(progress: Progress, row: Row, now: float, columns: int) -> list[Text]:
    style = STYLES[state(row, now)]
    since, rest_s = times(progress, row, now)
    return [
        Text(row.handset, style),
        *([Text(row.model, "dim")] if columns >= WIDE else []),
        Text(about(row, now), style),
        Text("" if since is None else clock(now - since)),
        Text("" if since is None else left(rest_s), "dim"),
        Text("" if row.skin_c is None else f"{row.skin_c:.1f}°"),
        Text("" if row.battery_pct is None else f"{row.battery_pct:.0f}%"),
        _count(row.verdicts[Verdict.PASS], "green"),
        _count(sum(row.verdicts[verdict] for verdict in BAD), "red"),
        _count(sum(row.verdicts[verdict] for verdict in DOUBTFUL), "yellow"),
    ]


def _count(number: int, style: str) -> Text:
    return Text(str(number), style) if number else Text("·", "dim")


def _folded(rows: Sequence[Row], now: float) -> Text:
    """Those for which there is no room, in one line."""
    states = Counter(state(row, now) for row in rows)
    does = ", ".join(f"{states[word]} {word}" for word in URGENCY if states[word])
    verdicts = counted(sum((row.verdicts for row in rows), Counter()))
    return Text(
        f"… {len(rows)} more: {does}{'; ' if verdicts else ''}{verdicts}", "dim", no_wrap=True, overflow="ellipsis"
    )
