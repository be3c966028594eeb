"""`cmd device_state` output."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.device_state import CurrentState, DeviceState, parse, parse_current, parse_states
from framework.dumps.errors import DumpError

STATES = """Supported states: [
  DeviceState{identifier=0, name='CLOSE', app_accessible=true},
  DeviceState{identifier=1, name='TENT', app_accessible=true},
  DeviceState{identifier=3, name='OPEN', app_accessible=true},
]
"""
OVERRIDDEN = """Committed state: DeviceState{identifier=3, name='REAR_DISPLAY_MODE', app_accessible=true}
----------------------
Base state: DeviceState{identifier=2, name='OPENED', app_accessible=true}
Override state: DeviceState{identifier=3, name='REAR_DISPLAY_MODE', app_accessible=true}
"""


def test_states_are_listed_with_their_ids() -> None:
    """Ids are read as printed, gaps included."""
    assert parse_states(STATES) == (DeviceState(0, "CLOSE"), DeviceState(1, "TENT"), DeviceState(3, "OPEN"))


def test_an_empty_list_has_no_states() -> None:
    """A phone that does not fold may list nothing."""
    assert parse_states("Supported states: []\n") == ()


def test_a_request_shows_as_base_and_override() -> None:
    """While a state is requested, the hinge's own state is printed beside it."""
    rear = DeviceState(3, "REAR_DISPLAY_MODE")
    assert parse_current(OVERRIDDEN) == CurrentState(rear, DeviceState(2, "OPENED"), rear)


def test_without_a_committed_state_there_is_none() -> None:
    """An error message is no state."""
    assert parse_current("cmd: Can't find service: device_state\n") is None


def test_states_that_are_not_listed_are_none() -> None:
    """`state` does not tell whether the handset folds; an empty list does."""
    dump = parse(OVERRIDDEN)
    assert (dump.states, dump.foldable) == (None, None)
    assert (dump.base, dump.override) == (DeviceState(2, "OPENED"), DeviceState(3, "REAR_DISPLAY_MODE"))
    assert (parse("Supported states: []\r\n").states, parse("Supported states: []\r\n").foldable) == ((), False)


def test_other_text_is_refused() -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected `Supported states:"):
        parse("cmd: Can't find service: device_state\n")


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, all parsers answer, or refuse with DumpError."""
    assert isinstance(parse_states(text), tuple)
    assert parse_current(text) is None or "Committed" in text
    for dump in (text, STATES + text, f"hinge-angle0 = {text}"):
        with suppress(DumpError):
            parse(dump)


@pytest.mark.parametrize(
    ("name", "foldable"),
    [
        ("offsider__pixel9_nonfold_default", False),
        ("automobile__phone_print_states_empty", False),
        ("jetbrains__oem_close_tent_half_open", True),
        ("tradefed__print_states_1", True),
        ("tradefed__state_0", None),
    ],
)
def test_real_handsets_fold_or_not(capture: Callable[[str], str], name: str, foldable: bool | None) -> None:
    """More than one state makes a foldable."""
    assert parse(capture(f"device_state/{name}.txt")).foldable == foldable


def test_a_real_hinge(capture: Callable[[str], str]) -> None:
    """The emulator's console tells the angle."""
    assert parse(capture("device_state/automobile__hinge_angle_console.txt")).hinge_angle_deg == 120.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("offsider__pixel9_nonfold_default", ["DEFAULT"]),
        ("automobile__phone_print_states_empty", []),
        ("jetbrains__oem_close_tent_half_open", ["CLOSE", "TENT", "HALF_FOLDED", "OPEN"]),
        ("tradefed__print_states_1", ["CLOSED", "HALF_OPENED", "OPENED"]),
    ],
)
def test_real_lists(capture: Callable[[str], str], name: str, expected: list[str]) -> None:
    """The names of real captures, in their order."""
    states = parse_states(capture(f"device_state/{name}.txt"))
    assert [state.name for state in states] == expected
    assert [state.id for state in states] == list(range(len(expected)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("automobile__fold_closed_state", (0, None, None)),
        ("automobile__foldpf_override_rear_base_opened", (3, 2, 3)),
        ("tradefed__state_0", (2, None, None)),
        ("tradefed__state_2", (2, None, None)),
    ],
)
def test_real_states(capture: Callable[[str], str], name: str, expected: tuple[int, int | None, int | None]) -> None:
    """The committed, base and override ids of real captures."""
    current = parse_current(capture(f"device_state/{name}.txt"))
    assert current is not None
    found = tuple(state and state.id for state in (current.committed, current.base, current.override))
    assert found == expected
