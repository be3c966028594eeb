"""`cmd input_method` (ime): AOSP InputMethodManagerService.java, ShellCommandImpl."""

from __future__ import annotations

from framework.virtual.android import input_methods
from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.services.input_method_dump import dump as dump


async def shell(call: Call) -> int:
    words = call.words[1:] if call.words[:1] == ("ime",) else call.words
    return await dispatch(
        call.to(*words),
        (("list", _list), ("enable", _enable), ("disable", _disable), ("set", _set), ("reset", _reset)),
    )


async def _list(call: Call, arguments: Arguments) -> int:
    every, brief = False, False
    while (option := arguments.option()) is not None:
        every, brief = every or option == "-a", brief or option == "-s"
        if option == "--user":
            arguments.required()
        elif option not in ("-a", "-s"):
            await call.err(f"Unknown option: {option}\n")
            return FAILED
    for method in (input_methods.all_methods if every else input_methods.enabled_methods)(call.device):
        await call.out(f"{method}\n" if brief else _long(method))
    return 0


def _long(method: str) -> str:
    """InputMethodInfo.dump"""
    package, _, name = method.partition("/")
    full = f"{package}{name}" if name.startswith(".") else name
    return (
        f"{method}:\n  mId={method} mSettingsActivityName=null mIsVrOnly=false"
        " mSupportsSwitchingToNextInputMethod=true\n"
        f"  mIsDefaultResId=0x0\n  Service:\n    ServiceInfo:\n      name={full}\n      packageName={package}\n"
    )


async def _enable(call: Call, arguments: Arguments) -> int:
    return await _switch(call, arguments, on=True)


async def _disable(call: Call, arguments: Arguments) -> int:
    return await _switch(call, arguments, on=False)


async def _switch(call: Call, arguments: Arguments, *, on: bool) -> int:
    method = await _known(call, arguments)
    if method is None:
        return FAILED
    changed = input_methods.enable(call.device, method, on)
    state = "enabled" if on else "disabled"
    await call.out(f"Input method {method}: {f'now {state}' if changed else f'already {state}'} for user #0\n")
    return 0


async def _set(call: Call, arguments: Arguments) -> int:
    method = await _known(call, arguments)
    if method is None:
        return FAILED
    if not input_methods.choose(call.device, method):
        await call.err(f"Unknown input method {method} cannot be selected for user #0\n")
        return FAILED
    await call.out(f"Input method {method} selected for user #0\n")
    return 0


async def _reset(call: Call, arguments: Arguments) -> int:
    input_methods.reset(call.device)
    await call.out(f"Reset current and enabled IMEs for user #0\n  Selected: {input_methods.current(call.device)}\n")
    return 0


async def _known(call: Call, arguments: Arguments) -> str | None:
    while arguments.option() is not None:
        arguments.required()  # --user ID
    method = arguments.required()
    if method in input_methods.all_methods(call.device):
        return method
    await call.err(f"Unknown input method {method} cannot be enabled for user #0\n")
    return None
