"""Holds and quarantines: what people put on a handset, so that it holds for every machine and needs no process.

Each is a file of one line on the handset. Whether a hold is over is told by the handset's boot clock, which counts on
while it sleeps and which nobody sets. After a restart that clock begins anew, and only then the wall clock decides:
where that is wrong, a hold ends early or late by as much, but is never longer than it was to be from any look at it.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any, get_args

from framework.contract.errors import HandsetError
from framework.contract.marks import Kind, Mark, Marks
from framework.handset import holder
from framework.handset.preparation import FOLDER
from framework.handset.shell import HandsetShell

KINDS: tuple[Kind, ...] = get_args(Kind)

LOOK = f"""look() {{
  read -r up rest </proc/uptime
  read -r boot </proc/sys/kernel/random/boot_id
  echo "now $up $boot $(date +%s)"
  for kind in {" ".join(KINDS)}; do
    [ ! -r {FOLDER}/$kind ] || {{ echo "$kind"; cat {FOLDER}/$kind; }}
  done
}}
"""
"""A function for mksh that prints the handset's clocks and its marks; `read_marks` reads it."""

_QUESTION = f"{LOOK}look\n{holder.ASK}"

_SWAP = f"""mkdir -p {FOLDER} && exec 9>>{FOLDER}/marks || exit 1
flock 9 9>&9
found=
[ -r {FOLDER}/$kind ] && read -r found <{FOLDER}/$kind
[ "$found" = "$expected" ] || {{ echo CHANGED; exit 0; }}
[ -n "$mark" ] || {{ rm -f {FOLDER}/$kind; exit; }}
printf '%s\\n' "$mark" >{FOLDER}/$kind.part && mv -f {FOLDER}/$kind.part {FOLDER}/$kind && exit
rm -f {FOLDER}/$kind.part
exit 1
"""


@dataclass(frozen=True, slots=True)
class Now:
    """The handset's clocks in seconds: since it was started, and since 1970."""

    boot_s: float
    boot_id: str
    wall_s: int


def ask(shell: HandsetShell, time_scale: float) -> Marks:
    """One question; HandsetError when the handset does not answer."""
    return read_marks(shell.script(_QUESTION, check=True).text, time_scale)


def put(
    handset: str,
    shell: HandsetShell,
    time_scale: float,
    kind: Kind,
    who: str,
    why: str,
    *,
    for_s: float | None = None,
    over: Mark | None = None,
) -> Mark:
    """Mark the handset for `for_s` host seconds, None until released, in place of `over`.

    HandsetError where somebody else has marked it meanwhile, or where it has no room.
    """
    now = _now(shell.script(f"{LOOK}look", check=True).text)
    if now is None:
        raise HandsetError(handset, "it does not tell its time, so it cannot be marked")
    device_s = None if for_s is None else for_s * time_scale
    times = {"boot_id": now.boot_id, "since_boot_s": now.boot_s, "since_wall_s": now.wall_s, "for_s": device_s}
    line = json.dumps({"who": who, "why": why, **times})
    _swap(handset, shell, kind, "" if over is None else over.raw, line)
    return Mark(kind, who, why, now.wall_s, for_s, line)


def remove(handset: str, shell: HandsetShell, mark: Mark) -> None:
    """HandsetError where somebody else has marked it meanwhile."""
    _swap(handset, shell, mark.kind, mark.raw, "")


def told(mark: Mark) -> str:
    """Who has marked the handset, since when, for what and how long still, in words."""
    word = "held" if mark.kind == "hold" else "quarantined"
    left = "" if mark.left_s is None else f", {duration(mark.left_s)} left"
    return f"{word} by {mark.who} since {holder.since(mark.since_wall_s)} for {mark.why}{left}"


def duration(seconds: float) -> str:
    """Such as `2 h`, `1 h 20 min` or `45 s`."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(max(1, round(whole / 60)), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def _swap(handset: str, shell: HandsetShell, kind: Kind, expected: str, line: str) -> None:
    values = {"kind": kind, "expected": expected, "mark": line}
    settings = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    if shell.script(settings + _SWAP, check=True).text == "CHANGED":
        raise HandsetError(handset, f"its {kind} was changed at the same time by somebody else", "try again")


def read_marks(text: str, time_scale: float) -> Marks:
    """What `look` printed, and after it `holder.ASK`."""
    now = _now(text)
    head, _, held = text.partition("\nHELD\n")
    found: dict[str, Mark | None] = {}
    lines = head.splitlines()
    for kind in KINDS:
        if kind in lines:
            found[kind] = _mark(kind, "".join(lines[lines.index(kind) + 1 :][:1]), now, time_scale)
    lease = holder.read_holder(f"HELD\n{held}") if held or text.endswith("\nHELD") else None
    return Marks(lease, found.get("hold"), found.get("quarantine"))


def _now(text: str) -> Now | None:
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and words[0] == "now":
            try:
                return Now(float(words[1]), words[2], int(words[3]))
            except ValueError:
                return None
    return None


def _mark(kind: Kind, raw: str, now: Now | None, time_scale: float) -> Mark | None:
    """None once it is over. One that cannot be read, which other software may have written, stays until released."""
    try:
        read = json.loads(raw)
        left_s = _left_s(read, now)
        who, why, since_s = str(read["who"]), str(read["why"]), int(read["since_wall_s"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return Mark(kind, "someone", "a reason that cannot be read", 0, None, raw)
    if left_s is not None and left_s <= 0:
        return None
    return Mark(kind, who, why, since_s, None if left_s is None else left_s / time_scale, raw)


def _left_s(read: dict[str, Any], now: Now | None) -> float | None:
    """Device seconds until a mark is over, by the boot clock; after a restart by the wall clock."""
    for_s = read["for_s"]
    if for_s is None:
        return None
    if now is None:
        return float(for_s)
    if now.boot_id == read["boot_id"]:
        return float(read["since_boot_s"]) + float(for_s) - now.boot_s
    return min(float(for_s), int(read["since_wall_s"]) + float(for_s) - now.wall_s)
