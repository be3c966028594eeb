"""`farm release`: end a hold or a quarantine."""

from __future__ import annotations

import argparse
from dataclasses import replace

from framework.commands import marking
from framework.commands.marking import Outcome
from framework.contract.capabilities import Handset
from framework.contract.marks import Mark
from framework.fleet.person import me

EXAMPLES = """examples:
  farm release rack-7              your own hold, and your own quarantine
  farm release --force rack-7      somebody else's, too: it says whose
"""
ABOUT = """End your own hold of a handset and your own quarantine; with --force those of others, too. The lease of a run
is not touched: it ends with the run."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = marking.add_parser(subparsers, "release", "end a hold or a quarantine", ABOUT, EXAMPLES)
    parser.add_argument("--force", action="store_true", help="also what somebody else has put there")


def run(args: argparse.Namespace) -> int:
    """0 when nothing of ours is there any more, 1 when all that is there is somebody else's."""
    return marking.each(args, lambda handset: _released(handset, force=args.force))


def _released(handset: Handset, *, force: bool) -> Outcome:
    from framework.handset.holder import described

    name, found, who = handset.target.name, handset.marks(), me()
    present = [mark for mark in (found.hold, found.quarantine) if mark is not None]
    ended = [mark for mark in present if force or mark.who == who]
    for mark in ended:
        handset.unmark(mark)
    kept = [mark for mark in present if mark not in ended]
    lines = [_ended(name, mark, who) for mark in ended] + [_kept(name, mark) for mark in kept]
    if not present:
        lines.append(f"{name} is neither held nor in quarantine")
    if found.lease is not None:
        lines.append(f"  a run has it: {described(found.lease)}")
    left = {mark.kind: None for mark in ended}
    return Outcome(name, bool(ended) or not kept, tuple(lines), replace(found, **left))


def _ended(name: str, mark: Mark, who: str) -> str:
    from framework.handset.marks import told

    if mark.who == who:
        return f"{name} is released: it was {told(mark)}"
    return f"{name} is released; WARNING: it was somebody else's, {told(mark)}: tell them"


def _kept(name: str, mark: Mark) -> str:
    from framework.handset.marks import told

    return f"{name}: still {told(mark)} (ask for it, or `farm release --force {name}`)"
