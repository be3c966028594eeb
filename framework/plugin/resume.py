"""A run that was killed, interrupted or stopped is continued by `pytest --resume RUN`, in its own folder."""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.deploy import Build
from framework.history.address import arguments_without_password
from framework.journal.runs import JOURNAL, RunBegan, RunRecord, read_run
from framework.plugin.arguments import RESUME, Merged, merged
from framework.plugin.options import Options
from framework.plugin.reporting import reporting
from framework.plugin.run_folder import LATEST
from framework.plugin.run_lock import HeldError, await_workers, hold

SHOWN = 5
"""So many runs are named where the one that was asked for is none."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run that this one continues. `lock` is held, and nobody writes its journal any more."""

    record: RunRecord
    lock: BinaryIO
    kept: tuple[Conclusion, ...]
    """How the tests ended that are not run again."""
    unwritten: tuple[Conclusion, ...]
    """Those of `kept` that the controller was killed before it wrote them."""
    narrowed: bool = False
    """Whether only a part of what is left was asked for."""
    lost: Counter[str] = field(default_factory=Counter)
    """Test id → attempts that its lost handsets have cost."""

    @property
    def folder(self) -> Path:
        return self.record.folder

    @property
    def left(self) -> tuple[str, ...]:
        """The tests that are to be run; none where that was never known, either."""
        done = {conclusion.id for conclusion in self.kept}
        return tuple(test for test in self.record.scheduled if test not in done)

    @property
    def unrun(self) -> frozenset[str]:
        """The tests that were given up, since nothing could run them, and are taken up again."""
        ended = self.record.conclusions.items()
        return self.record.given_up | frozenset(test for test, end in ended if not end.attempts)

    @property
    def is_done(self) -> bool:
        return bool(self.record.scheduled) and not self.left

    def is_kept(self, test: str) -> bool:
        return any(conclusion.id == test for conclusion in self.kept)

    def told(self) -> str:
        """For the head of the output."""
        total = len(self.record.scheduled)
        done = f"{len(self.kept)} of {total} tests" if total else f"{len(self.kept)} tests"
        return f"continues {self.folder.name}: {done} are finished and keep their results"


RESUMED = pytest.StashKey[Resumed]()


def continue_run(config: pytest.Config, parser: pytest.Parser, arguments: list[str]) -> None:
    """Before pytest reads its command line: find and lock the run, and put the arguments that hold into their places.

    pytest.UsageError with the mend where it cannot be continued.
    """
    given, here = list(map(str, config.invocation_params.args)), config.invocation_params.dir
    if not here.is_relative_to(config.rootpath):
        raise _misled(config.rootpath, here)
    folder = find_run(reports_of(config), str(config.known_args_namespace.resume), here)
    lock = _locked(folder)
    record = read_run(folder)
    if record.began is not None and Path(record.began.directory) != here:
        raise pytest.UsageError(f"{RESUME}: {folder.name} was begun elsewhere: cd {record.began.directory}")
    if record.began is not None and Path(record.began.root) != config.rootpath:
        raise _misled(config.rootpath, Path(record.began.root))
    whole = merged(record.began.arguments if record.began else (), given, parser)
    kept, unwritten = finished(record)
    resumed = Resumed(record, lock, kept, unwritten, whole.narrowed, lost_attempts(record, kept))
    config.stash[RESUMED] = resumed
    _put(config, parser, arguments, _without_workers(config, whole, resumed))


def _misled(found: Path, root: Path) -> pytest.UsageError:
    """pytest looks for the root folder before it knows our options, and takes their values for tests' paths."""
    what = f"pytest takes {found} for the root folder, by a path that follows an option"
    return pytest.UsageError(f"{RESUME}: {what}: write it in one word (--build=PATH), or add --rootdir={root}")


def _put(config: pytest.Config, parser: pytest.Parser, arguments: list[str], whole: Sequence[str]) -> None:
    """Workers are given the same command line, without --resume: they are told what else they need."""
    given = len(config.invocation_params.args)
    arguments[len(arguments) - given :] = whole
    params = config.invocation_params
    config.invocation_params = pytest.Config.InvocationParams(args=whole, plugins=params.plugins, dir=params.dir)
    config.pluginmanager.consider_preparse(list(whole), exclude_only=False)
    config.known_args_namespace = parser.parse_known_args(arguments, namespace=copy.copy(config.option))


