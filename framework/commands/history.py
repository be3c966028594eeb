"""`farm history`: the runs that were ever made, in a database."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from framework.commands import history_shown as shown
from framework.commands.past import add_options, opened, places
from framework.contract.errors import UsageError

if TYPE_CHECKING:
    from framework.history.store import History, Recorded

DAY_S = 86400.0
LAST = 20
DESCRIPTION = """Every run is recorded in a database when it ends: what was tested on which
handset, every turn and every figure. Later runs are compared with it, planned
and judged by it; it outlives the runs' folders, which make room (--keep).
A run that was killed is recorded when the next one ends, or by `sync`."""
EXAMPLES = """examples:
  farm history list               the last 20 runs
  farm history show latest        one of them; also by name, id, or how it begins
  farm history prune --older-than 90d
                                  remove runs for good (not their folders)
  farm history prune --keep 500 --dry-run
  farm history sync               record what is in reports/ and not known yet
  farm history list --history postgresql://qa@db.lab/farm --json
                                  a database that several machines share; its
                                  password stands in ~/.pgpass or PGPASSWORD

exit codes: 0 done, 2 your call, 3 the database cannot be reached or written
"""
ACTIONS = ("list", "show", "prune", "sync")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "history",
        help="the runs that were ever made, in a database",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(ACTIONS))
    listing = actions.add_parser("list", help="runs, the newest first")
    listing.add_argument("--last", type=int, default=LAST, metavar="N", help="so many (default: %(default)s; 0: all)")
    showing = actions.add_parser("show", help="one run: build, handsets, verdicts, figures")
    showing.add_argument("run", metavar="RUN", help="its name or id, how one begins, or latest")
    pruning = actions.add_parser("prune", help="remove old runs for good; their folders stay")
    which = pruning.add_mutually_exclusive_group(required=True)
    which.add_argument("--keep", type=int, metavar="N", help="all but the last N")
    which.add_argument("--older-than", type=_age_s, metavar="AGE", help="begun before that: 90d, 12w, 36h")
    pruning.add_argument("--dry-run", action="store_true", help="only tell which")
    syncing = actions.add_parser("sync", help="record the runs of a folder that are not known yet")
    for action in (listing, showing, pruning, syncing):
        add_options(action)
        action.add_argument("--json", action="store_true", help="a JSON object")


def run(args: argparse.Namespace) -> int:
    where, reports = places(args.history, args.reports)
    if args.action == "sync" and not reports.is_dir():
        raise UsageError(f"{reports}: no such folder; name the one that pytest writes its runs into, with --reports")
    read: list[str] = []

    def tell(run: str) -> None:
        read.append(run)
        if not args.json:
            print(f"reading {run}", flush=True)

    with opened(where, reports, tell if args.action == "sync" else None) as history:
        told = _synced(history, read) if args.action == "sync" else _told(args, history)
    print(json.dumps(told[0], ensure_ascii=False, indent=2) if args.json else "\n".join(told[1]))
    return 0


def _told(args: argparse.Namespace, history: History) -> tuple[object, Sequence[str]]:
    """(for a script, for people)."""
    if args.action == "show":
        from framework.history.details import details

        account = details(history, args.run)
        figures, baseline = history.figures(account.head.id), history.baseline(account.head.id)
        return shown.run_json(account, figures, baseline), list(shown.run_text(account, figures, baseline))
    if args.action == "prune":
        return _pruned(args, history)
    runs = history.runs(None if args.last < 1 else args.last)
    return {"history": history.shown, "runs": list(map(shown.listed_json, runs))}, list(shown.list_text(runs))


def _synced(history: History, read: Sequence[str]) -> tuple[object, Sequence[str]]:
    runs = len(history.runs())
    content = {"history": history.shown, "runs": runs, "imported": list(read)}
    return content, [f"{history.shown} knows {_some(runs)}"]


def _pruned(args: argparse.Namespace, history: History) -> tuple[object, Sequence[str]]:
    going = list(_old(args, history.runs()))
    if not args.dry_run and going:
        history.forget(one.head.id for one in going)
        history.shrink()
    word = "would be removed" if args.dry_run else "removed"
    text = [*shown.list_text(going), "", f"{_some(len(going))} {word}"] if going else ["nothing to remove"]
    return {"removed": list(map(shown.listed_json, going)), "dry_run": args.dry_run}, text


def _old(args: argparse.Namespace, runs: Sequence[Recorded]) -> Iterator[Recorded]:
    """`runs`: all of them, the newest first."""
    if args.keep is not None:
        if args.keep < 1:
            raise UsageError(f"--keep: expected a number above 0, not {args.keep}")
        yield from runs[args.keep :]
    else:
        yield from (one for one in runs if one.head.began_at < time.time() - args.older_than)


def _age_s(text: str) -> float:
    found = re.fullmatch(r"(\d+)([hdw])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected an age such as 90d, 12w or 36h, not {text}")
    return int(found[1]) * {"h": 3600.0, "d": DAY_S, "w": 7 * DAY_S}[found[2]]


def _some(count: int) -> str:
    return f"{count} run" if count == 1 else f"{count} runs"
