"""`cmd appops`, `appops` (AOSP AppOpsService.java, onShellCommand)."""

from __future__ import annotations

from framework.virtual.android.app_ops import MODES, default_mode, operation_of
from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.packages import Package
from framework.virtual.system.users import FIRST_APP


class _Fault(Exception):
    """What the command says on stderr before it returns -1."""


async def shell(call: Call) -> int:
    try:
        return await dispatch(call, (("set", _set), ("get", _get), ("query-op", _query), ("reset", _reset)))
    except _Fault as fault:
        await call.err(f"Error: {fault}\n")
        return FAILED


async def dump(call: Call) -> int:
    lines = ["Current AppOps Service state:"]
    for package in call.device.packages.all():
        modes = call.device.app_ops.of(package.name)
        if modes:
            lines += [f"  Uid u0a{package.uid - FIRST_APP}:", f"    Package {package.name}:"]
            lines += [f"      {operation} ({mode}):" for operation, mode in modes.items()]
    await call.out("\n".join(lines) + "\n")
    return 0


async def _set(call: Call, arguments: Arguments) -> int:
    package, operation = _package(call, arguments), _operation(arguments)
    mode = arguments.argument()
    if mode is None:
        raise _Fault("Mode not specified.")
    if mode not in MODES:
        raise _Fault(f"Mode {mode} is not valid")
    call.device.app_ops.set(package.name, operation, mode)
    return 0


async def _get(call: Call, arguments: Arguments) -> int:
    package, word = _package(call, arguments), arguments.argument()
    modes = call.device.app_ops.of(package.name)
    if word is not None:
        operation = _known(word)
        modes = {operation: modes[operation]} if operation in modes else {}
        if not modes:
            await call.out(f"No operations.\nDefault mode: {default_mode(operation)}\n")
            return 0
    await call.out("".join(f"{name}: {mode}\n" for name, mode in modes.items()) or "No operations.\n")
    return 0


async def _query(call: Call, arguments: Arguments) -> int:
    while arguments.option() is not None:
        arguments.required()
    operation = _operation(arguments)
    mode = arguments.argument() or "allow"
    device = call.device
    names = [each.name for each in device.packages.all() if device.app_ops.mode(each.name, operation) == mode]
    await call.out("".join(f"{name}\n" for name in names) or "No operations.\n")
    return 0


async def _reset(call: Call, arguments: Arguments) -> int:
    while arguments.option() is not None:
        arguments.required()
    name = arguments.argument()
    call.device.app_ops.reset(name)
    await call.out(f"Reset all modes for: {'all packages, ' if name is None else f'{name}, '}all users\n")
    return 0


def _package(call: Call, arguments: Arguments) -> Package:
    """The package that the next word names; options that change nothing here are read."""
    while (option := arguments.option()) is not None:
        if option in ("--user", "--attribution"):
            arguments.required()
        elif option != "--uid":
            raise ArgumentError(f"Unknown option: {option}")
    name = arguments.argument()
    if name is None:
        raise _Fault("No package specified.")
    package = call.device.packages.get(name)
    if package is None:
        raise _Fault(f"No UID for {name} in user 0")
    return package


def _operation(arguments: Arguments) -> str:
    word = arguments.argument()
    if word is None:
        raise _Fault("Operation not specified.")
    return _known(word)


def _known(word: str) -> str:
    operation = operation_of(word)
    if operation is None:
        raise _Fault(f"Unknown operation string: {word}")
    return operation
