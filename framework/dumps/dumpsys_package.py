"""`dumpsys package [NAME]`: installed packages with version and place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PACKAGE = re.compile(r"^ {2}Package \[(?P<name>[^\]]+)\]")
_FIELD = re.compile(r"(?:^ {4}| )(?P<key>versionCode|versionName|minSdk|targetSdk|codePath)=(?P<value>\S*)")


@dataclass(frozen=True, slots=True)
class PackageDump:
    package: str
    version_name: str
    version_code: int
    min_sdk: int | None
    target_sdk: int | None
    code_path: str


def parse(text: str) -> dict[str, PackageDump]:
    """Package name → record, from the section `Packages:` alone.

    `Hidden system packages:` repeats the factory version of an updated app and is left out.
    """
    found: dict[str, dict[str, str]] = {}
    section = ""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1].strip():
            section, fields = line.strip(), {}
        elif section == "Packages:" and (header := _PACKAGE.match(line)):
            fields = found.setdefault(header["name"], {})
        elif line.startswith("    ") and line[4:5].strip():
            for match in _FIELD.finditer(line):
                fields.setdefault(match["key"], match["value"])
    return {name: _record(name, fields) for name, fields in found.items()}


def _record(name: str, fields: dict[str, str]) -> PackageDump:
    return PackageDump(
        package=name,
        version_name=fields.get("versionName", ""),
        version_code=_number(fields.get("versionCode")) or 0,
        min_sdk=_number(fields.get("minSdk")),
        target_sdk=_number(fields.get("targetSdk")),
        code_path=fields.get("codePath", ""),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None
