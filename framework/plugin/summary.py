"""What the terminal says of a run at its end, a word and what it says a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from framework.contract.errors import HandsetError
from framework.contract.verdict import Verdict
from framework.journal.runs import TeardownFailed
from framework.plugin.roll import Called

Line = tuple[str, str]


def verdict_line(counts: Mapping[Verdict, int]) -> Iterator[Line]:
    """The most frequent first."""
    found = sorted(((count, verdict) for verdict, count in counts.items() if count), key=lambda pair: -pair[0])
    if found:
        yield "verdicts", ", ".join(f"{count} {verdict.value}" for count, verdict in found)


def handset_lines(quarantined: Mapping[str, str], unavailable: Iterable[HandsetError]) -> Iterator[Line]:
    """Those that were taken out of the run, with the first cause, and those that were never in it."""
    for name, cause in quarantined.items():
        yield "unusable", f"{name} was quarantined: {cause.removeprefix(f'{name}: ')}"
    for error in unavailable:
        yield "unusable", str(error)


def matrix_lines(called: Called) -> Iterator[Line]:
    """Of `--each`: handsets for which there are no tests, as nobody knows what they are."""
    known = {handset.name for handset in called.before}
    for name in called.silent:
        if name not in known:
            mend = "what it is can be said in devices.yaml (capabilities: {model: …})"
            yield "no tests", f"for {name}, which has not answered: {mend}"


def rerun_lines(reruns: Iterable[object]) -> Iterator[Line]:
    """Each attempt that was lost: told, whatever came of the next one."""
    for rerun in reruns:
        yield "rerun", str(rerun)


def teardown_lines(failures: Iterable[TeardownFailed]) -> Iterator[Line]:
    """What failed after its tests had their verdicts."""
    for each in failures:
        where = f" on {each.handset}" if each.handset else ""
        yield "teardown", f"{each.verdict.value}: {each.id}{where}: {'; '.join(each.reasons) or 'no reason given'}"


def unfinished_line(number: int, run: str) -> Iterator[Line]:
    """How to go on, where something is left."""
    if number:
        yield "left", f"{number} {'test' if number == 1 else 'tests'} without a result: pytest --resume {run}"
