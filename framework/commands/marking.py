"""What `farm hold`, `farm quarantine` and `farm release` share: which handsets, and how the outcome is told."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from framework.contract.capabilities import Handset as OpenHandset
from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.contract.handsets import AvdHandset, Handset, VirtualHandset
from framework.contract.marks import Mark, Marks
from framework.fleet.inventory import StartedTarget, choose, read_inventory, target
from framework.handset.plugged import running_avd

DEVICES = "devices.yaml"
UNITS: tuple[tuple[str, int], ...] = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_DURATION = re.compile("".join(rf"(?:(\d+)\s*{unit}\s*)?" for unit, _ in UNITS))
LONGEST_S = 30 * 86400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it on one handset: whether it was done, and what is to be said."""

    name: str
    done: bool
    lines: tuple[str, ...]
    marks: Marks


Act = Callable[[OpenHandset], Outcome]


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], name: str, line: str, about: str, examples: str
) -> argparse.ArgumentParser:
    """The parser of such a command, with what all of them take."""
    parser = subparsers.add_parser(
        name,
        help=line,
        description=about,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="handset by its name, serial or HOST:PORT")
    parser.add_argument("--devices", default=DEVICES, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="a JSON array, one object a handset")
    return parser


def seconds(text: str) -> float:
    """`90s`, `30m`, `2h`, `1h30m` or `3d` as seconds; UsageError for anything else, nothing or too much."""
    found = _DURATION.fullmatch(text.strip())
    total = 0 if found is None else sum(int(n or 0) * size for n, (_, size) in zip(found.groups(), UNITS, strict=True))
    if not 0 < total <= LONGEST_S:
        raise UsageError(f"--for: expected a time such as 45m, 2h, 1h30m or 3d, 30d at most, not {text!r}")
    return float(total)


def reason(text: str) -> str:
    """In one line, and not empty; UsageError."""
    words = " ".join(text.split())
    if not words:
        raise UsageError("--why: say in a few words for what, so that others know")
    return words


def each(args: argparse.Namespace, act: Act) -> int:
    """Do it on every handset that was named and tell what came of it: 0, 1 where one was not to be had, 3 the lab."""
    inventory = read_inventory(Path(args.devices), may_be_missing=args.devices == DEVICES)
    handsets = choose(inventory, args.names, args.devices)
    codes, shown = [0], []
    for handset, started in _reached(handsets):
        try:
            outcome = _on(handset, started, act)
        except HandsetError as error:
            print(error, file=sys.stderr)
            codes.append(error.exit_code)
            continue
        codes.append(0 if outcome.done else 1)
        shown.append(_plain(outcome))
        if not args.json or not outcome.done:
            print(*outcome.lines, sep="\n", file=sys.stdout if outcome.done else sys.stderr)
    if args.json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    return max(codes)


def _reached(handsets: Sequence[Handset]) -> list[tuple[Handset, StartedTarget]]:
    """How each is reached. Of one that is started on demand each run has its own: nobody else can take it away."""
    found: list[tuple[Handset, StartedTarget]] = []
    problems = []
    for one in handsets:
        serial = running_avd(None, one.avd) if isinstance(one, AvdHandset) else None
        if isinstance(one, VirtualHandset):
            mend = f"to keep one, start it with `farm virtual up {one.name}` and list what it prints as kind tcp"
            problems.append(f"{one.name} is started anew for each run, so there is nothing to hold; {mend}")
        elif isinstance(one, AvdHandset) and serial is None:
            mend = f"start it with `emulator -avd {one.avd}`: runs use one that is there already"
            problems.append(f"{one.name} does not run, so there is nothing to hold; {mend}")
        else:
            found.append((one, partial(Target, serial=serial, tags=one.tags)))
    if problems:
        raise UsageError(*problems)
    return found


def _on(handset: Handset, started: StartedTarget, act: Act) -> Outcome:
    from framework.handset.handset import open_handset

    with open_handset(target(handset, started)) as opened:
        return act(opened)


def _plain(outcome: Outcome) -> dict[str, Any]:
    lease = outcome.marks.lease
    return {
        "name": outcome.name,
        "done": outcome.done,
        "hold": _mark(outcome.marks.hold),
        "quarantine": _mark(outcome.marks.quarantine),
        "lease": None if lease is None else asdict(lease),
    }


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {"who": mark.who, "why": mark.why, "since_wall_s": mark.since_wall_s, "left_s": mark.left_s}
