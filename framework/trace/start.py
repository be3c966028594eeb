"""Start conditions: a measurement begins on a handset that is as cool, charged and idle as the scenario asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from framework.contract.capabilities import Handset
from framework.contract.errors import HandsetError
from framework.contract.scenario import StartConditions
from framework.trace.conditions import Condition, asked

WAIT_S = 600.0
"""Device seconds that a handset is given: some two time constants of its case."""

POLL_S = 5.0
"""Device seconds between two looks: one short script each, far too little to warm the handset."""

TELL_S = 5.0
"""Host seconds between two reports of a wait."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Where a wait stands: what is waited for, what was found last, and when it will hold (device seconds)."""

    what: str
    value: float
    limit: float
    ready_in_s: float | None


@dataclass(frozen=True, slots=True)
class Started:
    """How a wait ended: why it was given up (None: all conditions hold), and what is recorded of it."""

    unfit: str | None = None
    notes: tuple[str, ...] = ()


def await_start(handset: Handset, conditions: StartConditions, told: Callable[[Wait], None]) -> Started:
    """Wait until all conditions hold in one look, at most WAIT_S; give up early where one cannot come to hold."""
    wanted = asked(conditions)
    return _Waiting(handset, wanted, told).run() if wanted else Started()


class _Waiting:
    def __init__(self, handset: Handset, wanted: tuple[Condition, ...], told: Callable[[Wait], None]) -> None:
        self._handset, self._wanted, self._told = handset, wanted, told
        self._told_at: float | None = None
        self._first: dict[str, float] = {}
        self._script = "\n".join(('read up _ </proc/uptime; echo "$up"', *(_marked(each) for each in wanted)))

    def run(self) -> Started:
        begin = now = self._look()
        while lacking := [each for each in self._wanted if not each.holds]:
            left_s = WAIT_S - (now - begin)
            for each in lacking:
                why = each.hopeless(left_s) or ("the time is up" if left_s <= 0 else None)
                if why is not None:
                    return Started(f"start: {each.what} was asked for, found {self._found(each)}, {why}")
            self._tell(lacking[0])
            time.sleep(POLL_S / self._handset.time_scale)
            now = self._look()
        return Started(notes=tuple(self._note(each, now - begin) for each in self._wanted) if now > begin else ())

    def _look(self) -> float:
        """Read all conditions; the handset's uptime in seconds."""
        printed = self._handset.shell.script(self._script).text + "\n"
        uptime, *parts = printed.split("@start\n")
        try:
            at_s = float(uptime)
        except ValueError:
            raise HandsetError(self._handset.identity.name, f"/proc/uptime gave {uptime.strip()!r}") from None
        for each, text in zip(self._wanted, parts, strict=True):
            each.read(at_s, text)
            if each.value is not None:
                self._first.setdefault(each.what, each.value)
        return at_s

    def _tell(self, lacking: Condition) -> None:
        now = time.monotonic()
        if lacking.value is not None and (self._told_at is None or now - self._told_at >= TELL_S):
            self._told_at = now
            self._told(Wait(lacking.what, lacking.value, lacking.limit, lacking.ready_in_s()))

    def _found(self, condition: Condition) -> str:
        first, last = condition.shown(self._first.get(condition.what)), condition.shown(condition.value)
        return last if first == last else f"{last} (at first {first})"

    def _note(self, condition: Condition, waited_s: float) -> str:
        return f"start: waited {waited_s:.0f} s for {condition.what}: {self._found(condition)}"


def _marked(condition: Condition) -> str:
    return f"echo @start\n{condition.script}"
