"""`farm parse`: what Android's commands print, as records."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, is_dataclass
from pathlib import Path
from textwrap import fill

from framework.contract.errors import Problem, UsageError
from framework.dumps.errors import DumpError
from framework.dumps.kinds import KINDS, parser

STDIN = "-"
DESCRIPTION = """Read the output of an Android command and print what it says, with stable field names and units
in the names. What the output does not hold is null, never 0."""
EXAMPLES = f"""examples:
  adb shell dumpsys thermalservice | farm parse thermalservice
  adb shell cat /proc/meminfo | farm parse proc_meminfo --json
  farm parse getprop getprop.txt --json

kinds:
{fill("  ".join(KINDS), 100, initial_indent="  ", subsequent_indent="  ")}

exit codes: 0 read, 2 unreadable (standard error says what was expected where)
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = subparsers.add_parser(
        "parse",
        help="what Android's commands print, as records",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help="what was printed (see below)")
    command.add_argument("file", nargs="?", default=STDIN, metavar="FILE", help="a file, or - for standard input")
    command.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """0; UsageError for a file that cannot be opened, or for text that is not of this kind."""
    text = _read(args.file)
    try:
        record = parser(args.kind)(text)
    except DumpError as error:
        file = "standard input" if args.file == STDIN else args.file
        raise UsageError(Problem(f"expected {error.expected}", file, error.line, error.kind)) from error
    print(_as_json(record) if args.json else _as_text(record))
    return 0


def _read(file: str) -> str:
    """Bytes that are no UTF-8 become U+FFFD: names in a dump may be cut in the middle of a character."""
    if file == STDIN:
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        return Path(file).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), file)) from error


def _as_json(record: object) -> str:
    return json.dumps(_tree(record), ensure_ascii=False, indent=2, allow_nan=False)


def _as_text(record: object) -> str:
    import yaml

    return yaml.safe_dump(_tree(record), allow_unicode=True, sort_keys=False, width=120).rstrip()


def _tree(record: object) -> object:
    assert is_dataclass(record), "every parser gives a dataclass"
    assert not isinstance(record, type)
    return asdict(record)
