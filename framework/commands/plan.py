"""`farm plan`: who would run what and when, how long it would take, and what nobody can run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from framework.commands.past import HELP
from framework.contract.errors import UsageError
from framework.contract.handsets import AdbHandsets, Handset, VirtualHandset
from framework.contract.run import HandsetIdentity
from framework.fleet.expected import expected_identity
from framework.fleet.inventory import choose, read_inventory

DESCRIPTION = """Plan a run without a handset: the scheduler of `pytest -n` is played through
with the durations of past runs. Shown are the makespan, the bound that no
schedule can be shorter than and what decides it, what each handset would run
and when, and of what nobody can run the nearest handset and what it lacks.
Handsets are taken from the devices file as they are described there; what is
not virtual is described under its capabilities."""
EXAMPLES = """examples:
  farm plan                            all of suites/ on devices.yaml
  farm plan suites/voice --handset fold --all
                                       one suite on one handset, test by test
  farm plan suites -- -k weather       what pytest would select
  farm plan suites -- --each model     the matrix
  farm plan --tests tests.yaml --devices rack.yaml --json
                                       tests and handsets that need not exist
  farm plan --tests tests.yaml --durations d.yaml --deploy 40

  tests.yaml, or JSON:
    - {id: fold-1, seconds: 95, needs: {foldable: true, ram_gb: ">=12"}}
    - {id: chat-1, seconds: 20}
  d.yaml, or JSON:
    {fold-1: 95, chat-1: 20}
  rack.yaml:
    handsets:
      - {name: rack, kind: virtual, profile: xiaomi-13, count: 40}
      - name: p8
        kind: usb
        serial: X1
        capabilities: {model: Pixel 8, android: 15, ram_gb: 8}

exit codes: 0 planned (even if some tests cannot run), 2 a file or the call
is wrong
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "plan",
        help="who would run what and when, how long it takes, and what nobody can run",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(unknown_hint="pytest's options go after --: farm plan suites -- --each model")
    parser.add_argument(
        "suites", nargs="*", metavar="SUITES", help="files, folders or test ids; after --: options of pytest"
    )
    parser.add_argument("--tests", type=Path, metavar="FILE", help="a list of {id, seconds, needs} in place of suites")
    parser.add_argument(
        "--devices", type=Path, default=Path("devices.yaml"), metavar="FILE", help="default: %(default)s"
    )
    parser.add_argument(
        "--handset", action="append", default=[], metavar="NAME", help="of these handsets only; repeat it for several"
    )
    parser.add_argument(
        "--durations",
        type=Path,
        metavar="FILE",
        help="a mapping of tests to seconds, a list like that of --tests, or a folder of reports "
        "(default: the last runs of the history)",
    )
    parser.add_argument("--history", metavar="URL|FILE", help=HELP)
    parser.add_argument(
        "--deploy",
        type=_seconds,
        default=0.0,
        metavar="S",
        help="seconds that bringing the build to a handset takes (default: 0, all hold it)",
    )
    parser.add_argument("--all", action="store_true", help="show every test of every handset")
    parser.add_argument("--json", action="store_true", help="one JSON object, with the whole schedule")


def run(args: argparse.Namespace) -> int:
    """0; UsageError for what is wrong with files and call."""
    from framework.commands.plan_shown import as_json, as_text
    from framework.commands.plan_tests import known_durations, tasks_of_file, tasks_of_suites
    from framework.fleet.planning.plan import plan

    if args.suites and args.tests:
        raise UsageError("either suites or --tests, not both")
    handsets, unknown = _handsets(args.devices, args.handset)
    known = known_durations(args.durations, args.history)
    if args.tests:
        tasks = tasks_of_file(args.tests, known)
    else:
        tasks = tasks_of_suites(args.suites or ["suites"], args.devices, known)
    planned = plan(tasks, handsets, args.deploy)
    if args.json:
        print(json.dumps(as_json(planned, unknown), ensure_ascii=False, indent=2))
    else:
        print(as_text(planned, unknown, every=args.all))
    return 0


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise argparse.ArgumentTypeError(f"expected seconds, 0 or more, found {text}")
    return seconds


def _handsets(devices: Path, wanted: Sequence[str]) -> tuple[list[HandsetIdentity], list[str]]:
    """Who they will be, as the file says, and the entries of which nothing is known before they are asked."""
    inventory = read_inventory(devices)
    chosen = choose(inventory, wanted, str(devices)) if wanted else inventory.handsets
    unknown = [handset.name for handset in chosen if isinstance(handset, AdbHandsets)]
    known = [_identity(handset) for handset in chosen if not isinstance(handset, AdbHandsets)]
    if not known:
        raise UsageError(f"{devices} names only whole adb servers; list their handsets, with their capabilities")
    return known, unknown


def _identity(handset: Handset) -> HandsetIdentity:
    if not isinstance(handset, VirtualHandset):
        return expected_identity(handset)
    from framework.virtual.identity import identity_of

    return identity_of(handset)
