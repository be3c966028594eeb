"""Which worker has which handset."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset, VirtualHandset
from framework.contract.run import HandsetIdentity
from framework.fleet.usable import identify
from framework.plugin.options import LEASE_TIMEOUT_S
from framework.virtual.identity import identity_of

Usable = Callable[[str], bool]
"""Name of a handset → whether it may still be given."""


class Assignment:
    """Gives each worker a handset of its own that answers; `reach` says how each is reached."""

    def __init__(
        self,
        handsets: Sequence[Handset],
        reach: Callable[[Handset], Target],
        usable: Usable = lambda _: True,
        lease_timeout_s: float = LEASE_TIMEOUT_S,
    ) -> None:
        self._free, self._reach, self._usable = list(handsets), reach, usable
        self._reaching = threading.Lock()
        self._lease_timeout_s = lease_timeout_s
        self._held: dict[str, Handset] = {}
        self.known: dict[str, HandsetIdentity] = {}
        """Every handset that was asked who it is, by name: each was given, once or more."""
        self.unavailable: list[HandsetError] = []
        """Why handsets could not be used, which were passed over."""

    def give(self, worker: str) -> Target:
        """The next handset that answers, those first that nobody else has; HandsetError where none is left."""
        self._free = [handset for handset in self._free if self._usable(handset.name)]
        others: list[tuple[Handset, Target, HandsetIdentity]] = []
        while self._free:
            handset = self._free.pop(0)
            try:
                where, identity, free = self._asked(handset)
            except HandsetError as error:
                self.unavailable.append(error)
                continue
            others.append((handset, where, identity))
            if free:
                return self._given(worker, others, len(others) - 1)
        if others:
            return self._given(worker, others, 0)
        raise self.unavailable[0] if self.unavailable else HandsetError("no handset", "all are quarantined or in use")

    def give_again(self, worker: str) -> Target:
        """The next that was given before: nobody waits here for one that may not answer. HandsetError for none."""
        for handset in self.free:
            if handset.name in self.known:
                self.reserve(handset)
                try:
                    where, identity = self.ask(handset)
                except HandsetError as error:
                    self.unavailable.append(error)
                    continue
                self.put(worker, handset, identity)
                return where
        raise HandsetError("no handset", "all are quarantined or in use, or have not answered yet")

    def _asked(self, handset: Handset) -> tuple[Target, HandsetIdentity, bool]:
        """Where and who it is, and whether nobody else has it; one that was given before is ours to give.

        Emulated ones, of which there may be many, are not asked: who they are is known, and asking takes its time.
        """
        with self._reaching:
            where = self._reach(handset)
        known = self.known.get(handset.name)
        if known is None and isinstance(handset, VirtualHandset):  # this run's own: nobody else can have it
            known = replace(identity_of(handset), screen=where.screen)
        if known is not None:
            return where, known, True
        found = identify(where, self._lease_timeout_s)
        return where, found.identity, found.free

    def _given(self, worker: str, found: list[tuple[Handset, Target, HandsetIdentity]], index: int) -> Target:
        """One of those that were found; the others are free again, in their order."""
        handset, where, identity = found.pop(index)
        self._free = [other for other, _, _ in found] + self._free
        self.put(worker, handset, identity)
        return where

    def ask(self, handset: Handset) -> tuple[Target, HandsetIdentity]:
        """Where it is and who, which may take long: from any thread. HandsetError where it cannot be used."""
        where, identity, _ = self._asked(handset)
        return where, identity

    def reserve(self, handset: Handset) -> None:
        """It is about to be given to a worker."""
        self._free.remove(handset)

    def free_again(self, handset: Handset) -> None:
        """It was reserved in vain."""
        self._free.append(handset)

    def put(self, worker: str, handset: Handset, identity: HandsetIdentity) -> HandsetIdentity | None:
        """Give it to a worker; the one that the worker had before, if it had one, is the last to be given again."""
        before = self._held.get(worker)
        self._held[worker], self.known[handset.name] = handset, identity
        if before is None:
            return None
        self._free.append(before)
        return self.known[before.name]

    def take_back(self, worker: str) -> HandsetIdentity | None:
        """The handset of a worker that is gone is the first to be given again: tests may wait for just this one."""
        handset = self._held.pop(worker, None)
        if handset is None:
            return None
        self._free.insert(0, handset)
        return self.known[handset.name]

    def held(self, worker: str) -> HandsetIdentity | None:
        """The handset of a worker; None where there was none for it."""
        handset = self._held.get(worker)
        return None if handset is None else self.known[handset.name]

    @property
    def free(self) -> list[Handset]:
        """Those that no worker has, and that may be given."""
        return [handset for handset in self._free if self._usable(handset.name)]

    def prefer(self, names: Sequence[str]) -> None:
        """Give these first, in this order."""
        rank = {name: number for number, name in enumerate(names)}
        self._free.sort(key=lambda handset: rank.get(handset.name, len(rank)))

    @property
    def holding(self) -> list[HandsetIdentity]:
        """The handsets that workers have."""
        return [self.known[handset.name] for handset in self._held.values()]
