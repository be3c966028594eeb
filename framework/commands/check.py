"""`farm check`: what is wrong with the files of a farm, without running anything."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from framework.contract.errors import Problem, UsageError
from framework.contract.kinds import KINDS, Kind, kind_of, model_of
from framework.contract.yaml_file import read, shown, validate

SUFFIXES = (".yaml", ".yml")
DESCRIPTION = """Read devices.yaml, build.yaml and scenario files and name every fault by file, line and key.
Without FILE: devices.yaml and every YAML file under suites/. A folder stands for the YAML files below it."""
EXAMPLES = """examples:
  farm check                             everything that is here
  farm check suites/smoke                one suite
  farm check build.yaml --json           for a script

exit codes: 0 no faults, 2 faults (one line each on standard error)
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file; `kind` is None for a file that could not be read."""

    file: str
    kind: Kind | None
    problems: tuple[Problem, ...]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "check",
        help="what is wrong with devices.yaml, builds and scenarios",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files or folders (default: all)")
    parser.add_argument("--json", action="store_true", help="a JSON array with one object for each file")


def run(args: argparse.Namespace) -> int:
    """0 without faults; UsageError with all of them otherwise (2 with --json)."""
    checked = [check_file(path) for path in files_below(args.files)]
    problems = [problem for file in checked for problem in file.problems]
    if args.json:
        print(json.dumps([asdict(file) for file in checked], ensure_ascii=False, indent=2))
        return UsageError.exit_code if problems else 0
    if problems:
        raise UsageError(*problems)
    print(_summary(checked))
    return 0


def check_file(path: Path) -> Checked:
    kind: Kind | None = None
    try:
        tree = read(path)
        kind = kind_of(path.stem, tree.data)
        validate(tree, model_of(kind), shown(path))
    except UsageError as error:
        return Checked(shown(path), kind, error.problems)
    return Checked(shown(path), kind, ())


def files_below(given: Sequence[Path]) -> list[Path]:
    """The files to check, each once, in order; UsageError where there is nothing to check."""
    paths = given or [path for path in (Path("devices.yaml"), Path("suites")) if path.exists()]
    found = list(dict.fromkeys(file for path in paths for file in _expanded(path)))
    if not found:
        where = ", ".join(map(str, given)) or "no devices.yaml and no suites/ in this folder"
        raise UsageError(f"nothing to check: {where}")
    return found


def _expanded(path: Path) -> Iterator[Path]:
    """A file as it is; of a folder its YAML files, but for hidden ones and for what builds have generated (out/)."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inner = file.relative_to(path).parts
        if file.suffix in SUFFIXES and not any(part == "out" or part.startswith(".") for part in inner):
            yield file


def _summary(checked: Sequence[Checked]) -> str:
    counts = Counter(file.kind for file in checked)
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    return f"no faults in {len(checked)} file{'s' if len(checked) > 1 else ''} ({kinds})"
