"""`farm virtual`: handsets for any client, until interrupted; their truth, faults in them, whom they let in."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from framework.commands import virtual_auth, virtual_control
from framework.contract.errors import UsageError
from framework.contract.handsets import Inventory, VirtualHandset
from framework.fleet.inventory import choose, read_inventory, speed
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest

EXAMPLES = """examples:
  farm virtual up                          every virtual handset of devices.yaml
  farm virtual up mix-fold-3 --speed 1     one of them, in real time
  adb connect 127.0.0.1:PORT               any adb client, with the printed address
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("virtual", help="emulated handsets for any adb or Appium client")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_up(actions)
    virtual_control.add_parsers(actions)
    virtual_auth.add_parser(actions)


def _add_up(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = actions.add_parser(
        "up",
        help="start virtual handsets and print where they answer, until interrupted",
        description="Start virtual handsets and print the ADB address and the Appium URL of each, until interrupted.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    up.add_argument("names", nargs="*", metavar="NAME", help="handsets of the file (default: all virtual ones)")
    up.add_argument("--devices", default="devices.yaml", metavar="FILE", help="default: %(default)s")
    up.add_argument("--speed", type=float, metavar="N", help="device time over host time (default: the file's)")
    up.add_argument("--json", action="store_true", help="one JSON object a line and handset")


def run(args: argparse.Namespace) -> int:
    actions = {
        "up": _up,
        "truth": virtual_control.run_truth,
        "fault": virtual_control.run_fault,
        "auth": virtual_auth.run,
    }
    return actions[args.action](args)


def _up(args: argparse.Namespace) -> int:
    from framework.virtual.launcher import virtual_handsets

    if args.speed is not None and not 0 < args.speed <= 200:
        raise UsageError(f"--speed: expected a number above 0 and up to 200, not {args.speed:g}")
    inventory = read_inventory(Path(args.devices))
    chosen = choose(inventory, args.names, args.devices) if args.names else inventory.handsets
    requests, interrupted = _requests(inventory, chosen, args.speed), _interrupted()
    with virtual_handsets(requests) as handsets:
        for endpoint in handsets.endpoints():
            print(json.dumps(asdict(endpoint)) if args.json else _line(endpoint), flush=True)
        if not args.json:
            print("Ctrl+C ends them.", file=sys.stderr, flush=True)
        handsets.wait(interrupted)
    return 0


def _requests(inventory: Inventory, chosen: Sequence[object], override: float | None) -> list[VirtualRequest]:
    virtual = [handset for handset in chosen if isinstance(handset, VirtualHandset)]
    if not virtual:
        raise UsageError("none of the chosen handsets is a virtual one (kind: virtual)")
    return [VirtualRequest.of(one, override or speed(one, inventory)) for one in virtual]


def _line(endpoint: VirtualEndpoint) -> str:
    return f"{endpoint.name:<14} adb {endpoint.adb:<17} appium {endpoint.appium}  speed {endpoint.speed:g}"


def _interrupted() -> threading.Event:
    """Set by Ctrl+C or a polite kill."""
    event = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: event.set())
    return event
