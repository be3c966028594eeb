"""Handsets that stand in for lost ones: reached in the background, while the other workers go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset
from framework.contract.run import HandsetIdentity

Ask = Callable[[Handset], tuple[Target, HandsetIdentity]]
"""Reaches a handset and asks who it is, which may take long; HandsetError where it cannot be used."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of it: either `where` and `identity`, or `error`."""

    worker: str
    handset: Handset
    where: Target | None = None
    identity: HandsetIdentity | None = None
    error: HandsetError | None = None


class Spares:
    """Asks for handsets, each in a thread of its own; whatever comes of it is fetched with `come`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._came: SimpleQueue[Reached] = SimpleQueue()
        self._asked: dict[str, Handset] = {}

    def fetch(self, worker: str, handset: Handset, wake: Callable[[], None]) -> None:
        """For a worker; `wake` is called from another thread when it is known what came of it."""
        self._asked[worker] = handset
        arguments = (worker, handset, wake)
        threading.Thread(target=self._reach, args=arguments, name=f"spare {handset.name}", daemon=True).start()

    def come(self) -> list[Reached]:
        """All that were asked for and have come since the last call."""
        found: list[Reached] = []
        while not self._came.empty():
            found.append(self._came.get())
        for reached in found:
            self._asked.pop(reached.worker, None)
        return found

    @property
    def asked(self) -> dict[str, Handset]:
        """Worker → the handset that is being reached for it."""
        return dict(self._asked)

    def _reach(self, worker: str, handset: Handset, wake: Callable[[], None]) -> None:
        try:
            where, identity = self._ask(handset)
            self._came.put(Reached(worker, handset, where, identity))
        except HandsetError as error:
            self._came.put(Reached(worker, handset, error=error))
        except Exception as error:  # whatever it is: the run must not wait for ever for this handset
            self._came.put(Reached(worker, handset, error=HandsetError(handset.name, f"it cannot be used: {error!r}")))
        wake()
