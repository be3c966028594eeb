"""Dates as date and touch write and read them, in UTC: the handset's time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from framework.virtual.commands.context import CommandFault

FORMATS = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
)
POSIX = re.compile(r"(?:(\d{2})?(\d{2}))?(\d{8})(?:\.(\d{2}))?")


def parse_date(text: str, now: int) -> int:
    """Seconds since 1970 of `@seconds`, an ISO date or [[CC]YY]MMDDhhmm[.ss]. Raises CommandFault."""
    if re.fullmatch(r"@-?\d+(\.\d+)?", text):
        return int(text[1:].partition(".")[0])
    for form in FORMATS:
        try:
            return int(datetime.strptime(re.sub(r"[.,]\d+", "", text), form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    if found := POSIX.fullmatch(text):
        today = datetime.fromtimestamp(now, UTC)
        year = int(found[1] or today.year // 100) * 100 + int(found[2] or today.year % 100)
        try:
            moment = datetime.strptime(f"{year}{found[3]}{found[4] or '00'}", "%Y%m%d%H%M%S")
        except ValueError:
            raise CommandFault(f"bad date '{text}'") from None
        return int(moment.replace(tzinfo=UTC).timestamp())
    raise CommandFault(f"bad date '{text}'")


def format_date(form: str, ns: int) -> str:
    """strftime(3) with %N for nanoseconds (%3N for fewer digits), at `ns` since 1970."""
    moment = datetime.fromtimestamp(ns // 1_000_000_000, UTC)
    fraction = f"{ns % 1_000_000_000:09d}"

    def value(found: re.Match[str]) -> str:
        kind = found[2]
        if kind == "N":
            return fraction[: int(found[1] or 9)]
        if kind == "s":
            return str(ns // 1_000_000_000)
        return moment.strftime(found[0]) if kind != "%" else "%"

    return re.sub(r"%([-_0-9^#]*)([a-zA-Z%])", value, form)
