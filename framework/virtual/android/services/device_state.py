"""`cmd device_state` and its dump (AOSP DeviceStateManagerShellCommand.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.profiles.record import Posture


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            ("state", _state),
            ("base-state", _base_state),
            ("print-state", _print_state),
            ("print-states", _print_states),
            ("print-states-simple", _print_states_simple),
        ),
    )


async def dump(call: Call) -> int:
    posture = call.device.posture
    lines = [
        "DEVICE STATE MANAGER (dumpsys device_state)",
        f"  mCommittedState=Optional[{_text(posture.current)}]",
        "  mPendingState=Optional.empty",
        f"  mBaseState=Optional[{_text(posture.base)}]",
        f"  mOverrideState={f'Optional[{_text(posture.override)}]' if posture.override else 'Optional.empty'}",
    ]
    await call.out("\n".join(lines) + "\n")
    return 0


async def _state(call: Call, arguments: Arguments) -> int:
    word = arguments.argument()
    posture = call.device.posture
    if word is None:
        await call.out(_all_states(call))
    elif word == "reset":
        posture.reset()
    else:
        return await _request(call, word)
    return 0


async def _request(call: Call, word: str) -> int:
    if not word.lstrip("-").isdecimal():
        await call.err("Error: requested state should be an integer\n")
        return FAILED
    try:
        call.device.posture.request(int(word))
    except KeyError:
        await call.err(f"Error: Requested state: {word} is not supported.\n" + _supported(call))
        return FAILED
    return 0


async def _base_state(call: Call, arguments: Arguments) -> int:
    """Move the hinge: what later releases let a tester do (`base-state STATE`)."""
    word = arguments.required()
    if not word.isdecimal() or call.device.posture.find(int(word)) is None:
        await call.err(f"Error: Requested state: {word} is not supported.\n")
        return FAILED
    call.device.posture.move_hinge(int(word))
    return 0


async def _print_state(call: Call, arguments: Arguments) -> int:
    """Just the identifier of the committed state."""
    await call.out(f"{call.device.posture.current.id}\n")
    return 0


async def _print_states(call: Call, arguments: Arguments) -> int:
    await call.out(_supported(call))
    return 0


async def _print_states_simple(call: Call, arguments: Arguments) -> int:
    await call.out(",".join(str(state.id) for state in call.device.posture.states) + "\n")
    return 0


def _all_states(call: Call) -> str:
    posture = call.device.posture
    lines = [f"Committed state: {_text(posture.current)}"]
    if posture.override is not None:
        lines += ["----------------------"]
        lines += [f"Base state: {_text(posture.base)}", f"Override state: {_text(posture.override)}"]
    return "\n".join(lines) + "\n"


def _supported(call: Call) -> str:
    states = "".join(f"  {_text(state)},\n" for state in call.device.posture.states)
    return f"Supported states: [\n{states}]\n"


def _text(state: Posture) -> str:
    """DeviceState.toString()"""
    flags = "app_accessible=true, cancel_when_requester_not_on_top=false"
    return f"DeviceState{{identifier={state.id}, name='{state.name}', {flags}}}"
