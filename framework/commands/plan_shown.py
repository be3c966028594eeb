"""What `farm plan` prints: 80 columns for people, JSON for scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import east_asian_width

from framework.fleet.planning.plan import Plan, Row

WIDTH = 80
FEW_HANDSETS, FEW_TESTS = 12, 6
"""More are shown in short, unless all are asked for."""


def as_json(plan: Plan, unknown: Sequence[str]) -> dict[str, Any]:
    """Seconds from the begin of the run."""
    return {
        "makespan_s": round(plan.makespan_s, 3),
        "lower_bound_s": round(plan.bound.seconds, 3),
        "ratio": round(plan.ratio, 4),
        "bound_by": {"test": plan.bound.job, "handsets": list(plan.bound.handsets)},
        "tests": sum(len(row.planned) for row in plan.rows) + len(plan.unrunnable),
        "handsets": [_row(row) for row in plan.rows],
        "unrunnable": [{"id": test, "reason": reason} for test, reason in plan.unrunnable.items()],
        "guessed": {"seconds": plan.guess_s, "tests": list(plan.guessed)},
        "left_out": list(unknown),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.handset.name,
        "model": row.handset.title,
        "busy_s": round(row.busy_s, 3),
        "end_s": round(row.end_s, 3),
        "schedule": [
            {
                "id": entry.job,
                "begin_s": round(entry.begin_s, 3),
                "end_s": round(entry.end_s, 3),
                "deploy_s": round(entry.deploy_s, 3),
            }
            for entry in row.planned
        ],
    }


def as_text(plan: Plan, unknown: Sequence[str], *, every: bool) -> str:
    """Schedules of few handsets test by test, of many in one line each."""
    lines = [*_summary(plan, unknown), ""]
    if every or len(plan.rows) <= FEW_HANDSETS:
        lines += [line for row in plan.rows for line in _schedule(row, plan.makespan_s, every)]
    else:
        lines += [_line(row, plan.makespan_s) for row in plan.rows]
        lines += ["", "test by test: --all, or --json"]
    if plan.unrunnable:
        lines += ["", f"no handset can run {_counted(len(plan.unrunnable), 'test')}:"]
        for test, reason in plan.unrunnable.items():
            lines += [f"  {_end_of(test, WIDTH - 2)}", *_wrapped(reason)]
    return "\n".join(lines)


def _summary(plan: Plan, unknown: Sequence[str]) -> Iterator[str]:
    tests = sum(len(row.planned) for row in plan.rows)
    of = f"{tests} of " if plan.unrunnable else ""
    yield f"{of}{_counted(tests + len(plan.unrunnable), 'test')} on {_counted(len(plan.rows), 'handset')}"
    yield f"makespan     {clock(plan.makespan_s)}"
    over = f" (the plan takes {plan.ratio:.3f} of it)" if plan.bound.seconds else ""
    yield f"lower bound  {clock(plan.bound.seconds)}{over}"
    yield from _wrapped(_why(plan), "decided by   ")
    if plan.guessed:
        many = _counted(len(plan.guessed), "test")
        yield f"guessed      {clock(plan.guess_s)} for {many} of unknown duration: {_guess(plan)}"
    if unknown:
        yield from _wrapped(f"{', '.join(unknown)}: nothing is known before the adb server is asked", "left out     ")


def _guess(plan: Plan) -> str:
    """Where the guess comes from."""
    known = sum(len(row.planned) for row in plan.rows) + len(plan.unrunnable) > len(plan.guessed)
    return "the median" if known else "none is known"


def _why(plan: Plan) -> str:
    """What decides the bound, in words."""
    if plan.bound.job is not None:
        return f"the longest test, {_end_of(plan.bound.job, WIDTH)}"
    if len(plan.bound.handsets) == len(plan.rows):
        return "the work of all handsets together"
    if not plan.bound.handsets:
        return "nothing: there is nothing to run"
    titles = {row.handset.name: row.handset.title or row.handset.name for row in plan.rows}
    counts = Counter(titles[name] for name in plan.bound.handsets)
    whose = ", ".join(f"{count} {title}" for title, count in counts.items())
    return f"what only these can run: {whose}"


def _line(row: Row, makespan_s: float) -> str:
    share = row.busy_s / makespan_s if makespan_s else 0.0
    head = f"{_begin_of(row.handset.name, 24)}  {_begin_of(row.handset.title, 20)}"
    return f"{head}  {_counted(len(row.planned), 'test'):>10}  {share:4.0%}  until {clock(row.end_s)}"


def _schedule(row: Row, makespan_s: float, every: bool) -> Iterator[str]:
    yield _line(row, makespan_s)
    shown = row.planned if every or len(row.planned) <= FEW_TESTS + 1 else row.planned[:FEW_TESTS]
    for entry in shown:
        deploys = "after the build is brought, " if entry.deploy_s else ""
        begin, lasts = clock(entry.begin_s), clock(entry.end_s - entry.begin_s)
        head = f"  {begin:>8}  {lasts:>8}  {deploys}"
        yield head + _end_of(entry.job, WIDTH - len(head))
    if len(shown) < len(row.planned):
        yield f"{'':22}and {len(row.planned) - len(shown)} more (--all)"


def clock(seconds: float) -> str:
    """`1:02:03`, `2:03`; with a tenth below ten seconds."""
    if 0 < seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _begin_of(text: str, width: int) -> str:
    """Padded or cut to a width in columns."""
    if columns(text) > width:
        text = next(text[:end] for end in range(width, -1, -1) if columns(text[:end]) < width) + "…"
    return text + " " * (width - columns(text))


def _end_of(text: str, width: int) -> str:
    """The end of an id says most."""
    if columns(text) <= width:
        return text
    return "…" + next(text[start:] for start in range(len(text)) if columns(text[start:]) < width)


def columns(text: str) -> int:
    """That a terminal needs: two for each Chinese letter."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(text: str, head: str = "    ") -> list[str]:
    from textwrap import wrap

    return wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
