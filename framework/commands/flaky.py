"""`farm flaky`: tests whose verdict changed over the last runs without a change of the build."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from framework.commands.past import add_options, opened, places
from framework.contract.errors import UsageError
from framework.contract.verdict import Verdict
from framework.history.address import address
from framework.history.flaky import RUNS, Change, Flaky, PastRun, flaky, past_runs
from framework.journal.records import plain
from framework.report.terminal import clean, wrapped

COLUMNS = 80
INDENT = "    "
DESCRIPTION = """List the tests whose verdict changed over the last runs although the build
(its label and its files) did not: how often each verdict, on which handsets,
and the last change. A test on another model is another test. What the lab
was to blame for (LAB, INVALID) is listed apart, and so is what passed only
after a retry on another handset."""
EXAMPLES = """examples:
  farm flaky                      the last 20 runs
  farm flaky --runs 100           more of them (farm history list shows which
                                  there are)
  farm flaky --reports /srv/qa/reports --json
                                  for a script

exit codes: 0 none changed between PASS and FAIL, 1 some did, 2 your call
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "flaky",
        help="tests whose verdict changed without a change of the build",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N", help="the last N runs (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="a JSON object")


def run(args: argparse.Namespace) -> int:
    """1 where a verdict about the build changed without the build; 0 otherwise."""
    if args.runs < 1:
        raise UsageError(f"--runs: expected a number above 0, not {args.runs}")
    where, reports = places(args.history, args.reports)
    if not reports.is_dir() and not address(where).is_server:
        raise UsageError(f"{reports}: no such folder; name the one that pytest writes its runs into, with --reports")
    with opened(where, reports) as history:
        runs = past_runs(history, args.runs)
    found = flaky(runs)
    print(_json(runs, found) if args.json else "\n".join(_text(runs, found)))
    return int(any(one.changes for one in found))


def _json(runs: Sequence[PastRun], found: Sequence[Flaky]) -> str:
    tests = [_plain(one) for one in found]
    return json.dumps({"runs": [run.name for run in runs], "tests": tests}, ensure_ascii=False, indent=2)


def _plain(one: Flaky) -> dict[str, Any]:
    counts = {name: _counted(verdicts) for name, verdicts in one.handsets.items()}
    return plain(one) | {"verdicts": _counted(one.verdicts), "handsets": counts}  # type: ignore[no-any-return]


def _counted(verdicts: Mapping[Verdict, int]) -> dict[str, int]:
    return {verdict.value: count for verdict, count in verdicts.items()}


def _text(runs: Sequence[PastRun], found: Sequence[Flaky]) -> Iterator[str]:
    if not runs:
        yield "no runs: run pytest first, or name another folder with --reports"
        return
    tests = len({(test.id, test.model) for run in runs for test in run.ends})
    span = runs[0].name if len(runs) == 1 else f"{runs[0].name} to {runs[-1].name}"
    yield f"{_some(tests, 'test')} in {_some(len(runs), 'run')}"
    yield f"{span}"
    own = [one for one in found if one.changes]
    lab = [one for one in found if one.lab_changes and not one.changes]
    retried = [one for one in found if one.retried and not one.changes and not one.lab_changes]
    yield ""
    yield f"{len(own) or 'none'} changed between PASS and FAIL with the same build"
    yield from _listed(own, lambda one: one.changes)
    if lab:
        yield ""
        yield f"{len(lab)} changed because of the lab (LAB, INVALID)"
        yield from _listed(lab, lambda one: one.lab_changes)
    if retried:
        yield ""
        yield f"{len(retried)} passed only after a retry"
        yield from _listed(retried, lambda one: ())


def _listed(found: Iterable[Flaky], changes_of: Callable[[Flaky], Sequence[Change]]) -> Iterator[str]:
    for one in found:
        yield from _folded(one.id, "  ")
        counts = _words(one.verdicts)
        yield from _folded(f"{one.model}: {counts}" if one.model else counts, INDENT)
        if len([name for name in one.handsets if name]) > 1:
            units = "; ".join(f"{name} {_words(verdicts)}" for name, verdicts in one.handsets.items())
            yield from _folded(f"on {units}", INDENT)
        elif any(one.handsets):
            yield from _folded(f"on {next(iter(one.handsets))}", INDENT)
        changes = changes_of(one)
        if changes:
            last = changes[-1]
            word = f"{_some(len(changes), 'change')}, the last {last.before.value} → {last.after.value}"
            yield from _folded(f"{word} with {last.build} in", INDENT)
            yield f"{INDENT}{last.run}"
        if one.retried:
            yield f"{INDENT}passed only after a retry in {_some(one.retried, 'run')}"


def _folded(text: str, indent: str) -> Iterator[str]:
    yield from (f"{indent}{line}" for line in wrapped(clean(text), COLUMNS - len(indent)))


def _words(verdicts: Mapping[Verdict, int]) -> str:
    return ", ".join(f"{count} {verdict.value}" for verdict, count in sorted(verdicts.items(), key=lambda v: -v[1]))


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
