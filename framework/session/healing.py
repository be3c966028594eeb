"""Between two repetitions, a handset that failed is brought back: up the ladder, rung by rung."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from framework.contract.capabilities import Handset, Target
from framework.contract.errors import HandsetError
from framework.handset.holder import described
from framework.handset.ladder import ANDROID, REBOOT, RECONNECT, SERVER, STREAM, Rung, Situation, link_of, next_rung

LOOK_AGAIN_S = 0.5


def heal(handset: Handset, patience: float = 1.0, *, lease: int | None = None) -> None:
    """Returns when the handset answers and Android is up on it; HandsetError, with the mend, at the ladder's end.

    `patience` times the deadlines of the table; `lease` is the number of ours: one that is another's by now is not
    restarted.
    """
    Healer(handset, patience, lease).run()


class Healer:
    """Looks, asks the ladder what to do, does it, and looks again."""

    def __init__(self, handset: Handset, patience: float, lease: int | None = None) -> None:
        self._handset, self._patience, self._lease = handset, patience, lease
        self._base = situation_of(handset.target, emulated=handset.identity.emulated)
        self._tried: list[Rung] = [STREAM]  # all of them are opened anew afterwards
        self._wrong = HandsetError(handset.identity.name, "it does not answer")

    def run(self) -> None:
        while (situation := self._look()) is not None:
            rung = next_rung(situation, self._tried)
            if rung is None:
                raise self._wrong
            self._tried.append(rung)
            self._climb(rung)

    def _look(self) -> Situation | None:
        """None when all is well."""
        try:
            android = self._handset.android()
        except HandsetError as error:
            self._wrong = error
            return replace(self._base, link=link_of(error))
        if android.state == "up":
            return None
        self._wrong = HandsetError(self._handset.identity.name, str(android), "restart it, and look at its screen")
        return replace(self._base, android=android.state)

    def _climb(self, rung: Rung) -> None:
        began, why = time.monotonic(), self._wrong.what
        limit_s = rung.limit_s(self._handset.time_scale)
        climbs: dict[Rung, Callable[[], bool]] = {
            RECONNECT: lambda: self._answers_within(limit_s),
            SERVER: lambda: self._answers_within(limit_s),
            ANDROID: lambda: self._up_within(limit_s),
            REBOOT: self._reboot,
        }
        worked = climbs[rung]()
        self._handset.mends.note(rung.name, time.monotonic() - began, why, worked=worked)

    def _answers_within(self, seconds: float) -> bool:
        """The connection itself does what there is to do, at each attempt."""
        return self._within(seconds, lambda situation: situation is None or situation.link == "up")

    def _up_within(self, seconds: float) -> bool:
        return self._within(seconds, lambda situation: situation is None)

    def _within(self, seconds: float, well: Callable[[Situation | None], bool]) -> bool:
        ends = time.monotonic() + seconds * self._patience
        while not well(self._look()):
            if time.monotonic() > ends:
                return False
            time.sleep(LOOK_AGAIN_S * self._patience)
        return True

    def _reboot(self) -> bool:
        try:
            held_by = self._handset.holder() if self._lease is not None else None
            if held_by is not None and held_by.counter != self._lease:
                raise HandsetError(self._handset.identity.name, f"held by {described(held_by)}")
            self._handset.reboot()
        except HandsetError as error:
            self._wrong = error
            return False
        return True


def situation_of(target: Target, *, emulated: bool) -> Situation:
    """What holds for a handset before anything is known of its failure."""
    return Situation(
        server=target.adbd is None,
        ours=target.adb_server_ours,
        tcp=target.adbd is not None or ":" in (target.serial or ""),
        may_reboot=emulated or target.may_reboot,
    )
