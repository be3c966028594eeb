"""`farm devices`: the handsets of the farm and how they are, once or as they change."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict
from functools import partial
from shutil import get_terminal_size

from framework.commands.device_discovery import DEVICES, Asked, Lookout
from framework.commands.device_rows import Asker, Row
from framework.commands.device_survey import Survey
from framework.commands.device_table import table
from framework.report.terminal import DIM, RESET

DESCRIPTION = """List the handsets of devices.yaml and whatever else is plugged in (what the local adb server has):
free or who has it, how warm and how full it is, which build is on it; or why one cannot be used and what to do."""
EXAMPLES = """examples:
  farm devices                     all handsets of devices.yaml, and what is plugged in
  farm devices rack-7 --json       one of them, for a script
  farm devices --watch             a live table, until Ctrl+C
  farm devices --watch --json      one JSON array a line, for a script that watches

exit codes: 0 every handset can be used, 2 your file or call, 3 one of them cannot be used; with --watch 0 at Ctrl+C
"""
Show = Callable[[list[Row]], None]
PATIENCE_S = 20.0
"""How long a handset may take to answer."""
EVERY_S = 5.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "devices",
        help="the handsets of the farm and how they are",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="by name, serial or HOST:PORT (default: all)")
    parser.add_argument("--devices", metavar="FILE", help=f"default: {DEVICES}, where there is one")
    parser.add_argument("--watch", action="store_true", help="again and again, until Ctrl+C")
    parser.add_argument(
        "--every", type=_seconds, default=EVERY_S, metavar="S", help="with --watch (default: %(default)g)"
    )
    parser.add_argument("--json", action="store_true", help="a JSON array; with --watch one a line")


def run(args: argparse.Namespace) -> int:
    """0 when every handset can be used, 3 otherwise; 0 when a watch is ended."""
    asked = Asked(args.names, args.devices)
    if args.watch:
        with suppress(KeyboardInterrupt):
            _watch(asked, args.every, as_json=args.json)
        return 0
    with closing(Survey([Asker(handset) for handset in asked.handsets()], PATIENCE_S)) as survey:
        rows = survey.rows(PATIENCE_S)
    if args.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        _print(rows)
    return 0 if all(row.usable for row in rows) else 3


def _watch(asked: Asked, every_s: float, *, as_json: bool) -> None:
    """Until interrupted: a live table at a terminal, else a table, or a line of JSON, each time."""
    with ExitStack() as stack:
        lookout = stack.enter_context(closing(Lookout(asked, every_s)))
        askers = [Asker(handset) for handset in asked.handsets()]
        survey = stack.enter_context(closing(Survey(askers, PATIENCE_S)))
        repeat = partial(_repeat, survey, lookout, every_s)
        if as_json:
            repeat(lambda rows: print(json.dumps([asdict(row) for row in rows], ensure_ascii=False)))
        elif not sys.stdout.isatty():
            repeat(_print)
        else:
            _live(repeat, every_s)


def _live(repeat: Callable[[Show], None], every_s: float) -> None:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console()
    with Live(console=console, auto_refresh=False) as live:

        def show(rows: list[Row]) -> None:
            lines = [
                *table(rows, console.width),
                f"{DIM}{time.strftime('%H:%M:%S')}, every {every_s:g} s, until Ctrl+C{RESET}",
            ]
            live.update(Text.from_ansi("\n".join(lines), no_wrap=True), refresh=True)

        repeat(show)


def _repeat(survey: Survey, lookout: Lookout, every_s: float, show: Show) -> None:
    while True:
        began = time.monotonic()
        others = lookout.news()
        if others is not None:
            survey.change(others)
        show(survey.rows(every_s))
        sys.stdout.flush()
        time.sleep(max(0.0, began + every_s - time.monotonic()))


def _print(rows: Sequence[Row]) -> None:
    columns = get_terminal_size().columns if sys.stdout.isatty() else None
    print("\n".join(table(rows, columns)))


def _seconds(word: str) -> float:
    value = float(word)
    if not 0.1 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"expected 0.1 to 3600 seconds, not {word}")
    return value
