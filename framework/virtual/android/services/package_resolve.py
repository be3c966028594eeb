"""`cmd package resolve-activity` and `query-activities`: what an intent would start."""

from __future__ import annotations

from dataclasses import replace

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import Call, Subcommand
from framework.virtual.android.intents import parse_intent, short_component
from framework.virtual.android.packages import Package
from framework.virtual.apps.base import Intent

MATCH = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true"
"""ResolveInfo.dump of a filter that takes the intent by its category."""


async def _resolve(call: Call, arguments: Arguments) -> int:
    intent, brief = _wanted(arguments)
    component = call.device.packages.resolve(intent)
    found = call.device.packages.activity(component) if component is not None else None
    if component is None or found is None:
        await call.out("No activity found\n")
    elif brief:
        await call.out(f"{MATCH}\n{short_component(component)}\n")
    else:
        await call.out(f"{MATCH}\n{_described(component, found[0], '')}")
    return 0


async def _query(call: Call, arguments: Arguments) -> int:
    intent, brief = _wanted(arguments)
    packages = call.device.packages
    named = (replace(intent, package=each.name) for each in packages.all() if intent.package in (None, each.name))
    found = {component for each in named if (component := packages.resolve(each)) is not None}
    known = [(each, entry[0]) for each in sorted(found) if (entry := packages.activity(each)) is not None]
    if not known:
        await call.out("No activities found\n")
        return 0
    await call.out(f"{len(known)} activities found:\n")
    for number, (component, package) in enumerate(known):
        if brief:
            await call.out(f"  {MATCH}\n  {short_component(component)}\n")
        else:
            await call.out(f"  Activity #{number}:\n    {MATCH}\n{_described(component, package, '    ')}")
    return 0


def _wanted(arguments: Arguments) -> tuple[Intent, bool]:
    """The intent, and whether only the component is to be printed."""
    flags = set[str]()

    def read(option: str, rest: Arguments) -> bool:
        if option in ("--user", "--query-flags"):
            rest.required()
        elif option in ("--brief", "--components"):
            flags.add(option)
        else:
            return False
        return True

    return parse_intent(arguments, read), bool(flags)


def _described(component: str, package: Package, indent: str) -> str:
    """ActivityInfo.dump"""
    name = component.partition("/")[2]
    lines = ("ActivityInfo:", f"  name={name}", f"  packageName={package.name}", "  enabled=true exported=true")
    return "".join(f"{indent}{line}\n" for line in lines)


SUBCOMMANDS: tuple[tuple[str, Subcommand], ...] = (
    ("resolve-activity", _resolve),
    ("query-activities", _query),
)