def _without_workers(config: pytest.Config, whole: Merged, resumed: Resumed) -> tuple[str, ...]:
    """Where nothing is left, nothing is started for it."""
    alone = ("-n", "0") if resumed.is_done and config.pluginmanager.has_plugin("xdist") else ()
    return (*whole.arguments, *alone)


# -- the run ---------------------------------------------------------------------------------------------------------


def reports_of(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getini("pocketfarm_reports"))


def find_run(reports: Path, word: str, here: Path) -> Path:
    """The folder of a run by its name in `reports`, `latest` among them, or by its path; pytest.UsageError if none."""
    for folder in (reports / word, here / word):
        if (folder / JOURNAL).is_file():
            return folder.resolve()
    names = sorted((folder.parent.name for folder in reports.glob(f"*/{JOURNAL}")), reverse=True)
    runs = [name for name in names if name != LATEST][:SHOWN]
    there = f"the last ones are {', '.join(runs)}" if runs else f"there is none in {reports}"
    raise pytest.UsageError(f"{RESUME}: no run {word!r}; {there}")


def _locked(folder: Path) -> BinaryIO:
    try:
        lock = hold(folder)
        await_workers(folder)
    except HeldError as error:
        raise pytest.UsageError(
            f"{RESUME}: {folder.name} is still being written: {error}; wait for its end, or stop it with Ctrl+C"
        ) from None
    except OSError as error:
        raise pytest.UsageError(f"{RESUME}: {folder} cannot be written: {error.strerror}") from None
    return lock


def finished(record: RunRecord) -> tuple[tuple[Conclusion, ...], tuple[Conclusion, ...]]:
    """(What is kept, what of that has not been written yet).

    Kept is what was concluded, but for what nothing ever ran; and what was judged, but for the lab's faults, when the
    controller was killed. A test that is no longer scheduled stays out.
    """
    kept = {test: conclusion for test, conclusion in record.conclusions.items() if conclusion.attempts}
    unwritten = tuple(
        Conclusion(test, end.verdict, end.reasons, end.handset, end.model, end.seconds, record.attempts[test])
        for test, end in record.ended.items()
        if test not in kept and end.verdict is not Verdict.LAB
    )
    return (*kept.values(), *unwritten), unwritten


def lost_attempts(record: RunRecord, kept: Iterable[Conclusion]) -> Counter[str]:
    done = {conclusion.id for conclusion in kept}
    return Counter({test: number for test, number in record.attempts.items() if test not in done})


def with_results(resumed: Resumed, told: Mapping[str, Conclusion]) -> Resumed:
    """Kept as well is a test in Python that its worker has reported of, when the controller was killed."""
    known = resumed.record.ended.keys() | resumed.record.conclusions.keys() | resumed.record.given_up
    unknown = tuple(
        conclusion for test, conclusion in told.items() if test not in known and conclusion.verdict is not Verdict.LAB
    )
    return replace(resumed, kept=(*resumed.kept, *unknown), unwritten=(*resumed.unwritten, *unknown))


# -- what it is asked for --------------------------------------------------------------------------------------------


def run_began(config: pytest.Config, options: Options, build: Build) -> RunBegan:
    """What this run was asked for, as its journal tells it."""
    given = config.invocation_params
    return RunBegan(
        arguments=arguments_without_password(map(str, given.args)),
        directory=str(given.dir),
        root=str(config.rootpath),
        build=build.spec.label,
        hashes={artifact.source: artifact.sha256 for _, artifact in build.artifacts()},
        devices=str(options.devices),
        version=version("pocketfarm"),
        pid=os.getpid(),
        id=uuid4().hex,
        redacts=reporting(config).redactor.active,
    )


def check_build(config: pytest.Config, build: Build) -> None:
    """pytest.UsageError where the build is not that of the run that is continued: one run tells of one build."""
    resumed = config.stash.get(RESUMED, None)
    if resumed is None or resumed.record.began is None:
        return
    began = resumed.record.began
    hashes = {artifact.source: artifact.sha256 for _, artifact in build.artifacts()}
    run, mend = resumed.folder.name, "begin a new run, or give --build as it was"
    if build.spec.label != began.build:
        raise pytest.UsageError(f"{RESUME}: {run} is of {began.build}, and the build is now {build.spec.label}: {mend}")
    changed = sorted(name for name in hashes.keys() | began.hashes.keys() if hashes.get(name) != began.hashes.get(name))
    if changed:
        what = f"of the same name, but other files ({', '.join(changed)})"
        raise pytest.UsageError(f"{RESUME}: {run} is of {began.build}, and the build is now one {what}: {mend}")
