"""`farm quarantine`: keep all runs from a handset until somebody has mended it."""

from __future__ import annotations

import argparse
from dataclasses import replace

from framework.commands import marking
from framework.commands.marking import Outcome
from framework.contract.capabilities import Handset
from framework.fleet.person import me

EXAMPLES = """examples:
  farm quarantine rack-7 --why "its battery is swollen"
  farm devices rack-7                                    shows it, with who, since when and why
  farm release rack-7                                    once it is mended
"""
ABOUT = """Keep all runs from a handset until it is released. The handset itself keeps the note, so it holds for every
machine. Runs pass it over and say why. A run that has it now goes on to its end."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    line = "keep runs off a broken handset"
    parser = marking.add_parser(subparsers, "quarantine", line, ABOUT, EXAMPLES)
    parser.add_argument("--why", required=True, metavar="TEXT", help="what is wrong, told by every run that passes")


def run(args: argparse.Namespace) -> int:
    """0 when it is in quarantine, 1 when somebody else has put it there already."""
    why = marking.reason(args.why)
    return marking.each(args, lambda handset: _quarantined(handset, why))


def _quarantined(handset: Handset, why: str) -> Outcome:
    from framework.handset.holder import described
    from framework.handset.marks import told

    name, found, who = handset.target.name, handset.marks(), me()
    if found.quarantine is not None and found.quarantine.who != who:
        return Outcome(name, False, (f"{name} is already {told(found.quarantine)}",), found)
    mark = handset.mark("quarantine", who, why, over=found.quarantine)
    lines = [f"{name} is in quarantine: {why}; `farm release {name}` ends it"]
    if found.lease is not None:
        lines.append(f"  a run has it still: {described(found.lease)}")
    return Outcome(name, True, tuple(lines), replace(found, quarantine=mark))
