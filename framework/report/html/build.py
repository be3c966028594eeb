"""Allure's HTML of a run, made beside its place and renamed when it is whole."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.contract.account import RunHead
from framework.contract.errors import FarmError, UsageError
from framework.journal.places import RESULTS
from framework.report.html import allure2, allure3
from framework.report.html.finding import Allure
from framework.report.html.history import NAME, RunsBefore
from framework.report.html.offline import keep_offline, write_index
from framework.tools.alone import Tell, alone
from framework.tools.running import ProgramError, run_to_end

FOLDER: Final = "allure"
"""In the folder of a run."""
GENERATE_S: Final = 1800.0
_JAVA: Final = "ALLURE_OPTS"
"""Environment variable: options of Java's, such as the memory that Allure 2 may take; all others are left out."""


class AllureError(FarmError):
    """Allure was there, and could not make the report."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: of the run's folder, into the folder `out`."""

    run: Path
    head: RunHead
    out: Path
    language: str = "en"
    single_file: bool = False
    """One file an interface, which also opens without a server."""

    @property
    def title(self) -> str:
        return f"Pocketfarm: {self.head.build.label}"


@dataclass(frozen=True, slots=True)
class Made:
    """`pages`: interface → its page, the main one first; `index` opens that."""

    allure: Allure
    index: Path
    pages: Mapping[str, Path]
    results: int
    seconds: float


def build_allure(order: Order, allure: Allure, tell: Tell = lambda _: None, timeout_s: float = GENERATE_S) -> Made:
    """What was there before is replaced at the end; whatever ends us ends Allure, and leaves no half report.

    UsageError: the run has no results. AllureError: Allure's own words.
    """
    began = time.monotonic()
    results = order.run / RESULTS
    count = sum(1 for _ in results.glob("*-result.json"))
    if not count:
        raise UsageError(f"{results}: no results of Allure (was the run called with --alluredir, or with none?)")
    tell(f"{allure} makes the report of {count} results")
    with _place(order.out, tell, began + timeout_s) as (partial, work):
        make = _by_allure_3 if allure.major >= 3 else _by_allure_2
        pages = make(order, allure, partial, work, tell, began + timeout_s)
        for page in pages.values():
            keep_offline(partial / page)
        write_index(partial, order.title, pages)
    shown = {name: order.out / page for name, page in pages.items()}
    return Made(allure, order.out / "index.html", shown, count, time.monotonic() - began)


@contextmanager
def _place(out: Path, tell: Tell, ends: float) -> Iterator[tuple[Path, Path]]:
    """(folder that becomes `out`, folder for what nobody wants afterwards); one process at a time."""
    if out.exists() and not _is_ours(out):
        raise UsageError(f"{out} holds something else, and would be replaced: name a new folder with -o")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial, work, old = (out.with_name(f".{out.name}.{name}") for name in ("partial", "work", "old"))
    with alone(out.with_name(f".{out.name}.lock"), f"making {out}", tell, ends):
        try:
            for left in (partial, work, old):
                shutil.rmtree(left, ignore_errors=True)
            partial.mkdir()
            work.mkdir()
            yield partial, work
            if out.exists():
                out.rename(old)
            partial.rename(out)
        finally:
            for left in (partial, work, old):
                shutil.rmtree(left, ignore_errors=True)


def _is_ours(out: Path) -> bool:
    """Whether it is a report that may be replaced, or empty."""
    names = {path.name for path in out.iterdir()} if out.is_dir() else {""}
    return names <= {"index.html", *(f"{page}{end}" for page in allure3.PAGES for end in ("", ".html"))}


def _by_allure_3(order: Order, allure: Allure, partial: Path, work: Path, tell: Tell, ends: float) -> dict[str, str]:
    before = RunsBefore(order.run.parent / NAME, order.head.id, order.head.began_at)
    copy, configuration, made = work / NAME, work / "allurerc.json", work / "made"
    before.copy_to(copy)
    wanted = allure3.configuration(order.run, order.title, order.language, copy, single_file=order.single_file)
    configuration.write_text(json.dumps(wanted), encoding="utf-8")
    results = (order.run / RESULTS).resolve()
    said = _generate(allure, allure3.arguments(configuration, results, made), work, tell, ends)
    pages = {name: _moved(made / name, partial, name, said, order) for name in allure3.PAGES}
    if not order.single_file:
        allure3.complete(partial / allure3.PAGES[0])
    before.take_from(copy, tell, ends)
    return pages


def _by_allure_2(order: Order, allure: Allure, partial: Path, work: Path, tell: Tell, ends: float) -> dict[str, str]:
    made, before = work / "made", work / "before"
    allure2.bring_history(order.run.parent, order.head.name, before, f"{FOLDER}/{allure2.PAGE}")
    results = (order.run / RESULTS).resolve()
    wanted = allure2.arguments(results, before, made, order.title, order.language, single_file=order.single_file)
    said = _generate(allure, wanted, work, tell, ends)
    return {allure2.PAGE: _moved(made, partial, allure2.PAGE, said, order)}


def _moved(made: Path, partial: Path, name: str, said: str, order: Order) -> str:
    """Where the page of an interface is, below the folder of the report."""
    if not (made / "index.html").is_file():
        mend = "; too large for a single file? leave out --single-file" if order.single_file else ""
        raise AllureError(f"Allure has not written its page {name}: {said}{mend}")
    if order.single_file:
        (made / "index.html").rename(partial / f"{name}.html")
        return f"{name}.html"
    made.rename(partial / name)
    return f"{name}/index.html"


def _generate(allure: Allure, arguments: list[str], work: Path, tell: Tell, ends: float) -> str:
    """What it has said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALLURE_") or name == _JAVA}
    environment["ALLURE_NO_ANALYTICS"] = "true"
    with (work / "said").open("w+b") as output:
        try:
            run_to_end(
                (*allure.command, *arguments),
                doing="making the report",
                tell=tell,
                ends=ends,
                folder=work,
                env=environment,
                output=output,
            )
        except ProgramError as error:
            raise AllureError(f"{allure} could not make the report: {error.said}") from error
        output.seek(0)
        return " ".join(output.read().decode("utf-8", "replace").split())[:400] or "it said nothing"
