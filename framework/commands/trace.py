"""`farm trace`: what a recording holds, and its page, Perfetto file and samples made anew."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from framework.contract.errors import Problem, UsageError
from framework.journal.places import RECORDING
from framework.journal.trace import Recording, read_trace

BESIDE, STDOUT = "", "-"
DESCRIPTION = """Print what was recorded: each turn with its metrics, how exact they are and by which method, each
series, what cannot be trusted, what happened to the handset, what could not be recorded. A recording that a killed
run has left is read too. Its page, Perfetto file and samples can be made anew."""
EXAMPLES = """examples:
  farm trace reports/latest                             the recordings of the last run
  farm trace reports/latest/units/SCENARIO/HANDSET/1-1  one of them (or its trace.jsonl)
  farm trace FILE --json                                for a script: series as their statistics
  farm trace FILE --page                                its page anew, beside it (OUT: elsewhere; -: standard output)
  farm trace FILE --perfetto /tmp/my.pftrace            for https://ui.perfetto.dev
  farm trace FILE --csv - | head                        all samples, one row a time

exit codes: 0 read, 2 no recording, or not readable (standard error says what was expected where)
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "trace",
        help="what a recording holds: summary, page, Perfetto file, samples",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a trace.jsonl, or a folder that holds any")
    parser.add_argument("--json", action="store_true", help="one JSON object; an array for several recordings")
    for name, what in (("page", "trace.html"), ("perfetto", "trace.pftrace"), ("csv", "samples.csv")):
        words = f"write {what}, beside the recording unless OUT is given"
        parser.add_argument(f"--{name}", nargs="?", const=BESIDE, metavar="OUT", help=words)


def run(args: argparse.Namespace) -> int:
    """0; UsageError where there is no recording."""
    paths = recordings(args.file)
    wanted = {name: getattr(args, name) for name in ("page", "perfetto", "csv") if getattr(args, name) is not None}
    if len(paths) > 1 and wanted:
        places = [str(path.parent) for path in paths]
        raise UsageError(Problem(f"name one of {len(paths)} recordings, such as {places[0]}", str(args.file)))
    if wanted:
        recording = read_trace(paths[0])
        for name, out in wanted.items():
            _write(name, out, paths[0].parent, recording)
    elif len(paths) > 1:
        _list(paths, args.json)
    else:
        _show(read_trace(paths[0]), args.json)
    return 0


def recordings(place: Path) -> list[Path]:
    """The recording that is meant, or those below a folder."""
    if not place.is_dir():
        return [place]
    found = sorted(place.rglob(RECORDING))
    if not found:
        raise UsageError(
            Problem(f"expected a {RECORDING}, or a folder that holds any, such as reports/latest", str(place))
        )
    return found


def _show(recording: Recording, as_json: bool) -> None:
    from framework.report.trace_text import record, summary

    print(json.dumps(record(recording), ensure_ascii=False, indent=2) if as_json else summary(recording))


def _list(paths: list[Path], as_json: bool) -> None:
    """One line a recording; of those that cannot be read, why: the others still are."""
    from framework.report.trace_text import record, row

    found = [_read(path) for path in paths]
    if as_json:
        records = [
            {"file": str(path), **record(one)}
            for path, one in zip(paths, found, strict=True)
            if not isinstance(one, str)
        ]
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for path, one in zip(paths, found, strict=True):
        print(one if isinstance(one, str) else row(str(path.parent), one))


def _read(path: Path) -> Recording | str:
    try:
        return read_trace(path)
    except UsageError as error:
        return f"unreadable  {error}"


def _write(name: str, out: str, folder: Path, recording: Recording) -> None:
    """To standard output without a word, else say where."""
    file_name, content = _made(name, recording)
    if out == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    path = folder / file_name if out == BESIDE else Path(out)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(path))) from error
    print(path)


def _made(name: str, recording: Recording) -> tuple[str, bytes]:
    from framework.report.perfetto import perfetto_trace
    from framework.report.samples import samples_csv
    from framework.report.trace_page import trace_page

    unit, repetition = recording.unit, recording.repetition
    if name == "page":
        return "trace.html", trace_page(unit, repetition).encode("utf-8", "replace")
    if name == "perfetto":
        return "trace.pftrace", perfetto_trace(unit, repetition).content
    if repetition.trace is None:
        raise UsageError("nothing was recorded: there are no samples")
    return "samples.csv", samples_csv(repetition.trace).encode("utf-8", "replace")
