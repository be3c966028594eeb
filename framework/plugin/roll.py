"""The roll call of a run: who the handsets are, before they are used, and which of them do not answer."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import AvdHandset, Handset, VirtualHandset
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.expected import expected_identity
from framework.fleet.inventory import target
from framework.fleet.match import missing, nearest
from framework.fleet.planning.queue import Brought
from framework.fleet.usable import same_as
from framework.journal.records import plain, rebuilt
from framework.plugin.heat import Warmth
from framework.plugin.options import read_options
from framework.plugin.variants import VARIANTS, Matrix, Variant, variants_of
from framework.virtual.identity import identity_of

HANDSETS = "handsets.json"
ANSWER_WITHIN_S = 10.0
AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Called:
    """Who answered, in the order of the file, and the names of those that did not."""

    present: tuple[HandsetIdentity, ...] = ()
    silent: tuple[str, ...] = ()
    before: tuple[HandsetIdentity, ...] = ()
    """Who answered when the run was begun that is continued now, or is known from devices.yaml, and does not answer:
    tests are named after them."""

    def why_not(self, needs: Needs, variant: Variant | None = None) -> str:
        """Why no handset can run a test: the nearest one and what it lacks; empty where one can.

        Also empty where one might: who does not answer may be just what is needed.
        """
        meant = [handset for handset in self.present if not variant or not any(variant.lacking(handset))]
        unsure = not meant if variant else bool(self.silent)
        if unsure or any(not missing(needs, handset) for handset in meant):
            return ""
        whom = variant.label if variant else "handset"
        return f"no {whom} can run it: {nearest(needs, meant)}"


class Roll:
    """Of the handsets of a run; virtual ones are known, others are asked, all at once and each once.

    An emulator that would have to be started is only asked where `starting` says so. The answers are written into the
    run's folder, where there is one.
    """

    def __init__(
        self,
        handsets: Sequence[Handset],
        reach: Callable[[Handset], Target],
        run_folder: Path | None = None,
        *,
        starting: bool = False,
    ) -> None:
        self._handsets, self._reach, self._run_folder, self._starting = handsets, reach, run_folder, starting
        self._called: Called | None = None
        self._known: dict[str, HandsetIdentity] = {}
        self.silent: dict[str, HandsetError] = {}
        """Name → why it does not answer."""
        self.builds: dict[str, str] = {}
        """Name → label of the build that was deployed to it last, where one was."""
        self.warmth: dict[str, Warmth] = {}
        """Name → how warm it was when it was asked, where it tells."""
        self._units: dict[str, str] = {}
        self._twice: set[str] = set()
        """Names of those that another entry has already; they are `silent`."""
        self._deploys_s: list[float] = []
        """How long such deployments took."""

    def call(self) -> Called:
        if self._called is None:
            asked = [handset for handset in self._handsets if self.known(handset) is None and self._there(handset)]
            if asked:
                with ThreadPoolExecutor(min(len(asked), AT_ONCE), "roll") as pool:
                    list(pool.map(self._ask, asked))
            self._each_once()
            names = [handset.name for handset in self._handsets if handset.name not in self._twice]
            present = tuple(self._known[name] for name in names if name in self._known)
            absent = tuple(name for name in names if name not in self._known)
            called = Called(present, absent, tuple(self._stated()))
            self._called = called if self._run_folder is None else write_called(self._run_folder, called)
        return self._called

    def _each_once(self) -> None:
        """A handset that is reached in two ways is the first of its entries only."""
        first: dict[str, str] = {}
        for name in (handset.name for handset in self._handsets if handset.name in self._units):
            other = first.setdefault(self._units[name] or name, name)
            if other != name:
                self._twice.add(name)
                self.silent[name] = same_as(name, other)
                del self._known[name]

    def _stated(self) -> Iterator[HandsetIdentity]:
        """Those that do not answer, as far as devices.yaml says who they are: their tests do not vanish with them."""
        for handset in self._handsets:
            if handset.name in self.silent.keys() - self._twice and handset.capabilities.model is not None:
                yield expected_identity(handset)

    def brought(self, label: str) -> Brought:
        """Where a build is; what bringing it costs is the median of what was brought to those that were asked."""
        holding = frozenset(name for name, build in self.builds.items() if build == label)
        return Brought(holding, median(self._deploys_s) if self._deploys_s else 0.0)

    def known(self, handset: Handset) -> HandsetIdentity | None:
        """Without asking anybody."""
        if isinstance(handset, VirtualHandset) and handset.name not in self._known:
            self._known[handset.name] = identity_of(handset)
        return self._known.get(handset.name)

    def _there(self, handset: Handset) -> bool:
        return self._starting or not isinstance(handset, AvdHandset)

    def _ask(self, handset: Handset) -> None:
        from framework.deploy import read_receipt
        from framework.handset.handset import open_handset

        try:
            with open_handset(self._reach(handset), ANSWER_WITHIN_S) as opened:
                self._units[handset.name] = opened.unit()
                self._known[handset.name] = opened.identity
                if (skin_c := opened.vitals().skin_c) is not None:
                    self.warmth[handset.name] = Warmth(skin_c, opened.time_scale, time.monotonic())
                if (receipt := read_receipt(opened.files)) is not None:
                    self.builds[handset.name] = receipt.identity.label
                    self._deploys_s += [receipt.seconds] if receipt.pushed_bytes else []
        except HandsetError as error:
            self.silent[handset.name] = error


def reached_as_it_is(handset: Handset) -> Target:
    """For who only asks: nothing is started for it; HandsetError for what would have to be."""

    def not_started(name: str) -> Target:
        raise HandsetError(name, "it is started when it is needed, and does not run now")

    return target(handset, not_started)


CALLED: pytest.StashKey[Callable[[], Called]] = pytest.StashKey()


def prepare(config: pytest.Config, called: Callable[[], Called]) -> None:
    """Let the tests of this process know who the handsets are, and with `--each` collect one for each."""
    config.stash[CALLED] = called
    each = read_options(config).each
    if each is not None:
        found = called()
        config.stash[VARIANTS] = variants_of(each, (*found.present, *found.before))
        config.pluginmanager.register(Matrix(config), "pocketfarm-matrix")


def skip_what_nothing_can_run(config: pytest.Config, needs: Needs, variant: Variant | None) -> None:
    """Before a handset is taken for it; pytest's Skipped says which would be the nearest, and what it lacks."""
    called = config.stash.get(CALLED, None)
    reason = called().why_not(needs, variant) if called is not None else ""
    if reason:
        raise pytest.skip.Exception(f"NOT_RUN: {reason}", _use_item_location=True)


def write_called(run_folder: Path, called: Called) -> Called:
    """For the workers, and for whoever continues the run; whole or not at all."""
    earlier, names = read_called(run_folder), {handset.name for handset in called.present}
    gone = {one.name: one for one in (*called.before, *earlier.before, *earlier.present) if one.name not in names}
    called = replace(called, before=tuple(gone.values()))
    part = run_folder / f".{HANDSETS}-{os.getpid()}"
    part.write_text(json.dumps(plain(called), ensure_ascii=False), encoding="utf-8")
    part.replace(run_folder / HANDSETS)
    return called


def read_called(run_folder: Path) -> Called:
    """Nobody, where the roll was not called."""
    try:
        return rebuilt(Called, json.loads((run_folder / HANDSETS).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Called()
