"""`cmd device_state`: the postures that a handset knows, and the one it is in.

Printed by AOSP's DeviceStateManagerShellCommand, Android 12 and later; the fields after the name vary by release.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "device_state"

_STATE = re.compile(r"DeviceState\{identifier=(?P<id>[0-9]{1,9}), name='(?P<name>[^']*)'")
_ROLE = re.compile(r"^\s*(?P<role>Committed|Base|Override) state: (?P<state>.*)$", re.MULTILINE)
_LISTED = re.compile(r"^\s*Supported states: ?\[", re.MULTILINE)
_HINGE = re.compile(r"^\s*hinge-angle[0-9]* = (?P<degrees>-?[0-9]{1,3}(?:\.[0-9]{1,6})?)\s*$", re.MULTILINE)


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


@dataclass(frozen=True, slots=True)
class DeviceStateDump:
    """`states` and `foldable` are None where the states are not listed (`state` prints the committed one only).

    A handset with one state, or none, does not fold. `hinge_angle_deg` is what the emulator's console prints for
    `sensor get hinge-angle0`.
    """

    states: tuple[DeviceState, ...] | None
    foldable: bool | None
    committed: DeviceState | None
    base: DeviceState | None
    override: DeviceState | None
    hinge_angle_deg: float | None


def parse(text: str) -> DeviceStateDump:
    """What `print-states` or `state` prints; DumpError for a text that tells neither states nor a hinge."""
    states = parse_states(text) if _LISTED.search(text) else None
    current = parse_current(text)
    hinge = _HINGE.search(text)
    if states is None and current is None and hinge is None:
        raise DumpError(KIND, 1, "`Supported states: [` or `Committed state: DeviceState{identifier=0, name=…}`")
    return DeviceStateDump(
        states=states,
        foldable=None if states is None else len(states) > 1,
        committed=current.committed if current else None,
        base=current.base if current else None,
        override=current.override if current else None,
        hinge_angle_deg=float(hinge["degrees"]) if hinge else None,
    )


def parse_states(text: str) -> tuple[DeviceState, ...]:
    """The states that `print-states` lists; none for a handset that prints an empty list."""
    return tuple(DeviceState(int(match["id"]), match["name"]) for match in _STATE.finditer(text))


def parse_current(text: str) -> CurrentState | None:
    """What `state` prints; None where no committed state is told."""
    roles = {match["role"]: states[0] for match in _ROLE.finditer(text) if (states := parse_states(match["state"]))}
    if "Committed" not in roles:
        return None
    return CurrentState(roles["Committed"], roles.get("Base"), roles.get("Override"))
