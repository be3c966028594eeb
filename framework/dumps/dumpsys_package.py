"""`dumpsys package [NAME]`: installed packages with version and place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "dumpsys_package"

_PACKAGE = re.compile(r"^ {2}Package \[(?P<name>[^\]]+)\]")
_FIELD = re.compile(r"(?:^ {4}| )(?P<key>versionCode|versionName|minSdk|targetSdk|codePath)=(?P<value>\S*)")


_UNKNOWN = "Unable to find package:"


@dataclass(frozen=True, slots=True)
class PackageDump:
    """None: not printed."""

    package: str
    version_name: str | None
    version_code: int | None
    min_sdk: int | None
    target_sdk: int | None
    code_path: str | None


@dataclass(frozen=True, slots=True)
class PackagesDump:
    """The installed packages in the order of the dump; none where the one asked for is not installed."""

    packages: tuple[PackageDump, ...]


def parse(text: str) -> PackagesDump:
    """DumpError for a text without a section of packages."""
    packages = parse_packages(text)
    lines = [line.strip() for line in text.splitlines()]
    if not packages and "Packages:" not in lines and not any(line.startswith(_UNKNOWN) for line in lines):
        raise DumpError(KIND, 1, "a section `Packages:`")
    return PackagesDump(tuple(packages.values()))


def parse_packages(text: str) -> dict[str, PackageDump]:
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
        version_name=fields.get("versionName"),
        version_code=_number(fields.get("versionCode")),
        min_sdk=_number(fields.get("minSdk")),
        target_sdk=_number(fields.get("targetSdk")),
        code_path=fields.get("codePath"),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,19}", text) else None
