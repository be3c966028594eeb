"""`farm virtual truth` and `farm virtual fault`: behind the wire of handsets that run on this machine."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from framework.contract.errors import UsageError
from framework.virtual.control.client import Control
from framework.virtual.control.registry import find_running
from framework.virtual.faults import FAULTS

NAME_HELP = "a handset that runs, started by `farm virtual up` or by a pytest run; NAME@PORT where two have one name"

TRUTH_EXAMPLES = """examples:
  farm virtual truth fold                        what happened on it, in short
  farm virtual truth fold --json                 all events, samples and faults, with exact times
  farm virtual truth fold --json --since 90e9    those after 90 s of its boot time
  farm virtual truth fold@40123                  the one whose ADB port is 40123
"""

FAULT_EXAMPLES = """examples:
  farm virtual fault fold clock_cap 0.3             clocks 30 % below nominal, until cleared
  farm virtual fault fold cpu_load 4 --for 60       four busy threads for 60 s of its time
  farm virtual fault fold unplug --for 100          the cable is out for 100 s of its time: 5 s of ours at speed 20
  farm virtual fault fold slow_link 50 300          50 KB/s, and 300 ms from end to end
  farm virtual fault fold reboot                    it restarts; Android is up again after 20 s of its time
  farm virtual fault fold app_crash                 the app in front crashes
  farm virtual fault fold --list                    what was begun, and what is under way
  farm virtual fault fold --clear                   end all that are under way; --clear 3 ends fault 3
"""


FAULT_TEXT = """Make something go wrong on a virtual handset.

All times are the handset's own: at speed 20, 60 s of it are 3 s of ours. What is undone leaves the handset as it was,
but for what really happened to it meanwhile (a battery that was not charged, an app that has died)."""

LASTS = {
    "until cleared": "until cleared, or --for SECONDS",
    "its size": "its SIZE, which --for SECONDS may give as well",
    "no time": "no time: there is nothing to undo",
}


def add_parsers(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add_truth(actions)
    _add_fault(actions)


def _add_truth(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    truth = actions.add_parser(
        "truth",
        help="what really happened on a virtual handset",
        description="What really happened on a virtual handset: exact times and values, which no command on it tells.",
        epilog=TRUTH_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    truth.add_argument("name", metavar="NAME", help=NAME_HELP)
    truth.add_argument("--since", type=float, default=0, metavar="NS", help="only from this boot time on, in ns")
    truth.add_argument("--boot", type=int, metavar="N", help="of another boot than the current one, counted from 0")
    truth.add_argument("--json", action="store_true", help="one JSON object")


def _add_fault(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    fault = actions.add_parser(
        "fault",
        help="make something go wrong on a virtual handset",
        description=FAULT_TEXT,
        epilog=f"{_kinds()}\n\n{FAULT_EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    fault.add_argument("name", metavar="NAME", help=NAME_HELP)
    fault.add_argument("kind", nargs="?", metavar="KIND", help="see below")
    fault.add_argument("size", nargs="?", type=float, metavar="SIZE", help="see below; there is a usual one")
    fault.add_argument("second", nargs="?", type=float, metavar="SIZE2", help="of kinds that have two sizes")
    for_help = "undone by itself after so long, in the handset's own time (default: when it is cleared)"
    fault.add_argument("--for", dest="for_s", type=float, metavar="SECONDS", help=for_help)
    other = fault.add_mutually_exclusive_group()
    other.add_argument("--clear", nargs="?", type=int, const=0, metavar="ID", help="end one fault, or all")
    other.add_argument("--list", action="store_true", help="the faults that were begun")
    fault.add_argument("--json", action="store_true", help="one JSON object")


def run_truth(args: argparse.Namespace) -> int:
    since_ns = int(args.since)
    if since_ns < 0:
        raise UsageError(f"--since: expected a time in ns, not {args.since:g}")
    told = control_of(args.name).truth(since_ns, args.boot)
    print(json.dumps(told, ensure_ascii=False) if args.json else _summary(told))
    return 0


def run_fault(args: argparse.Namespace) -> int:
    asked_otherwise = args.list or args.clear is not None
    if asked_otherwise == (args.kind is not None):
        raise UsageError("expected either a KIND, or --list, or --clear; --help shows the kinds")
    control = control_of(args.name)
    if args.kind is not None:
        number = control.fault(args.kind, args.size, args.for_s, args.second)
        print(json.dumps({"id": number}) if args.json else f"fault {number}")
        return 0
    if args.clear is not None:
        control.clear(args.clear or None)
    faults = control.faults()
    print(json.dumps({"faults": faults}) if args.json else _table(faults))
    return 0


def control_of(name: str) -> Control:
    running = find_running(name)
    return Control(running.endpoint.control, running.endpoint.name)


def _kinds() -> str:
    lines = ["kinds, with their sizes, and how long they last:"]
    for fault in FAULTS:
        lines.append(f"  {fault.kind:<20} {fault.help}")
        sizes = (("SIZE", fault.size), ("SIZE2", fault.second))
        lines += [f"  {'':<20}   {name}: {size}" for name, size in sizes if size]
        lines.append(f"  {'':<20}   lasts {LASTS[fault.lasts]}")
    return "\n".join(lines)


def _summary(told: Mapping[str, Any]) -> str:
    clock, counted = told["clock"], Counter(event["kind"] for event in told["events"])
    lines = [
        f"{told['name']} ({told['profile']}, seed {told['seed']}), boot {told['boot']} of {told['boots']}",
        f"clock    {clock['device_ns'] / 1e9:.3f} s since boot, {told['speed']:g} x host time, "
        f"{clock['slipped_ms']:g} ms given up in {len(clock['lines']) - 1} slips",
        "events   " + (", ".join(f"{kind} {count}" for kind, count in counted.items()) or "none"),
    ]
    return "\n".join([*lines, *_latest(told["samples"]), _table(told["faults"])])


def _latest(samples: Mapping[str, Sequence[tuple[int, float]]]) -> list[str]:
    """The newest value of each series; of processes, the resident memory of those that run."""
    newest = max((points[-1][0] for points in samples.values()), default=0)
    shown = {name: points[-1] for name, points in samples.items() if ":" not in name or name.endswith(":rss_mb")}
    return [f"  {name:<44} {value:g}" for name, (at_ns, value) in shown.items() if at_ns == newest]


def _table(faults: Sequence[Mapping[str, Any]]) -> str:
    if not faults:
        return "no faults"
    return "\n".join(f"fault {fault['id']:<3} {_line(fault)}" for fault in faults)


def _line(fault: Mapping[str, Any]) -> str:
    size = f"{fault['size']:g} {fault['unit']}" if fault["unit"] else ""
    size += f", {fault['second']:g} {fault['second_unit']}" if fault["second"] is not None else ""
    end = "under way" if fault["end_ns"] is None else f"to {fault['end_ns'] / 1e9:.3f} s"
    boots = "" if fault["end_boot"] in (None, fault["begin_boot"]) else f" of boot {fault['end_boot']}"
    return f"{fault['kind']:<20} {size:<16} from {fault['begin_ns'] / 1e9:.3f} s {end}{boots}"
