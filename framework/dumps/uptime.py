"""`/proc/uptime` and the command `uptime` (toybox; toolbox until Android 5).

The file counts boot time in steps of 10 ms; the command rounds it to minutes and adds the load averages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "uptime"
_FILE = re.compile(r"(?P<up>\d{1,12}\.\d{1,3}) (?P<idle>\d{1,12}\.\d{1,3})", re.ASCII)
_COMMAND = re.compile(
    r"(?:(?P<clock>\d\d:\d\d:\d\d) )?up +(?:(?P<days>\d{1,6}) days?, +)?"
    r"(?:(?P<hours>\d{1,2}):(?P<minutes>\d\d)|(?P<only_minutes>\d{1,2}) min)"
    r"(?:, +(?P<users>\d{1,6}) users?)?, +load average: (?P<load>\d{1,6}\.\d\d, \d{1,6}\.\d\d, \d{1,6}\.\d\d)",
    re.ASCII,
)
_SPAN = r"(?:(\d{1,6}) days?, )?(\d\d):(\d\d):(\d\d)"
_TOOLBOX = re.compile(rf"up time: {_SPAN}, idle time: {_SPAN}, sleep time: {_SPAN}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since boot, sleep included; `idle_s` is summed over the cores; `clock` is the wall time HH:MM:SS."""

    up_s: float
    idle_s: float | None = None
    sleep_s: float | None = None
    clock: str | None = None
    users: int | None = None
    load_1m: float | None = None
    load_5m: float | None = None
    load_15m: float | None = None


def parse(text: str) -> Uptime:
    """The first line that is one of the three forms; DumpError where there is none."""
    for _, line in numbered(text):
        if match := _FILE.fullmatch(line.strip()):
            return Uptime(float(match["up"]), float(match["idle"]))
        if match := _COMMAND.fullmatch(line.strip()):
            return _of_command(match)
        if match := _TOOLBOX.fullmatch(line.strip()):
            up, idle, sleep = (_seconds(*match.groups()[at : at + 4]) for at in (0, 4, 8))
            return Uptime(up, idle, sleep)
    raise DumpError(KIND, after_last(text), "`SECONDS.NN SECONDS.NN` or `up …, load average: N, N, N`")


def _of_command(match: re.Match[str]) -> Uptime:
    minutes = match["only_minutes"] or match["minutes"]
    load = [float(value) for value in match["load"].split(", ")]
    return Uptime(
        up_s=_seconds(match["days"], match["hours"], minutes, None),
        clock=match["clock"],
        users=int(match["users"]) if match["users"] else None,
        load_1m=load[0],
        load_5m=load[1],
        load_15m=load[2],
    )


def _seconds(days: str | None, hours: str | None, minutes: str | None, seconds: str | None) -> float:
    parts = (int(part or 0) for part in (days, hours, minutes, seconds))
    return float(sum(part * unit for part, unit in zip(parts, (86400, 3600, 60, 1), strict=True)))
