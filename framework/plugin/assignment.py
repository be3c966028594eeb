"""Which worker has which handset, and what it can run there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing


class Assignment:
    """Gives each worker a handset of its own that answers; `reach` says how each is reached."""

    def __init__(self, handsets: Sequence[Handset], reach: Callable[[Handset], Target]) -> None:
        self._free, self._reach = list(handsets), reach
        self._held: dict[str, Handset] = {}
        self._identities: dict[str, HandsetIdentity] = {}
        self.used: list[HandsetIdentity] = []
        """Each handset that was given, once."""
        self.unavailable: list[HandsetError] = []
        """Why handsets could not be used, which were passed over."""

    def give(self, worker: str) -> Target:
        """The next free handset that answers; HandsetError where none is left."""
        while self._free:
            handset = self._free.pop(0)
            try:
                where, identity = self._asked(handset)
            except HandsetError as error:
                self.unavailable.append(error)
                continue
            self._held[worker], self._identities[worker] = handset, identity
            if identity not in self.used:
                self.used.append(identity)
            return where
        raise self.unavailable[0]

    def take_back(self, worker: str) -> None:
        """The handset of a worker that is gone is the first to be given again: tests may wait for just this one."""
        handset = self._held.pop(worker, None)
        self._identities.pop(worker, None)
        if handset is not None:
            self._free.insert(0, handset)

    def fits(self, worker: str, needs: Needs) -> bool:
        """Whether a worker can run what has these needs.

        One without a handset is for what no other can: there it is told what could not be used.
        """
        identity = self._identities.get(worker)
        if identity is not None:
            return not missing(needs, identity)
        return all(missing(needs, other) for other in self._identities.values())

    def _asked(self, handset: Handset) -> tuple[Target, HandsetIdentity]:
        from framework.handset.handset import open_handset

        where = self._reach(handset)
        with open_handset(where) as opened:
            return where, opened.identity
