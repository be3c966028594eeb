"""`cmd settings` (AOSP packages/SettingsProvider SettingsService.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.settings import NAMESPACES


async def shell(call: Call) -> int:
    words = tuple(_without_user(call.words))
    return await dispatch(call.to(*words), (("get", _get), ("put", _put), ("delete", _delete), ("list", _list)))


def _without_user(words: tuple[str, ...]) -> list[str]:
    """`--user ID` may stand anywhere; there is one user."""
    kept = list(words)
    while "--user" in kept:
        at = kept.index("--user")
        del kept[at : at + 2]
    return kept


async def _get(call: Call, arguments: Arguments) -> int:
    namespace = await _namespace(call, arguments)
    if namespace is None:
        return FAILED
    value = call.device.settings.get(namespace, arguments.required())
    await call.out(f"{'null' if value is None else value}\n")
    return 0


async def _put(call: Call, arguments: Arguments) -> int:
    namespace = await _namespace(call, arguments)
    if namespace is None:
        return FAILED
    call.device.settings.put(namespace, arguments.required(), arguments.required())
    return 0


async def _delete(call: Call, arguments: Arguments) -> int:
    namespace = await _namespace(call, arguments)
    if namespace is None:
        return FAILED
    rows = call.device.settings.delete(namespace, arguments.required())
    await call.out(f"Deleted {rows} rows\n")
    return 0


async def _list(call: Call, arguments: Arguments) -> int:
    namespace = await _namespace(call, arguments)
    if namespace is None:
        return FAILED
    await call.out("".join(f"{key}={value}\n" for key, value in call.device.settings.list(namespace)))
    return 0


async def _namespace(call: Call, arguments: Arguments) -> str | None:
    word = arguments.required()
    if word in NAMESPACES:
        return word
    await call.err(f"Invalid namespace '{word}'\n")
    return None
