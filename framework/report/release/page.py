"""The release page: one HTML file that needs nothing else, readable without scripts, small whatever the run's size."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Literal

from markupsafe import Markup

from framework.contract.account import RunAccount, RunFigures
from framework.contract.metrics import METRIC_NAMES, metric
from framework.contract.verdict import Verdict
from framework.redaction.redactor import Redactor
from framework.redaction.rules import WORDS as REDACTED
from framework.report.axis import clock
from framework.report.figures import brief, number
from framework.report.pages import render, source
from framework.report.release.facts import Facts, facts_of
from framework.report.release.hrefs import Hrefs
from framework.report.release.matrix import CROWD
from framework.report.release.outcomes import grouped_by_scenario
from framework.report.release.pictures import curves, heat, panels, recordings
from framework.report.release.summary import change, findings, summary, unit
from framework.report.release.texts import LONGEST_REASON, grouped, percent, shown
from framework.report.release.views import SEEN, view
from framework.report.release.words import markup, plain, say

ORDER = (Verdict.FAIL, Verdict.UNMEASURED, Verdict.INVALID, Verdict.LAB, Verdict.NOT_RUN, Verdict.PASS)
"""Of verdicts: what matters first."""

LARGEST = 2_900_000
"""Bytes of a page."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has room for."""

    rows: int
    """Of the matrix, those that are folded included."""
    linked: bool
    """Whether cells that passed are links too."""
    groups: int
    """Scenarios in a list of changes."""
    models: int
    """In a picture."""
    dots: bool
    """Whether metrics that are not primary show each value."""


ROOMS: tuple[Room, ...] = (
    Room(4000, True, 40, 24, True),
    Room(4000, True, 40, 12, False),
    Room(4000, False, 40, 12, False),
    Room(1200, False, 30, 8, False),
    Room(300, False, 20, 6, False),
    Room(60, False, 10, 4, False),
)


def write_release_page(
    account: RunAccount,
    baseline: RunFigures | None,
    *outs: Path,
    run_folder: Path,
    language: Literal["auto", "en", "zh"] = "auto",
    redact: bool = True,
) -> None:
    """Write the page as each of `outs`; its links lead into `run_folder`, relative to where the page lies.

    `language` is what it opens in, the other one a click away; `auto`: what the browser prefers. `redact`: whether
    serial numbers, accounts, phone numbers and secrets are taken out of what is not the page's own text.
    OSError where it cannot be written.
    """
    hrefs = Hrefs(run_folder)
    page = release_page(account, baseline, hrefs, language=language, redact=redact)
    for out in outs:
        made = out.with_name(f".{out.name}.{os.getpid()}.part")
        made.write_text(hrefs.beside(page, out.parent), encoding="utf-8", errors="replace")
        made.replace(out)


def release_page(
    account: RunAccount,
    baseline: RunFigures | None,
    hrefs: Hrefs,
    *,
    language: Literal["auto", "en", "zh"] = "auto",
    redact: bool = True,
) -> str:
    """As much detail as fits into LARGEST."""
    facts, page = facts_of(account, baseline), ""
    text = _Text(Redactor((one.serial for one in account.handsets.values()), active=redact))
    for room in ROOMS:
        page = _page(facts, room, hrefs, language, text)
        if len(page.encode("utf-8", "replace")) <= LARGEST:
            break
    return page


class _Text:
    """Text of others: redacted, on one line, cut."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor, self.redacts = redactor, redactor.active
        self.takes_out = frozenset(REDACTED.values())
        self._seen: dict[tuple[str, int], str] = {}

    def __call__(self, value: str, most: int = LONGEST_REASON) -> str:
        key = value, most
        if key not in self._seen:
            self._seen[key] = shown(self._redactor.text(value[: 20 * most]), most)
        return self._seen[key]


def _page(facts: Facts, room: Room, hrefs: Hrefs, language: str, text: _Text) -> str:
    script = source("release.js")
    return render(
        "release.html",
        view=view(facts, room.groups, room.rows),
        facts=facts,
        room=room,
        language="zh" if language == "zh" else "en",
        auto=language == "auto",
        policy=_policy(script),
        script=Markup(script),  # noqa: S704  # our own file
        summary=summary(facts),
        findings=findings(facts),
        heat=heat(facts),
        panels=panels(facts, room.models),
        curves=curves(facts, room.models),
        timed=recordings(facts, room.models),
        href=hrefs.of,
        text=text,
        t=lambda key, **fields: markup(say(key, **fields)),
        said=markup,
        word=lambda key, **fields: plain(say(key, **fields), "zh" if language == "zh" else "en"),
        change=change,
        unit=unit,
        number=brief,
        grouped=grouped,
        percent=percent,
        median=median,
        metric=metric,
        known=METRIC_NAMES.__contains__,
        titles=facts.titles,
        order=ORDER,
        crowd=CROWD,
        seen=SEEN,
        say=say,
        by_scenario=grouped_by_scenario,
        bare=lambda one: replace(one, dots=() if one.median is not None else one.dots),
        count=lambda rows: sum(len(cell) for row in rows for cell in row.cells),
        when=_when,
        clock=clock,
        size=_size,
        portion=_portion,
        error=_error,
    )


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _size(count: int) -> str:
    return f"{number(count / 1e9)} GB" if count >= 1e9 else f"{number(count / 1e6)} MB"


def _portion(part: int, whole: int) -> str:
    """`3 (12 %)`."""
    return f"{grouped(part)} ({round(100 * part / whole)} %)" if part else "0"


def _error(bound: float) -> str:
    return "< 0.001" if bound < 0.001 else f"± {bound:.2g}" if bound < 10 else f"± {bound:.0f}"


def _policy(script: str) -> str:
    """Nothing but what stands in the page itself: only this one script may run."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    allowed = ("default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", f"script-src 'sha256-{digest}'")
    return "; ".join((*allowed, "base-uri 'none'", "form-action 'none'"))
