"""A run and its units, and the events that observers (reports, journal, progress) are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from framework.contract.trace import ClockFit, Doubt, Trace, TracePiece
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict


@dataclass(frozen=True, slots=True)
class HandsetIdentity:
    """Who a handset is: read from the handset itself, but for `name`, `tags` and `screen`."""

    name: str
    serial: str
    manufacturer: str
    model: str
    soc: str
    android: str
    sdk: int
    ram_gb: float
    foldable: bool
    emulated: bool
    fingerprint: str
    tags: tuple[str, ...] = ()
    screen: str = ""
    """What drives its screen, such as `Appium 3.8.0, uiautomator2 driver 8.7.0`."""
    system: str = ""
    """The vendor's system and its version, such as `HyperOS 1.0.5.0`; empty where Android stands for itself."""
    fold_states: tuple[str, ...] = ()
    """The postures that it can be brought to, of `closed`, `half_open` and `open`; none where it does not fold."""
    free_gb: float | None = field(default=None, compare=False)
    """Room for user data, in 10^9 bytes, when it was opened; None where it does not tell."""
    contradictions: tuple[str, ...] = field(default=(), compare=False)
    """What devices.yaml says of it and it denies, in words."""

    @property
    def title(self) -> str:
        """Maker and model, without saying the maker twice."""
        said = self.model.casefold().startswith(self.manufacturer.casefold())
        return self.model if said else f"{self.manufacturer} {self.model}"


@dataclass(frozen=True, slots=True)
class BuildIdentity:
    """Which build: label and the hashes of what was deployed."""

    name: str
    version: str
    package: str
    model: str
    hashes: Mapping[str, str] = field(default_factory=dict)
    """File → sha256."""
    scaled: bool = False
    weight_bytes: int | None = None
    """Of all weights of the full model; None where they lie in the APK."""

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of work: one scenario on one handset with one build."""

    id: str
    """pytest's node id."""
    scenario: str
    file: str
    handset: HandsetIdentity
    build: BuildIdentity


@dataclass(frozen=True, slots=True)
class Repetition:
    """One pass through a scenario, from a fresh conversation."""

    number: int
    attempt: int
    """1, or more when an INVALID or LAB repetition was run again."""
    turns: tuple[TurnRecord, ...]
    trace: Trace | None
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """What the rules of validity object to, whether or not it concerns a metric that was asked for."""
    waited: tuple[str, ...] = ()
    """Start conditions that were waited for before it began: for how long, from which value to which."""
    missing: tuple[str, ...] = ()
    """Evidence that could not be kept, with the reason."""
    mended: tuple[str, ...] = ()
    """What was done to have the handset answer again: which rung of the ladder, whether it helped, and why."""
    prepared: tuple[str, ...] = ()
    """What was set on the handset before the run, from what to what, and what it refused."""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """How a unit ended."""

    unit: Unit
    verdict: Verdict
    reasons: tuple[str, ...]
    repetitions: tuple[Repetition, ...]
    checks: tuple[Check, ...] = ()
    """Budget checks over all counted repetitions."""
    seconds: float = 0.0
    """Host time."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a scheduled test ended, of however many attempts: one a test and run, written by the run's controller."""

    id: str
    """pytest's node id."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    handset: str = ""
    """Name of the handset of the last attempt; empty for a test that used none."""
    model: str = ""
    """Model of that handset."""
    seconds: float = 0.0
    """Host time of the last attempt."""
    attempts: int = 1
    """0 where nothing has ever run it: a continued run takes such a test up again."""
    blames_user: bool = False
    """Whether a file or a call of the user's was to blame: pytest counts it as failed, whatever the verdict."""


@dataclass(frozen=True, slots=True)
class UnitStarted:
    unit: Unit
    evidence: tuple[Evidence, ...] = ()
    """What holds for the whole unit, such as the receipt of the deployment."""
    notes: tuple[str, ...] = ()
    """What is wrong with the handset and does no harm: told with the first unit that runs there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A repetition waits for a start condition; told when the wait begins and every few seconds of host time."""

    unit: Unit
    repetition: int
    attempt: int
    what: str
    """For example `skin below 36 °C`."""
    value: float
    """What was found last, in the unit of the limit."""
    limit: float
    ready_in_s: float | None
    """Device seconds until it is expected to hold; None where that cannot be told."""


@dataclass(frozen=True, slots=True)
class HandsetAwaited:
    """A run waits for a handset that another has, or that rests; told when it begins and every few seconds (host)."""

    handset: str
    what: str
    """Who has it, since when and for what; or why it rests."""
    waited_s: float
    left_s: float
    """Until the run gives up."""
    limit: str = "--lease-timeout"
    """What that is by, or what comes then."""


@dataclass(frozen=True, slots=True)
class TurnFinished:
    unit: Unit
    repetition: int
    turn: TurnRecord
    gauges: Mapping[str, float]
    """Last sampled values, such as rss_mb and skin_c."""


@dataclass(frozen=True, slots=True)
class TraceBegan:
    """A repetition is being recorded from `start_ns` on."""

    unit: Unit
    repetition: int
    attempt: int
    clock: ClockFit
    start_ns: int


@dataclass(frozen=True, slots=True)
class TraceGrew:
    """Told at least once a second while a repetition is recorded, from the recorder's thread."""

    unit: Unit
    repetition: int
    attempt: int
    piece: TracePiece


@dataclass(frozen=True, slots=True)
class RepetitionFinished:
    unit: Unit
    repetition: Repetition


@dataclass(frozen=True, slots=True)
class UnitFinished:
    result: UnitResult


RunEvent = (
    UnitStarted | Waiting | HandsetAwaited | TraceBegan | TraceGrew | TurnFinished | RepetitionFinished | UnitFinished
)


class Observer(Protocol):
    """Told everything that happens, one frozen record at a time; must not raise for a record it does not know.

    A session tells one record after the other, but from more than one thread.
    """

    def notify(self, event: RunEvent) -> None: ...
