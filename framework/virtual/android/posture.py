"""Device states: how a foldable is held, and an override asked for over ADB (DeviceStateManagerService)."""

from __future__ import annotations

from collections.abc import Callable

from framework.virtual.profiles.record import Posture

Listener = Callable[[Posture], None]


class PostureManager:
    """The state that the hinge is in (`base`), the one that was requested, and the one that counts."""

    def __init__(self, states: tuple[Posture, ...]) -> None:
        self.states = states
        self.base = max(states, key=lambda state: state.hinge_deg or 0)
        self.override: Posture | None = None
        self._listeners: list[Listener] = []

    @property
    def current(self) -> Posture:
        return self.override or self.base

    def find(self, wanted: str | int) -> Posture | None:
        """By id, or by name, in any case."""
        for state in self.states:
            if wanted in (state.id, str(state.id)) or str(wanted).upper() == state.name:
                return state
        return None

    def request(self, wanted: str | int) -> Posture:
        """Override the state; KeyError when there is no such one."""
        state = self.find(wanted)
        if state is None:
            raise KeyError(wanted)
        self._change(self.base, state)
        return state

    def reset(self) -> None:
        """Back to what the hinge says."""
        self._change(self.base, None)

    def move_hinge(self, wanted: str | int) -> Posture:
        """Fold the handset itself."""
        state = self.find(wanted)
        if state is None:
            raise KeyError(wanted)
        self._change(state, self.override)
        return state

    def listen(self, listener: Listener) -> None:
        """Call `listener(current)` whenever the state that counts has changed."""
        self._listeners.append(listener)

    def _change(self, base: Posture, override: Posture | None) -> None:
        before = self.current
        self.base, self.override = base, override
        if self.current != before:
            for listener in self._listeners:
                listener(self.current)
