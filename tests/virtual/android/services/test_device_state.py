"""`cmd device_state`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def calls(on_bench: OnBench, *commands: str, profile: str = "xiaomi-mix-fold-3") -> list[Result]:
    async def script(bench: Bench) -> list[Result]:
        return [await bench.cmd("device_state", *command.split()) for command in commands]

    return list(on_bench(script, profile))


def text(number: int, name: str) -> str:
    return (
        f"DeviceState{{identifier={number}, name='{name}', app_accessible=true, "
        "cancel_when_requester_not_on_top=false}"
    )


def test_the_state_alone(on_bench: OnBench) -> None:
    """One line without an override; print-state only its number."""
    state, number = calls(on_bench, "state", "print-state")
    assert state.out == f"Committed state: {text(3, 'OPENED')}\n"
    assert number.out == "3\n"


def test_an_override_adds_two_lines(on_bench: OnBench) -> None:
    """The base stays what the hinge says; reset takes it back."""
    results = calls(on_bench, "state 0", "state", "state reset", "state")
    assert [result.status for result in results] == [0, 0, 0, 0]
    assert results[1].out == (
        f"Committed state: {text(0, 'CLOSED')}\n"
        "----------------------\n"
        f"Base state: {text(3, 'OPENED')}\nOverride state: {text(0, 'CLOSED')}\n"
    )
    assert results[3].out == f"Committed state: {text(3, 'OPENED')}\n"


def test_all_states(on_bench: OnBench) -> None:
    """With brackets and commas as on phones, or as numbers."""
    states, simple = calls(on_bench, "print-states", "print-states-simple")
    names = ((0, "CLOSED"), (2, "HALF_OPENED"), (3, "OPENED"), (4, "TENT"))
    lines = "".join(f"  {text(number, name)},\n" for number, name in names)
    assert states.out == f"Supported states: [\n{lines}]\n"
    assert simple.out == "0,2,3,4\n"


def test_unsupported_states_are_refused(on_bench: OnBench) -> None:
    """By number or by name: only supported numbers are taken."""
    number, name, state = calls(on_bench, "state 1", "state CLOSED", "print-state")
    assert (number.status, name.status) == (255, 255)
    assert number.err.startswith("Error: Requested state: 1 is not supported.\n")
    assert "integer" in name.err
    assert state.out == "3\n"


def test_the_hinge_can_be_moved(on_bench: OnBench) -> None:
    """The base state changes, without an override."""
    moved, state = calls(on_bench, "base-state 2", "state")
    assert moved.status == 0
    assert state.out == f"Committed state: {text(2, 'HALF_OPENED')}\n"


def test_a_phone_has_only_default(on_bench: OnBench) -> None:
    """And says so."""
    (states,) = calls(on_bench, "print-states", profile="xiaomi-13")
    assert states.out == f"Supported states: [\n  {text(0, 'DEFAULT')},\n]\n"


def test_it_is_written_as_a_real_one(on_bench: OnBench, capture: object) -> None:
    """The same words as an emulated Pixel Fold's."""
    real = capture("device_state/automobile__foldpf_override_rear_base_opened.txt")  # type: ignore[operator]
    mine = calls(on_bench, "state 0", "state")[1].out
    renamed = mine.replace(text(0, "CLOSED"), text(3, "REAR_DISPLAY_MODE")).replace(
        text(3, "OPENED"), text(2, "OPENED")
    )
    assert renamed.strip() == real.strip()
