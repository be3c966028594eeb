"""`getprop`: the system properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last

KIND = "getprop"


@dataclass(frozen=True, slots=True)
class Properties:
    """`values`: name → value of every property."""

    values: Mapping[str, str]


def parse(text: str) -> Properties:
    """The properties; DumpError where there is none, or where the last one has no end.

    Each is printed as `[name]: [value]`; a value may run over several lines (persist.sys.boot.reason.history does),
    and blank lines may stand between properties.
    """
    values: dict[str, str] = {}
    pending: list[str] = []
    for line in text.splitlines():
        if not pending and not (line.startswith("[") and "]: [" in line):
            continue
        pending.append(line)
        if line.endswith("]"):
            name, _, value = "\n".join(pending)[1:-1].partition("]: [")
            values[name] = value
            pending.clear()
    if pending:
        raise DumpError(KIND, after_last(text), f"the `]` that ends the value of {pending[0].partition(']')[0]}]")
    if not values:
        raise DumpError(KIND, after_last(text), "lines such as `[name]: [value]`")
    return Properties(values)
