"""Folding and unfolding by `cmd device_state` (Android 12 and later)."""

from __future__ import annotations

import time
from collections.abc import Callable

from framework.contract.capabilities import Fold, Shell
from framework.contract.errors import HandsetError
from framework.dumps.device_state import CurrentState, DeviceState, parse_current, parse_states
from framework.handset.connection import Deadline

NAMES: dict[Fold, tuple[str, ...]] = {
    "closed": ("CLOSED", "CLOSE", "FOLDED"),
    "half_open": ("HALF_OPENED", "HALF_FOLDED", "HALF_OPEN", "HALF_CLOSED"),
    "open": ("OPENED", "OPEN", "UNFOLDED"),
}
"""What makers call each posture, the usual name first; ids differ between makers and are never relied on."""

SEEN_AS: dict[str, Fold] = {
    "TENT": "half_open",
    "REAR_DISPLAY_MODE": "open",
    "CONCURRENT_INNER_DEFAULT": "open",
}
"""Further states that a handset can be found in, and that are never asked for."""

_FOLLOWED_S = 20.0
_POLL_S = 0.1
_SAME_READINGS = 3
"""The fold is told before the display has followed: so many equal readings in a row are taken as settled."""


class HandsetPosture:
    """`contract.capabilities.Posture`; `time_scale` is device time over host time."""

    def __init__(self, handset: str, shell: Shell, time_scale: float = 1.0) -> None:
        self._handset, self._shell = handset, shell
        self._poll_s = _POLL_S / time_scale

    @property
    def states(self) -> tuple[Fold, ...]:
        """The postures that it can be asked for, from closed to open; none where it does not fold."""
        states = self._states()
        found = tuple(fold for fold in NAMES if _named(fold, states) is not None)
        return found if {"closed", "open"} <= set(found) else ()

    @property
    def foldable(self) -> bool:
        return bool(self.states)

    def current(self) -> Fold | None:
        if not self.foldable:
            return None
        name = self._state().committed.name
        fold = next((fold for fold, names in NAMES.items() if name in names), SEEN_AS.get(name))
        if fold is None:
            raise HandsetError(
                self._handset, f"its posture {name} is not known", "tell the name to the makers of the farm"
            )
        return fold

    def fold(self, state: Fold) -> None:
        wanted = _named(state, self._states())
        if wanted is None or not self.foldable:
            raise HandsetError(self._handset, f"it cannot be {state.replace('_', ' ')}: it does not fold so")
        self._request(str(wanted.id))
        self._await_settled(lambda now: now.committed.id == wanted.id, f"folding to {wanted.name}")

    def reset(self) -> None:
        """Give the hinge its word back."""
        if not self.foldable:
            return
        self._request("reset")
        self._await_settled(lambda now: now.override is None, "resetting the posture")

    def _states(self) -> tuple[DeviceState, ...]:
        return parse_states(self._shell.run("cmd", "device_state", "print-states").text)

    def _state(self) -> CurrentState:
        printed = self._shell.run("cmd", "device_state", "state", check=True).text
        state = parse_current(printed)
        if state is None:
            raise HandsetError(self._handset, f"it does not tell its posture: {printed[:80]!r}")
        return state

    def _request(self, what: str) -> None:
        result = self._shell.run("cmd", "device_state", "state", what)
        if result.exit != 0 or "Error" in result.text:
            complaint = result.text or result.stderr.decode("utf-8", "replace")
            raise HandsetError(self._handset, f"it refuses the posture {what}: {complaint.strip()[:200]}")

    def _await_settled(self, reached: Callable[[CurrentState], bool], what: str) -> None:
        """Until the state is reached and, together with the size of the display, stays as it is."""
        deadline = Deadline(_FOLLOWED_S, self._handset, what)
        readings: list[tuple[CurrentState, str]] = []
        while len(readings) < _SAME_READINGS:
            deadline.remaining()
            reading = (self._state(), self._shell.run("wm", "size").text)
            if not reached(reading[0]):
                readings.clear()
            elif readings and readings[-1] != reading:
                readings = [reading]
            else:
                readings.append(reading)
            time.sleep(self._poll_s)


def _named(fold: Fold, states: tuple[DeviceState, ...]) -> DeviceState | None:
    by_name = {state.name: state for state in states}
    return next((by_name[name] for name in NAMES[fold] if name in by_name), None)
