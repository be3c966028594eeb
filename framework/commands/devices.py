"""`farm devices`: the handsets of the farm and how they are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import AvdHandset, Handset, VirtualHandset
from framework.fleet.inventory import choose, read_inventory, target
from framework.handset.states import state_in

EXAMPLES = """examples:
  farm devices                     all handsets of devices.yaml
  farm devices rack-7 --json       one of them, for a script
"""
EMULATED, FREE, LEASED = "emulated", "free", "leased"
USABLE = (EMULATED, FREE, LEASED)


@dataclass(frozen=True, slots=True)
class Row:
    """One handset, and what to do about it where it is of no use.

    `state` is `emulated` (started on demand), `free`, `leased`, or why it cannot be used: as adb calls it, such as
    `unauthorized`, `offline` or `recovery`, `absent` where an adb server does not have it, `unreachable` for all else.
    """

    name: str
    kind: str
    state: str
    model: str
    android: str
    holder: str
    detail: str
    tags: tuple[str, ...]
    mend: str = ""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "devices",
        help="the handsets of the farm and how they are",
        description="List the handsets of devices.yaml: free or leased and by whom, or why one cannot be used and what "
        "to do about it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--devices", default="devices.yaml", metavar="FILE", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="a JSON array")


def run(args: argparse.Namespace) -> int:
    """0 when every handset can be used, 3 otherwise."""
    handsets = choose(read_inventory(Path(args.devices)), args.names, args.devices)
    with ThreadPoolExecutor(max_workers=8) as pool:
        rows = list(pool.map(_row, handsets))
    print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) if args.json else _table(rows))
    return 0 if all(row.state in USABLE for row in rows) else 3


def _row(handset: Handset) -> Row:
    if isinstance(handset, AvdHandset):
        return Row(handset.name, handset.kind, EMULATED, handset.avd, "", "", "started on demand", handset.tags)
    if isinstance(handset, VirtualHandset):
        return Row(handset.name, handset.kind, EMULATED, handset.profile, "", "", "started on demand", handset.tags)
    try:
        return _asked(handset, target(handset, _not_virtual))
    except HandsetError as error:
        state = state_in(error.what) or "unreachable"
        return Row(handset.name, handset.kind, state, "", "", "", error.what, handset.tags, error.mend)


def _asked(handset: Handset, where: Target) -> Row:
    from framework.handset.handset import open_handset

    with open_handset(where) as opened:
        identity, holder = opened.identity, opened.holder()
    state = FREE if holder is None else LEASED
    who = "" if holder is None else f"{holder.who}: {holder.why}"
    return Row(handset.name, handset.kind, state, identity.title, identity.android, who, identity.soc, handset.tags)


def _not_virtual(name: str) -> Target:
    raise AssertionError(f"{name} is started on demand")


def _table(rows: Sequence[Row]) -> str:
    lines = [("NAME", "KIND", "STATE", "MODEL", "ANDROID", "HOLDER", "DETAIL")]
    lines += [(row.name, row.kind, row.state, row.model, row.android, row.holder, _told(row)) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _told(row: Row) -> str:
    return f"{row.detail}; {row.mend}" if row.mend else row.detail
