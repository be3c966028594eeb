"""`getprop`: the system properties."""

from __future__ import annotations


def parse(text: str) -> dict[str, str]:
    """Name → value of every property.

    Each is printed as `[name]: [value]`; a value may run over several lines (persist.sys.boot.reason.history does),
    and blank lines may stand between properties.
    """
    properties: dict[str, str] = {}
    pending: list[str] = []
    for line in text.splitlines():
        if not pending and not (line.startswith("[") and "]: [" in line):
            continue
        pending.append(line)
        if line.endswith("]"):
            name, _, value = "\n".join(pending)[1:-1].partition("]: [")
            properties[name] = value
            pending.clear()
    return properties
