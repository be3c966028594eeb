"""`cmd deviceidle` and `dumpsys deviceidle` (AOSP DeviceIdleController.java): who is exempt from saving power."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch


async def shell(call: Call) -> int:
    return await dispatch(call, (("whitelist", _whitelist), ("enabled", _enabled), ("get", _get)))


async def dump(call: Call) -> int:
    """With arguments it takes the same commands; without, it tells the state."""
    if call.words:
        return await shell(call)
    names = sorted(call.device.power.exempt)
    apps = "".join(f"    {name}\n" for name in names)
    await call.out(f"  Whitelist user apps:\n{apps}  mState=ACTIVE\n  mLightState=ACTIVE\n")
    return 0


async def _whitelist(call: Call, arguments: Arguments) -> int:
    """`+PACKAGE` adds, `-PACKAGE` removes, `=PACKAGE` asks; without any, who is on it."""
    words = arguments.rest()
    exempt = call.device.power.exempt
    if not words:
        packages = [package for package in call.device.packages.all() if package.name in exempt]
        await call.out("".join(f"user,{package.name},{package.uid}\n" for package in packages))
    for word in words:
        sign, name = word[:1], word[1:]
        if sign not in "+-=":
            await call.out(f"Package must be prefixed with +, -, or =: {word}\n")
            return FAILED
        await call.out(_changed(call, sign, name))
    return 0


def _changed(call: Call, sign: str, name: str) -> str:
    exempt = call.device.power.exempt
    if sign == "=":
        return f"{str(name in exempt).lower()}\n"
    if sign == "-":
        removed = name in exempt
        exempt.discard(name)
        return f"Removed: {name}\n" if removed else ""
    if call.device.packages.get(name) is None:
        return f"Unknown package: {name}\n"
    exempt.add(name)
    return f"Added: {name}\n"


async def _enabled(call: Call, arguments: Arguments) -> int:
    await call.out("1\n")
    return 0


async def _get(call: Call, arguments: Arguments) -> int:
    what = arguments.required()
    known = {"light": "ACTIVE", "deep": "ACTIVE", "force": "false", "screen": str(call.device.power.awake).lower()}
    await call.out(f"{known.get(what, f'Unknown get option: {what}')}\n")
    return 0
