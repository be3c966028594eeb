"""`pm list packages` and `cmd package list packages`, with `-f`, `-U` and `--show-versioncode` or without."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXTRA = re.compile(r"\s(?P<key>versionCode|uid):(?P<value>\d+)")


@dataclass(frozen=True, slots=True)
class ListedPackage:
    """`path`, `version_code` and `uid` are there only where the listing was asked for them."""

    package: str
    path: str | None = None
    version_code: int | None = None
    uid: int | None = None


def parse(text: str) -> tuple[ListedPackage, ...]:
    """The packages in the order of the listing; other lines are left out."""
    return tuple(_package(line[8:].rstrip()) for line in text.splitlines() if line.startswith("package:"))


def _package(body: str) -> ListedPackage:
    extras = {match["key"]: int(match["value"]) for match in _EXTRA.finditer(body)}
    # A path may hold "=" itself (/data/app/~~bt-Gw==/…), a package name never does.
    path, equals, name = _EXTRA.sub("", body).split(" ")[0].rpartition("=")
    return ListedPackage(name, path if equals else None, extras.get("versionCode"), extras.get("uid"))
