"""`farm report`: a run's pages and Allure's HTML, its evidence as one file, and both made anew from that."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from framework.commands.ini import reports_of
from framework.commands.report_made import COMPARISON, LATEST, LeftOut, Report, Wanted, make
from framework.contract.errors import UsageError

DESCRIPTION = """Make the report of a run: the release page and the trace pages, and Allure's HTML, which is made by
Allure 3 with its classic interface beside it. Node.js is taken from the PATH or from pip (pocketfarm[report]), Allure
from npm, once; where only Java is there, by the `allure` (2) of the PATH. Our own pages need none of them: without
Allure they are made all the same, standard error says what is missing and how to mend it, and the exit code is 0,
unless Allure's HTML was asked for (--html, --single-file, --allure2). No page asks anything outside this machine."""
EXAMPLES = """examples:
  farm report                              the last run: its pages, and allure/ beside them
  farm report --open                       and in the browser, served on loopback until Ctrl+C
  farm report --against 2026-11-02T09-12-44-3107
                                           compared with that run (default: the last one of another build)
  farm report --lang zh --single-file      in Chinese; each interface of Allure as one file, to be sent by mail
  farm report --no-html --json             only our own pages; paths and seconds for a script
  farm report --pack build-7.zip           the evidence as one file: results, traces, journal, hashes, fingerprints
  farm report --from build-7.zip           elsewhere: checked, unpacked to build-7/RUN, and everything made anew;
                                           RUN is a run's folder as any other (farm trace, --against)

exit codes: 0 made, 1 Allure has failed, 2 your call or file, or what was asked for is missing on this machine
"""
LANGUAGES = ("en", "zh")
FROM = "unpacked"
"""Where argparse puts the value of --from."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "report",
        help="the report of a run: pages, Allure's HTML, evidence pack",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", nargs="?", type=Path, metavar="RUN", help="folder of a run (default: reports/latest)")
    parser.add_argument("--against", metavar="RUN", help="folder or name of the run to compare with")
    parser.add_argument("--history", metavar="URL|FILE", help="where it is looked for (default: as pytest finds it)")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the pages (default: the browser's, else en)")
    html = parser.add_mutually_exclusive_group()
    html.add_argument("--html", action="store_true", help="fail where Allure's HTML cannot be made")
    html.add_argument("--no-html", action="store_true", help="leave Allure's HTML out")
    parser.add_argument("--allure2", action="store_true", help="by the Allure 2 of the PATH, whatever else is there")
    parser.add_argument("--single-file", action="store_true", help="each interface of Allure as one file")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR",
        help="Allure's HTML there (default: RUN/allure); with --from: unpacked there (default: named like the FILE)",
    )  # fmt: skip
    parser.add_argument("--pack", type=Path, metavar="FILE", help="write the evidence of the run as one file (zip)")
    parser.add_argument("--from", type=Path, metavar="FILE", dest=FROM, help="make the report of an evidence pack")
    parser.add_argument(
        "--no-redact", action="store_true",
        help="leave serial numbers, accounts, phone numbers and secrets in the release page and the pack",
    )  # fmt: skip
    parser.add_argument("--open", action="store_true", help="show it in the browser, until Ctrl+C")
    parser.add_argument("--json", action="store_true", help="a JSON object: paths, seconds, what was left out and why")


def run(args: argparse.Namespace) -> int:
    """0; FarmError where what was asked for explicitly could not be made, after everything else was."""
    _check(args)
    report = make(_wanted(args), _say)
    print(json.dumps(report.record(), ensure_ascii=False, indent=2) if args.json else "\n".join(report.lines()))
    sys.stdout.flush()
    for left in report.left_out:
        _told(left, args)
    if args.open:
        _show(report, _say)
    return 0


def _check(args: argparse.Namespace) -> None:
    packed = getattr(args, FROM)
    if args.run is not None and packed is not None:
        raise UsageError("name a RUN, or an evidence pack with --from: not both")
    if args.no_html and (args.allure2 or args.single_file or (args.output and not packed)):
        raise UsageError("--no-html leaves out what --allure2, --single-file and -o are about")


def _wanted(args: argparse.Namespace) -> Wanted:
    return Wanted(
        run=args.run or reports_of(None, Path.cwd()) / LATEST,
        unpacked=getattr(args, FROM),
        against=args.against,
        history=args.history,
        language=args.lang,
        html=not args.no_html,
        allure=2 if args.allure2 else None,
        single_file=args.single_file,
        out=args.output,
        pack=args.pack,
        redact=not args.no_redact,
    )


def _told(left: LeftOut, args: argparse.Namespace) -> None:
    """In words where it may be missing; an error where it was asked for, or has failed."""
    demanded = args.html or args.allure2 or args.single_file
    if left.failed or (demanded and left.what != COMPARISON):
        raise left.error
    _say(f"left out: {left.what}: {left.error}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(report: Report, tell: Callable[[str], None]) -> None:
    """Until Ctrl+C, which is how it is meant to end."""
    import threading
    import webbrowser

    from framework.report.html.serving import served

    folder, page = report.to_open()
    with served(folder) as address:
        url = f"{address}/{page}"
        tell(f"{url} (Ctrl+C ends it)")
        webbrowser.open(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
