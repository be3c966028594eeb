"""`cmd device_state`: the postures that a handset knows, and the one it is in.

Printed by AOSP's DeviceStateManagerShellCommand, Android 12 and later; the fields after the name vary by release.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATE = re.compile(r"DeviceState\{identifier=(?P<id>\d+), name='(?P<name>[^']*)'")
_ROLE = re.compile(r"^\s*(?P<role>Committed|Base|Override) state: (?P<state>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One posture. Ids differ between makers (OPEN is 2 on some, 3 on others): choose by name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CurrentState:
    """`base` is what the hinge says, `override` what a request set over it; both are printed only during a request."""

    committed: DeviceState
    base: DeviceState | None = None
    override: DeviceState | None = None


def parse_states(text: str) -> tuple[DeviceState, ...]:
    """The states that `print-states` lists; none for a handset that prints an empty list."""
    return tuple(DeviceState(int(match["id"]), match["name"]) for match in _STATE.finditer(text))


def parse_current(text: str) -> CurrentState | None:
    """What `state` prints; None where no committed state is told."""
    roles = {match["role"]: states[0] for match in _ROLE.finditer(text) if (states := parse_states(match["state"]))}
    if "Committed" not in roles:
        return None
    return CurrentState(roles["Committed"], roles.get("Base"), roles.get("Override"))
