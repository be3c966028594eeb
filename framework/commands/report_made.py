"""What `farm report` makes of a run, and how it tells of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.contract.account import RunAccount
from framework.contract.errors import FarmError, UsageError
from framework.journal.account import read_account
from framework.report.html.build import FOLDER, Made, Order, build_allure
from framework.report.html.finding import find_allure
from framework.report.missing import write_missing
from framework.tools.alone import Tell


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; `allure`: 2 for Allure 2 and no other."""

    run: Path
    against: str | None = None
    language: str = "en"
    html: bool = True
    allure: int | None = None
    single_file: bool = False
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be made; `failed`: nothing was missing, it went wrong."""

    what: str
    error: FarmError

    @property
    def failed(self) -> bool:
        return not isinstance(self.error, UsageError)


@dataclass(frozen=True, slots=True)
class Report:
    """What was made of the run in `folder`."""

    folder: Path
    account: RunAccount
    traces: int
    traces_anew: int
    seconds: float
    allure: Made | None = None
    left_out: tuple[LeftOut, ...] = ()

    def record(self) -> dict[str, Any]:
        head = self.account.head
        return {
            "run": {"id": head.id, "name": head.name, "folder": str(self.folder), "build": head.build.label},
            "seconds": round(self.seconds, 3),
            "traces": {"pages": self.traces, "anew": self.traces_anew},
            "allure": None if self.allure is None else _allure(self.allure),
            "left_out": [{"what": left.what, "why": str(left.error)} for left in self.left_out],
        }

    def lines(self) -> Iterator[str]:
        head = self.account.head
        yield f"{'run':<9} {_shown(self.folder)}  {head.build.label}{'' if head.finished else ' (not finished)'}"
        anew = f" ({self.traces_anew} made anew)" if self.traces_anew else ""
        yield f"{'traces':<9} {self.traces} page{'' if self.traces == 1 else 's'}{anew}"
        for name, page in (self.allure.pages if self.allure else {}).items():
            yield f"{name:<9} {_shown(page)}"

    def to_open(self) -> tuple[Path, str]:
        """(folder to be served, page below it). UsageError: there is no page of the whole run."""
        if self.allure is not None and not self.allure.index.is_relative_to(self.folder):
            return self.allure.index.parent, self.allure.index.name
        if self.allure is not None:
            return self.folder, self.allure.index.relative_to(self.folder).as_posix()
        raise UsageError("--open: nothing was made that could be shown")


def make(wanted: Wanted, tell: Tell) -> Report:
    """Our own pages first: they need nothing. UsageError: it is no run's folder, or cannot be written."""
    began = time.monotonic()
    folder = wanted.run.resolve()
    account = read_account(folder)
    try:
        traces, anew = write_missing(folder)
        made, left_out = _html(wanted, folder, account, tell) if wanted.html else (None, ())
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: {error.strerror}") from error
    return Report(folder, account, traces, anew, time.monotonic() - began, made, left_out)


def _html(wanted: Wanted, folder: Path, account: RunAccount, tell: Tell) -> tuple[Made | None, tuple[LeftOut, ...]]:
    out = folder / FOLDER if wanted.out is None else wanted.out.resolve()
    order = Order(folder, account.head, out, wanted.language, wanted.single_file)
    try:
        return build_allure(order, find_allure(wanted.allure, tell), tell), ()
    except FarmError as error:
        return None, (LeftOut("Allure's HTML", error),)


def _shown(path: Path) -> str:
    """As the user would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _allure(made: Made) -> dict[str, Any]:
    return {
        "version": made.allure.version,
        "index": str(made.index),
        "pages": {name: str(page) for name, page in made.pages.items()},
        "results": made.results,
        "seconds": round(made.seconds, 3),
    }
