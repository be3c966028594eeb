"""What `farm history` shows of runs, in 80 columns or as JSON data."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framework.contract.account import RunAccount, RunFigures, RunHead
from framework.contract.metrics import METRICS
from framework.contract.quantile import percentile
from framework.contract.verdict import Verdict
from framework.journal.records import plain
from framework.report.terminal import clean, wrapped

if TYPE_CHECKING:
    from framework.history.store import Recorded

COLUMNS = 80


def list_text(runs: Sequence[Recorded]) -> Iterator[str]:
    """Two lines a run: its name, then what it was about."""
    if not runs:
        yield "no runs yet: run pytest first, or name another history with --history"
    for run in runs:
        state = "" if run.head.finished else "  (not finished)"
        yield f"{clean(run.head.name)}  {clean(run.head.build.label)}{state}"
        yield f"    {_when(run.head)}  {_counts(run.verdicts)}"


def listed_json(run: Recorded) -> dict[str, Any]:
    return {**_head_json(run.head), "tests": run.tests, "verdicts": dict(run.verdicts)}


def run_text(run: RunAccount, figures: RunFigures, baseline: RunFigures | None) -> Iterator[str]:
    head, build = run.head, run.head.build
    yield clean(f"{head.name}" + ("" if head.finished else "  (not finished)"))
    yield from _folded("build", f"{build.label} ({build.model or 'model unknown'})")
    yield from _folded("begun", f"{_when(head)}, took {_span(head.ended_at - head.began_at)}")
    yield from _folded("call", f"pytest {' '.join(head.arguments)}")
    yield from _folded("id", f"{head.id}, by Pocketfarm {head.version}")
    compared = (
        f"{baseline.head.name}, {baseline.head.build.label}" if baseline else "none: no other build ran its tests"
    )
    yield from _folded("baseline", compared)
    for name, who in run.handsets.items():
        emulated = ", emulated" if who.emulated else ""
        yield from _folded("handset", f"{name}: {who.title}, Android {who.android}{emulated}")
    yield from _folded("tests", _counts(_verdicts(run)))
    for test in run.tests:
        if test.verdict is not Verdict.PASS:
            where = f" on {test.handset}" if test.handset else ""
            yield from _folded(
                "", f"{test.verdict.value} {test.id}{where}: {next(iter(test.reasons), 'no reason given')}"
            )
    for text in run.lab:
        yield from _folded("lab", text)
    yield from _figures_text(figures, baseline)


def run_json(run: RunAccount, figures: RunFigures, baseline: RunFigures | None) -> dict[str, Any]:
    medians = [
        {
            "model": model,
            "metric": metric,
            "values": len(found),
            "p50": percentile(found, 50),
            "p95": percentile(found, 95),
        }
        for (model, metric), found in _by_model(figures.values).items()
    ]
    tests = [{key: value for key, value in plain(test).items() if key != "units"} for test in run.tests]
    handsets = [{key: value for key, value in plain(who).items() if key != "serial"} for who in run.handsets.values()]
    return {
        **_head_json(run.head),
        "baseline": baseline and _head_json(baseline.head),
        "verdicts": _verdicts(run),
        "handsets": handsets,
        "tests": tests,
        "figures": medians,
        "lab": list(run.lab),
    }


def _figures_text(figures: RunFigures, baseline: RunFigures | None) -> Iterator[str]:
    shared = {key: found for key, found in baseline.values.items() if key in figures.values} if baseline else {}
    before, model = _by_model(shared), ""
    for (of, metric), found in _by_model(figures.values).items():
        if of != model:
            model = of
            yield ""
            against = ", and the baseline's median" if before else ""
            yield clean(f"{of or 'no handset'}: median and 95th percentile{against}")
        unit = {each.name: each.unit for each in METRICS}.get(metric, "")
        was = f"   was {percentile(before[of, metric], 50):.4g}" if (of, metric) in before else ""
        spread = f"{percentile(found, 50):>9.4g} {percentile(found, 95):>9.4g} {unit:<9}{len(found):>6} values"
        yield f"    {metric:<16}{spread}{was}"


def _by_model(values: Mapping[tuple[str, str, str], tuple[float, ...]]) -> Mapping[tuple[str, str], list[float]]:
    """(model, metric) → all values, in the order of the metrics' table."""
    found: dict[tuple[str, str], list[float]] = {}
    for (_, model, metric), measured in values.items():
        found.setdefault((model, metric), []).extend(measured)
    places = {each.name: number for number, each in enumerate(METRICS)}
    return dict(sorted(found.items(), key=lambda one: (one[0][0], places.get(one[0][1], len(places)))))


def _head_json(head: RunHead) -> dict[str, Any]:
    content: dict[str, Any] = plain(head)
    return content | {"build": plain(head.build) | {"label": head.build.label}}


def _verdicts(run: RunAccount) -> dict[str, int]:
    found: dict[str, int] = {}
    for test in run.tests:
        found[test.verdict.value] = found.get(test.verdict.value, 0) + 1
    return found


def _counts(verdicts: Mapping[str, int]) -> str:
    return (
        ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items(), key=lambda v: -v[1]))
        or "no tests"
    )


def _when(head: RunHead) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(head.began_at))


def _span(seconds: float) -> str:
    minutes = round(seconds) // 60
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes} min"


def _folded(word: str, text: str) -> Iterable[str]:
    lines = wrapped(clean(text), COLUMNS - 10)
    return [f"{word if not number else '':<10}{line}" for number, line in enumerate(lines)]
