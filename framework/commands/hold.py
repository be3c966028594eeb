"""`farm hold`: keep a handset for oneself for a while."""

from __future__ import annotations

import argparse
from dataclasses import replace

from framework.commands import marking
from framework.commands.marking import Outcome
from framework.contract.capabilities import Handset
from framework.fleet.person import me

EXAMPLES = """examples:
  farm hold rack-7 --for 2h --why "a look at the heat by hand"
  farm hold rack-7 --for 4h --why "it takes longer"     again by the same user: from now on for so long
  farm release rack-7                                   before its time is over
"""
ABOUT = """Keep a handset for yourself for a while. The handset itself keeps the note, so it holds for every machine,
and nothing of ours need go on running. A run of somebody else that has it now goes on to its end; the next ones wait
(pytest --lease-timeout). Your own runs, as the same user on the same machine, use it."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = marking.add_parser(subparsers, "hold", "keep a handset for yourself for a while", ABOUT, EXAMPLES)
    parser.add_argument(
        "--for",
        dest="how_long",
        default="1h",
        metavar="TIME",
        help="such as 45m, 2h, 1h30m or 3d (default: %(default)s)",
    )
    parser.add_argument("--why", required=True, metavar="TEXT", help="what for, told to whoever waits")


def run(args: argparse.Namespace) -> int:
    """0 when it is yours, 1 when it is held for somebody else."""
    for_s, why = marking.seconds(args.how_long), marking.reason(args.why)
    return marking.each(args, lambda handset: _held(handset, for_s, why))


def _held(handset: Handset, for_s: float, why: str) -> Outcome:
    from framework.handset.holder import described
    from framework.handset.marks import duration, told

    name, found, who = handset.target.name, handset.marks(), me()
    if found.hold is not None and found.hold.who != who:
        mend = f"ask for it, or `farm release --force {name}`"
        return Outcome(name, False, (f"{name}: {told(found.hold)} ({mend})",), found)
    hold = handset.mark("hold", who, why, for_s=for_s, over=found.hold)
    lines = [f"{name} is held for {who} for {duration(for_s)}; `farm release {name}` ends it"]
    if found.lease is not None:
        lines.append(f"  a run has it still: {described(found.lease)}")
    if found.quarantine is not None:
        lines.append(f"  no run uses it, yours neither: {told(found.quarantine)}")
    return Outcome(name, True, tuple(lines), replace(found, hold=hold))
