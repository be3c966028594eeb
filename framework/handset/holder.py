"""Who holds the lease of a handset, as anybody may ask it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from framework.contract.marks import LeaseHolder
from framework.handset.preparation import FOLDER
from framework.handset.shell import HandsetShell

# mksh hides descriptors above 2 from the programs it starts, hence `9>&9`.
LOCK = f"exec 9>>{FOLDER}/lease || exit 1"
ASK = f"""[ -e {FOLDER}/lease ] || exit 0
{LOCK}
flock -n 9 9>&9 || {{ echo HELD; cat {FOLDER}/holder; exit 0; }}
"""
"""Asks who holds the handset; `read_holder` reads what it prints."""


def holder(handset: str, shell: HandsetShell) -> LeaseHolder | None:
    """Who holds the handset, None when it is free."""
    return read_holder(shell.script(ASK, check=True).text)


def read_holder(text: str) -> LeaseHolder | None:
    """What `ASK` printed."""
    answer, _, described = text.partition("\n")
    if answer != "HELD":
        return None
    try:
        return LeaseHolder(**json.loads(described))
    except (ValueError, TypeError):  # it is just being taken or given back
        return LeaseHolder("someone", "", 0, 0)


def described(held_by: LeaseHolder) -> str:
    """Who it is, since when and for what; another host has written it, so that any part may be anything."""
    if not held_by.counter:
        return str(held_by.who)
    return f"{held_by.who} since {since(held_by.since_wall_s)} for {held_by.why}"


def since(wall_s: float) -> str:
    """A time of the handset's wall clock."""
    try:
        return datetime.fromtimestamp(wall_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (TypeError, ValueError, OverflowError, OSError):
        return "an unknown time"
