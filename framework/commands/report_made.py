"""What `farm report` makes of a run, and how it tells of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from framework.commands.report_baseline import baseline
from framework.contract.account import RunAccount, RunFigures
from framework.contract.errors import FarmError, UsageError
from framework.journal.account import read_account
from framework.journal.records import plain
from framework.report.html.build import FOLDER, Made, Order, build_allure
from framework.report.html.finding import find_allure
from framework.report.missing import write_missing
from framework.report.pack.reading import unpack
from framework.report.pack.writing import Packed, write_pack
from framework.report.release.page import write_release_page
from framework.tools.alone import Tell

RELEASE = "release.html"
"""In the run's folder; that of the last run lies beside all runs, too."""
LATEST = "latest"
COMPARISON, HTML = "comparison", "Allure's HTML"
"""What may be left out."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; `unpacked`: an evidence pack in place of a run; `allure`: 2 for Allure 2 and no other."""

    run: Path
    unpacked: Path | None = None
    against: str | None = None
    history: str | None = None
    language: Literal["en", "zh"] | None = None
    html: bool = True
    allure: int | None = None
    single_file: bool = False
    out: Path | None = None
    pack: Path | None = None
    redact: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be made; `failed`: nothing was missing, it went wrong."""

    what: str
    error: FarmError
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What was made of the run in `folder`."""

    folder: Path
    account: RunAccount
    release: Path
    baseline: RunFigures | None
    traces: int
    traces_anew: int
    allure: Made | None = None
    pack: Packed | None = None
    left_out: tuple[LeftOut, ...] = ()
    seconds: float = 0.0

    def record(self) -> dict[str, Any]:
        head, compared = self.account.head, self.baseline.head if self.baseline else None
        return {
            "run": {"id": head.id, "name": head.name, "folder": str(self.folder), "build": head.build.label},
            "release": str(self.release),
            "baseline": compared and {"id": compared.id, "name": compared.name, "build": compared.build.label},
            "traces": {"pages": self.traces, "anew": self.traces_anew},
            "allure": self.allure and _allure(self.allure),
            "pack": self.pack and {**plain(self.pack), "file": str(self.pack.file)},
            "left_out": [{"what": left.what, "why": str(left.error)} for left in self.left_out],
            "seconds": round(self.seconds, 3),
        }

    def lines(self) -> Iterator[str]:
        head, compared = self.account.head, self.baseline.head if self.baseline else None
        yield _line("run", f"{_shown(self.folder)}  {head.build.label}{'' if head.finished else ' (not finished)'}")
        against = f"compared with {compared.name}, {compared.build.label}" if compared else "compared with no other run"
        yield _line("release", f"{_shown(self.release)}  ({against})")
        anew = f" ({self.traces_anew} made anew)" if self.traces_anew else ""
        yield _line("traces", f"{self.traces} page{'' if self.traces == 1 else 's'}{anew}")
        for name, page in (self.allure.pages if self.allure else {}).items():
            yield _line(name, _shown(page))
        if self.pack is not None:
            size = f"{self.pack.bytes / 1e6:.1f} MB, {self.pack.files} files of {self.pack.unpacked / 1e6:.1f} MB"
            yield _line("pack", f"{_shown(self.pack.file)}  ({size})")
            yield _line("sha256", self.pack.sha256)
            yield _line("redacted", _taken_out(self.pack))

    def to_open(self) -> tuple[Path, str]:
        """(folder to be served, page below it)."""
        return self.folder, self.release.relative_to(self.folder).as_posix()


def make(wanted: Wanted, tell: Tell) -> Report:
    """Our own pages first: they need nothing. UsageError: it is no run's folder, or cannot be written."""
    began = time.monotonic()
    if wanted.unpacked is not None:
        tell(f"unpacking {wanted.unpacked}")
        folder = unpack(wanted.unpacked, wanted.out or Path(wanted.unpacked.stem)).resolve()
        wanted = replace(wanted, out=None)
    else:
        folder = wanted.run.resolve()
    try:
        return replace(_made(wanted, folder, tell), seconds=time.monotonic() - began)
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: {error.strerror}") from error


def _made(wanted: Wanted, folder: Path, tell: Tell) -> Report:
    account, left_out = read_account(folder), list[LeftOut]()
    compared = _unless_missing(
        COMPARISON, lambda: baseline(folder, account, wanted.against, wanted.history), left_out, wanted.against
    )
    traces, anew = write_missing(folder)
    release = _release(wanted, folder, account, compared)
    made = _unless_missing(HTML, lambda: _html(wanted, folder, account, tell), left_out, wanted.html)
    pack = None
    if wanted.pack is not None:
        tell(f"packing {folder.name}")
        pack = write_pack(folder, account, compared, wanted.pack, tell, redacted=wanted.redact)
    return Report(folder, account, release, compared, traces, anew, made, pack, tuple(left_out))


def _unless_missing(what: str, make: Callable[[], T | None], left_out: list[LeftOut], asked: object) -> T | None:
    """What may be missing is noted; a run that was named for comparison may not."""
    try:
        return make()
    except FarmError as error:
        if what == COMPARISON and asked:
            raise
        left_out.append(LeftOut(what, error, failed=what != COMPARISON and not isinstance(error, UsageError)))
        return None


def _release(wanted: Wanted, folder: Path, account: RunAccount, compared: RunFigures | None) -> Path:
    """Beside all runs, too, where it is the last of them."""
    page, reports = folder / RELEASE, folder.parent
    outs = (page, *([reports / RELEASE] if (reports / LATEST).resolve() == folder else []))
    language: Literal["auto", "en", "zh"] = wanted.language or "auto"
    write_release_page(account, compared, *outs, run_folder=folder, language=language, redact=wanted.redact)
    return page


def _html(wanted: Wanted, folder: Path, account: RunAccount, tell: Tell) -> Made | None:
    if not wanted.html:
        return None
    out = folder / FOLDER if wanted.out is None else wanted.out.resolve()
    order = Order(folder, account.head, out, wanted.language or "en", wanted.single_file)
    return build_allure(order, find_allure(wanted.allure, tell), tell)


def _line(name: str, text: str) -> str:
    return f"{name:<9} {text}"


def _shown(path: Path) -> str:
    """As the user would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _taken_out(pack: Packed) -> str:
    if not pack.redaction.active:
        return "no (--no-redact)"
    found = [f"{count} × {what}" for what, count in pack.redaction.taken_out.items()]
    left = [f"left out: {', '.join(pack.redaction.left_out)}"] if pack.redaction.left_out else []
    return "; ".join([", ".join(found) or "nothing was found", *left])


def _allure(made: Made) -> dict[str, Any]:
    return {
        "version": made.allure.version,
        "index": str(made.index),
        "pages": {name: str(page) for name, page in made.pages.items()},
        "results": made.results,
        "seconds": round(made.seconds, 3),
    }
