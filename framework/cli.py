"""The `farm` command: one file a sub-command under `commands/`, imported only when it is called."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from framework.contract.errors import FarmError, Problem, UsageError

COMMANDS: tuple[tuple[str, str], ...] = (
    ("devices", "the handsets of the farm and how they are"),
    ("hold", "keep a handset for yourself for a while"),
    ("release", "end a hold or a quarantine"),
    ("quarantine", "keep runs off a broken handset"),
    ("doctor", "what is wrong with this machine and the handsets, and what to do"),
    ("check", "what is wrong with devices.yaml, builds and scenarios"),
    ("plan", "who would run what and when, how long it takes, and what nobody can run"),
    ("history", "the runs that were ever made, in a database"),
    ("flaky", "tests whose verdict changed without a change of the build"),
    ("parse", "what Android's commands print, as records"),
    ("trace", "what a recording holds: summary, page, Perfetto file, samples"),
    ("report", "the report of a run: pages, Allure's HTML, evidence pack"),
    ("schema", "JSON Schema of devices.yaml, build.yaml or scenarios, for editors"),
    ("virtual", "emulated handsets for any adb or Appium client"),
)
"""Name of the sub-command (and of its module) and its line in `farm --help`."""

INTERRUPTED = 130
HINT = "unknown_hint"
"""Default that a sub-command may set in its parser: what to do about arguments that it does not know."""
EPILOG = "Tests are run by pytest. `farm COMMAND --help` shows examples."


class Command(Protocol):
    """What a module under `commands/` offers."""

    def add_parser(self, subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None: ...

    def run(self, args: argparse.Namespace) -> int:
        """The exit code: 0, or 1 for "no"; errors are raised."""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0, 1 (no), 2 (your file or call), 3 (the lab), 130 (interrupted)."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    atexit.register(gc.freeze)  # nothing waits for its destructor, and Python's last search for garbage takes time
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except FarmError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: list[str]) -> int:
    names = [name for name, _ in COMMANDS]
    if arguments and not arguments[0].startswith("-") and arguments[0] not in names:
        raise _no_such(arguments[0], names)
    chosen = next((word for word in arguments if word in names), None)
    parser = argparse.ArgumentParser(prog="farm", description="Pocketfarm, the device farm.", epilog=EPILOG)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command: Command | None = None
    for name, line in COMMANDS:
        if name == chosen:
            command = _command(name)
            command.add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=line)
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        hint = getattr(args, HINT, f"`farm {chosen} --help` lists the options")
        raise UsageError(f"farm {chosen}: unknown arguments {' '.join(unknown)}; {hint}")
    return 0 if command is None else command.run(args)


def _no_such(command: str, names: Sequence[str]) -> UsageError:
    from framework.contract.record import nearest

    text = f"{command}: no such command; `farm --help` lists them"
    return UsageError(Problem(text, suggestion=nearest(command, names)))


def _command(name: str) -> Command:
    return cast(Command, import_module(f"framework.commands.{name}"))
