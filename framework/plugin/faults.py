"""The fixture `faults`: what goes wrong on handsets and in labs, on demand, in tests of suites. It is stable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from framework.contract.capabilities import Target
from framework.virtual.control.client import Control
from framework.virtual.control.registry import running_handsets


class Faults:
    """Faults of one virtual handset. Times are its own: at speed 20, 60 s of it are 3 s of ours.

    The kinds, with their sizes, stand in `farm virtual fault --help`, and in `kinds()`. UsageError for what cannot be.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def begin(
        self, kind: str, size: float | None = None, second: float | None = None, *, for_s: float | None = None
    ) -> int:
        """Begin one, of its usual sizes unless told otherwise, for so long or until it is cleared; its id."""
        return self._control.fault(kind, size, for_s, second)

    def clear(self, number: int | None = None) -> None:
        """End one, or all that are under way."""
        self._control.clear(number)

    @contextmanager
    def during(self, kind: str, size: float | None = None, second: float | None = None) -> Iterator[int]:
        """While the block runs."""
        number = self.begin(kind, size, second)
        try:
            yield number
        finally:
            self.clear(number)

    def begun(self) -> list[dict[str, object]]:
        """All since the handset was started: `{id, kind, size, begin_ns, end_ns, …}`, `end_ns` None while it lasts."""
        return self._control.faults()

    def kinds(self) -> dict[str, str]:
        """Kind → what it does."""
        return {each["kind"]: each["help"] for each in self._control.kinds()}


def faults_of(target: Target) -> Faults:
    """Those of the handset that answers there; the test is skipped where that is not a virtual one of this machine."""
    address = target.adbd or target.serial
    found = next((each.endpoint for each in running_handsets() if each.endpoint.adb == address), None)
    if found is None:
        pytest.skip(f"NOT_RUN: {target.name} is no virtual handset of this machine: faults are for those")
    return Faults(Control(found.control, target.name))
