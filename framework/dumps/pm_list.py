"""`pm list packages` and `cmd package list packages`, with `-f`, `-U` and `--show-versioncode` or without."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import numbered

KIND = "pm_list"

_EXTRA = re.compile(r"\s(?P<key>versionCode|uid):(?P<value>[0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class ListedPackage:
    """`path`, `version_code` and `uid` are there only where the listing was asked for them."""

    package: str
    path: str | None = None
    version_code: int | None = None
    uid: int | None = None


@dataclass(frozen=True, slots=True)
class PmListDump:
    """The packages in the order of the listing."""

    packages: tuple[ListedPackage, ...]


def parse(text: str) -> PmListDump:
    """None listed in an empty text (no package matched); DumpError for a text that holds other lines only."""
    lines = [(number, line.strip()) for number, line in numbered(text)]
    packages = tuple(_package(line[8:]) for _, line in lines if line.startswith("package:"))
    if lines and not packages:
        raise DumpError(KIND, lines[0][0], "lines such as `package:com.example.app`")
    return PmListDump(packages)


def _package(body: str) -> ListedPackage:
    extras = {match["key"]: int(match["value"]) for match in _EXTRA.finditer(body)}
    # A path may hold "=" itself (/data/app/~~bt-Gw==/…), a package name never does.
    path, equals, name = _EXTRA.sub("", body).split(" ")[0].rpartition("=")
    return ListedPackage(name, path if equals else None, extras.get("versionCode"), extras.get("uid"))
