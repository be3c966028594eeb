"""What a run's journal says of the run as a whole: begun how, what was scheduled, and how each test ended.

The controller of a run appends these records to the journal that its workers write their own into; see `lines` for
why they do not mix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.lines import Lines, record_of
from framework.journal.records import plain, rebuilt

T = TypeVar("T")
JOURNAL = "journal.jsonl"
"""Name of the journal in a run's folder."""

REDACTED = "Redacted"
"""Kind of a record: in words, what was taken out of the texts since → how many passages."""


@dataclass(frozen=True, slots=True)
class RunBegan:
    """What a run was asked for; a run that is continued begins once more each time."""

    arguments: tuple[str, ...]
    """pytest's command line."""
    directory: str
    """Where pytest was called."""
    root: str
    """pytest's root folder, which test ids are relative to."""
    build: str
    """Label of the build."""
    hashes: Mapping[str, str]
    """File of the build → sha256."""
    devices: str
    """The devices file."""
    version: str
    """Pocketfarm's."""
    pid: int = 0
    id: str = ""
    """The same wherever the run's folder is copied to; empty in old journals."""
    redacts: bool = False
    """Whether what identifies people and units is taken out of everything that the run writes; not in old journals."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that a worker has judged."""

    id: str
    verdict: Verdict
    reasons: tuple[str, ...]
    handset: str
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TeardownFailed:
    """What tests shared ended in an error when the last of them, `id`, was over, with a verdict of its own."""

    id: str
    verdict: Verdict
    """Who is to blame: LAB, FAIL, or NOT_RUN for a file of the user's."""
    reasons: tuple[str, ...] = ()
    handset: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as far as its journal goes; older journals have no `began`, nothing `scheduled` and no `conclusions`."""

    folder: Path
    began: RunBegan | None = None
    """Of the first time."""
    times: int = 0
    """How often it was begun."""
    scheduled: tuple[str, ...] = ()
    conclusions: Mapping[str, Conclusion] = field(default_factory=dict)
    """Test id → how it ended; the last word on each."""
    ended: Mapping[str, Ended] = field(default_factory=dict)
    """Test id → how its unit ended last, concluded or not."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """Test id → how often a unit of it has ended."""
    teardowns: tuple[TeardownFailed, ...] = ()
    given_up: frozenset[str] = frozenset()
    """Tests that nothing had run when they were told of, and that are not concluded: the run was killed before."""
    redacted: Mapping[str, int] = field(default_factory=dict)
    """In words, such as `phone number` → how many passages were taken out of the run's texts."""


class RunJournal:
    """The controller's own line to a run's journal; open until `close`."""

    def __init__(self, folder: Path, clean: Callable[[Any], Any] = lambda record: record) -> None:
        """`clean` takes out of a conclusion what identifies people and units."""
        self._lines, self._clean = Lines(folder / JOURNAL), clean

    def began(self, run: RunBegan) -> None:
        self._record("RunBegan", plain(run))

    def scheduled(self, ids: Iterable[str]) -> None:
        """All tests of the run, those of a continued one that are kept included."""
        self._record("Scheduled", {"ids": list(ids)})

    def concluded(self, conclusion: Conclusion) -> None:
        self._record("Concluded", plain(self._clean(conclusion)))

    def given_up(self, conclusion: Conclusion) -> None:
        """Nothing could run a test, as it seems; that is its end only when the run is at its own."""
        self._record("GivenUp", plain(self._clean(conclusion)))

    def reopened(self, ids: Iterable[str]) -> None:
        """What was told of these tests holds no more: a run that is continued takes them up again."""
        self._record("Reopened", {"ids": list(ids)})

    def teardown_failed(self, failure: TeardownFailed) -> None:
        self._record("TeardownFailed", plain(self._clean(failure)))

    def redacted(self, counts: Mapping[str, int]) -> None:
        self._record(REDACTED, {"counts": dict(counts)})

    def close(self) -> None:
        self._lines.close()

    def _record(self, kind: str, content: Mapping[str, Any]) -> None:
        """On the disk when this returns."""
        self._lines.record(kind, content)
        self._lines.sync()


KINDS = ("RunBegan", "Scheduled", "GivenUp", "Reopened", "Concluded", "UnitFinished", "TeardownFailed", REDACTED)
_MARKS = tuple(f'"kind":"{kind}"'.encode() for kind in KINDS)
_HEAD = 60
"""Bytes of a line within which its kind stands: most records are of other kinds, and long."""


def read_run(folder: Path) -> RunRecord:
    """What the journal in a run's folder says; one that is missing says nothing. What is torn is passed over."""
    began: RunBegan | None = None
    times = 0
    scheduled: tuple[str, ...] = ()
    conclusions: dict[str, Conclusion] = {}
    ended: dict[str, Ended] = {}
    attempts: dict[str, int] = {}
    teardowns: list[TeardownFailed] = []
    given_up: set[str] = set()
    redacted: Counter[str] = Counter()
    for record in records(folder / JOURNAL):
        with suppress(ValueError, KeyError, TypeError):
            match record["kind"]:
                case "RunBegan":
                    began, times = began or rebuilt(RunBegan, record), times + 1
                case "Scheduled":
                    scheduled = tuple(map(str, record["ids"]))
                case "Concluded":
                    conclusion = rebuilt(Conclusion, record)
                    conclusions[conclusion.id] = conclusion
                    given_up.discard(conclusion.id)
                case "GivenUp":
                    given_up.add(str(record["id"]))
                case "Reopened":
                    for test in map(str, record["ids"]):
                        conclusions.pop(test, None)
                        given_up.discard(test)
                case "TeardownFailed":
                    teardowns.append(rebuilt(TeardownFailed, record))
                case "Redacted":
                    redacted.update({str(word): int(count) for word, count in record["counts"].items()})
                case "UnitFinished":
                    unit = _ended(record["result"])
                    ended[unit.id] = unit
                    attempts[unit.id] = attempts.get(unit.id, 0) + 1
    return RunRecord(
        folder, began, times, scheduled, conclusions, ended, attempts, tuple(teardowns), frozenset(given_up), redacted
    )


def records(path: Path, marks: tuple[bytes, ...] = _MARKS) -> Iterator[dict[str, Any]]:
    """The whole records of those kinds."""
    try:
        stream = path.open("rb")
    except OSError:
        return
    with stream:
        for line in stream:
            if any(mark in line[:_HEAD] for mark in marks) and (record := record_of(line)) is not None:
                yield record


def _ended(result: Mapping[str, Any]) -> Ended:
    unit = result["unit"]
    return Ended(
        unit["id"],
        Verdict(result["verdict"]),
        tuple(result["reasons"]),
        unit["handset"]["name"],
        unit["handset"]["model"],
        float(result["seconds"]),
    )
