"""What a fault is: a kind, how large it can be, and how it begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

End = Callable[[], None]
Lasts = Literal["until cleared", "its size", "no time"]


class FaultError(Exception):
    """A fault that is not there, cannot be of that size, or cannot begin now; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a fault can be, in `unit`."""

    unit: str
    usual: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:.10g} to {self.of(self.most)}, {self.usual:.10g} unless told otherwise"

    def of(self, amount: float) -> str:
        """An amount with its unit."""
        return f"{amount:.10g} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    `begin(device, size)`, or `begin(device, size, second)`, makes it so and returns what ends it. A fault lasts until
    it is cleared, for as many seconds of device time as its size says, or no time, when there is nothing to end.
    """

    kind: str
    help: str
    begin: Callable[..., End]
    size: Size | None = None
    second: Size | None = None
    lasts: Lasts = "until cleared"
    several: bool = True
    """Whether a second one may begin while one is under way."""

    def sized(self, asked: float | None, second: float | None = None) -> tuple[float, ...]:
        """What was asked for, or the usual sizes; 0 for a fault that has none. FaultError if they cannot be."""
        sizes = (self._sized(self.size, asked),)
        if self.second is None and second is None:
            return sizes
        return (*sizes, self._sized(self.second, second))

    def _sized(self, known: Size | None, asked: float | None) -> float:
        if known is None:
            if asked is not None:
                raise FaultError(f"{self.kind} has no {'second ' if self.size else ''}size")
            return 0.0
        size = known.usual if asked is None else asked
        if not known.least <= size <= known.most:
            raise FaultError(f"{self.kind}: {known.of(size)} cannot be; it takes {known}")
        return size


def over() -> None:
    """What ends a fault that is over when it begins."""
