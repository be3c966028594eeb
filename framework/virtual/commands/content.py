"""content: rows of content providers (AOSP frameworks/base/cmds/content); here of the settings'."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from framework.virtual.android.settings import NAMESPACES
from framework.virtual.commands.context import Context

USAGE = """usage: adb shell content [subcommand] [options]

usage: adb shell content insert --uri <URI> [--user <USER_ID>] --bind <BINDING> [--bind <BINDING>...]
usage: adb shell content update --uri <URI> [--user <USER_ID>] --bind <BINDING> [--where <WHERE>]
usage: adb shell content delete --uri <URI> [--user <USER_ID>] [--where <WHERE>]
usage: adb shell content query --uri <URI> [--user <USER_ID>] [--projection <PROJECTION>] [--where <WHERE>] [--sort]
"""
SETTINGS = re.compile(r"content://settings/(?P<namespace>\w+)(?:/(?P<name>[\w.]+))?")
WHERE = re.compile(r"""\s*name\s*=\s*['"](?P<name>[^'"]*)['"]\s*""")
COLUMNS = ("_id", "name", "value", "is_preserved_in_restore")


class _Refused(Exception):
    """What the command or a provider says of a call."""


@dataclass(slots=True)
class _Options:
    uri: str = ""
    where: str | None = None
    projection: tuple[str, ...] = COLUMNS
    binds: dict[str, str] = field(default_factory=dict)


async def run(ctx: Context) -> int:
    words = ctx.argv[1:]
    if not words or words[0] not in ("query", "insert", "update", "delete"):
        await ctx.err(f"[ERROR] Unsupported operation: {words[0] if words else ''}\n{USAGE}")
        return 1
    try:
        await ctx.out(_Provider(ctx, _read(words[1:])).call(words[0]))
    except _Refused as refused:
        await ctx.err(f"{refused}\n")
        return 1
    return 0


class _Provider:
    """The rows that an address and a condition mean."""

    def __init__(self, ctx: Context, options: _Options) -> None:
        found = SETTINGS.fullmatch(options.uri)
        if found is None or found["namespace"] not in NAMESPACES:
            authority = options.uri.removeprefix("content://").partition("/")[0]
            fault = f"java.lang.IllegalStateException: Could not find provider: {authority}"
            raise _Refused(f"Error while accessing provider:{authority}\n{fault}")
        self._settings, self._options = ctx.device.settings, options
        self._namespace, self._name = found["namespace"], found["name"]
        if options.where is not None:
            where = WHERE.fullmatch(options.where)
            if where is None:
                raise _Refused(f"java.lang.IllegalArgumentException: only name='…' is supported here: {options.where}")
            self._name = where["name"]

    def call(self, what: str) -> str:
        if what == "query":
            return self._query()
        if what == "delete":
            self._settings.delete(self._namespace, self._name or "")
            return ""
        values = self._options.binds
        name = values.get("name", self._name)
        if name is None or "value" not in values:
            raise _Refused("java.lang.IllegalArgumentException: name and value expected")
        self._settings.put(self._namespace, name, values["value"])
        return ""

    def _query(self) -> str:
        rows = [
            (number, {"_id": str(number + 1), "name": name, "value": value, "is_preserved_in_restore": "0"})
            for number, (name, value) in enumerate(self._settings.list(self._namespace))
            if self._name in (None, name)
        ]
        text = "".join(self._row(number, row) for number, (_, row) in enumerate(rows))
        return text or "No result found.\n"

    def _row(self, number: int, row: Mapping[str, str]) -> str:
        shown = [name for name in self._options.projection if name in row]
        return f"Row: {number} " + ", ".join(f"{name}={row[name]}" for name in shown) + "\n"


def _read(words: Sequence[str]) -> _Options:
    options, left = _Options(), list(words)
    while left:
        option = left.pop(0)
        if not left:
            raise _Refused(f"[ERROR] Argument expected after: {option}\n{USAGE}")
        value = left.pop(0)
        match option:
            case "--uri":
                options.uri = value
            case "--where":
                options.where = value
            case "--projection":
                options.projection = tuple(value.split(":"))
            case "--bind":
                name, _, typed = value.partition(":")
                options.binds[name] = typed.partition(":")[2]
            case "--user" | "--sort" | "--extra":
                pass
            case _:
                raise _Refused(f"[ERROR] Unsupported argument: {option}\n{USAGE}")
    if not options.uri:
        raise _Refused(f"[ERROR] Content provider URI not specified. Did you specify --uri argument?\n{USAGE}")
    return options
