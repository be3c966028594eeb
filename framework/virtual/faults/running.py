"""The faults of one handset: which have been, and which are under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from framework.virtual.faults import FAULTS
from framework.virtual.faults.fault import End, Fault, FaultError

if TYPE_CHECKING:
    from framework.virtual.clock import Timer
    from framework.virtual.device import Device
    from framework.virtual.truth import Json

LONGEST_S = 86_400.0
MOST_AT_ONCE = 100


@dataclass(slots=True)
class Begun:
    """One fault that was begun; both times are boot times, of the boot beside them."""

    id: int
    kind: str
    size: float
    unit: str
    begin_boot: int
    begin_ns: int
    second: float | None = None
    """The second size, in `second_unit`, of a fault that has one."""
    second_unit: str = ""
    end_boot: int | None = None
    end_ns: int | None = None

    def told(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class _UnderWay:
    begun: Begun
    end: End
    timer: Timer | None = None


class Faults:
    """Begins faults on a handset and ends them; several at once, also of one kind."""

    def __init__(self, device: Device, kinds: Sequence[Fault] = FAULTS) -> None:
        self._device = device
        self._kinds = {fault.kind: fault for fault in kinds}
        self._begun: list[Begun] = []
        self._under_way: dict[int, _UnderWay] = {}

    def begin(
        self, kind: str, size: float | None = None, for_s: float | None = None, second: float | None = None
    ) -> int:
        """Begin a fault, for `for_s` seconds of device time where that is said; its id. FaultError if it cannot be."""
        fault = self._kinds.get(kind)
        if fault is None:
            raise FaultError(_unknown(kind, list(self._kinds)))
        self._allow(fault)
        if fault.lasts == "its size":
            size, for_s = _one_of(fault, size, for_s), None
        sizes, device = fault.sized(size, second), self._device
        lasts_s = _lasts_s(fault, sizes[0], for_s)
        begun = Begun(
            len(self._begun) + 1,
            kind,
            sizes[0],
            fault.size.unit if fault.size else "",
            device.truth.boot,
            device.clock.now_ns(),
            sizes[1] if fault.second else None,
            fault.second.unit if fault.second else "",
        )
        end = fault.begin(device, *sizes)
        self._begun.append(begun)
        told = {"second": begun.second} if fault.second else {}
        device.truth.record("fault_begin", begun.begin_ns, id=begun.id, fault=kind, size=begun.size, **told)
        running = self._under_way[begun.id] = _UnderWay(begun, end)
        if lasts_s == 0:
            self._end(begun.id)
        elif lasts_s is not None:
            due_ns = device.clock.now_ns() + round(lasts_s * 1e9)
            running.timer = device.clock.at(due_ns, lambda _: self._end(begun.id))
        return begun.id

    def clear(self, number: int | None = None) -> None:
        """End one fault, or all that are under way, the newest first. FaultError for an id that never was."""
        if number is not None and not 0 < number <= len(self._begun):
            raise FaultError(f"there is no fault {number}")
        wanted = list(self._under_way) if number is None else [number]
        for each in reversed(wanted):
            self._end(each)

    def told(self) -> list[Json]:
        """All that were begun, in order; `end_ns` is None for those under way."""
        return [begun.told() for begun in self._begun]

    def _allow(self, fault: Fault) -> None:
        if len(self._under_way) >= MOST_AT_ONCE:
            raise FaultError(f"{MOST_AT_ONCE} faults are under way: clear some")
        same = next((each for each in self._under_way.values() if each.begun.kind == fault.kind), None)
        if same is not None and not fault.several:
            raise FaultError(f"{fault.kind} is under way already, as fault {same.begun.id}: clear it first")

    def _end(self, number: int) -> None:
        running = self._under_way.pop(number, None)
        if running is None:
            return
        if running.timer is not None:
            running.timer.cancel()
        running.end()
        begun, device = running.begun, self._device
        begun.end_boot, begun.end_ns = device.truth.boot, device.clock.now_ns()
        device.truth.record("fault_end", begun.end_ns, id=number, fault=begun.kind)


def _one_of(fault: Fault, size: float | None, for_s: float | None) -> float | None:
    """A fault that lasts its size may be told it either way."""
    if size is not None and for_s is not None and size != for_s:
        raise FaultError(f"{fault.kind} lasts its size: {size:g} s and {for_s:g} s are two")
    return for_s if size is None else size


def _lasts_s(fault: Fault, size: float, for_s: float | None) -> float | None:
    """For how long it lasts: 0 is no time, None until it is cleared."""
    if for_s is not None and fault.lasts == "no time":
        raise FaultError(f"{fault.kind} is over at once: it cannot be told for how long")
    if for_s is not None and not 0 < for_s <= LONGEST_S:
        raise FaultError(f"a fault lasts more than 0 and at most {LONGEST_S:g} s, not {for_s:g}")
    return {"until cleared": for_s, "its size": size, "no time": 0.0}[fault.lasts]


def _unknown(kind: str, kinds: Sequence[str]) -> str:
    near = get_close_matches(kind, kinds, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(kinds)}"
    return f'there is no fault "{kind}": {hint}'
