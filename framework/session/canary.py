"""After a failure that would be the build's: might it have been the handset's doing?

A handset that is ill fails every build. Before a failure is told as the build's, the handset is looked at: whether
Android has lived through it, whether there is room, whether what was deployed is still there as it was, and, where
the build was silent or dead, whether the handset shows its own home screen. Whatever is found makes the failure the
lab's, to be measured again; a build that is to blame will fail there again, and elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from framework.contract.capabilities import Handset
from framework.contract.errors import HandsetError
from framework.contract.vitals import AndroidState
from framework.deploy import Receipt, damage
from framework.dumps import am_start
from framework.session.checkup import Mend, wrongs

NO_ROOM = ("No space left on device", "ENOSPC", "SQLiteFullException")
"""Words of the kernel, of Android's file classes and of its database."""

HOME = ("am", "start", "-W", "-a", "android.intent.action.MAIN", "-c", "android.intent.category.HOME")
HOME_S = 30.0


class Canary:
    """Of one session; `seen` is told whenever somebody has looked at Android."""

    def __init__(self, handset: Handset, android: AndroidState, *, screen: bool) -> None:
        """`screen`: whether it is the farm's affair that the screen is lit and unlocked."""
        self._handset, self._android, self._screen = handset, android, screen
        self.receipt: Receipt | None = None
        """Of what was deployed, once it was."""
        self._hashed = False

    def seen(self, android: AndroidState) -> None:
        self._android = android

    def look(self) -> None:
        """An attempt begins: what Android went through before is no excuse for what comes, and the screen is lit.

        HandsetError where something is wrong that the session has to mend first.
        """
        vitals = self._handset.glance()
        wrong = next(wrongs(vitals, screen=self._screen), None)
        if wrong is not None and wrong.mend is not Mend.UNLOCK:
            raise self._error(wrong.what, wrong.advice)
        self.seen(vitals.android)
        if wrong is not None:
            began = time.monotonic()
            self._handset.unlock()
            self._handset.mends.note("unlock its screen", time.monotonic() - began, wrong.what, worked=True)

    def blame(self, reasons: Sequence[str], *, silent: bool) -> HandsetError | None:
        """What is wrong with the handset, if anything is; `reasons` are those of the failure.

        `silent`: the build did not answer, or died, so that it could not say what it lacked.
        """
        looks: tuple[Callable[[], Iterator[HandsetError]], ...] = (
            self._vitals,
            lambda: self._room(reasons),
            self._deployed,
            self._home if silent else lambda: iter(()),
        )
        try:
            return next((found for look in looks for found in look()), None)
        except HandsetError as error:
            return error

    def _vitals(self) -> Iterator[HandsetError]:
        before, now = self._android, self._handset.vitals()
        for wrong in wrongs(now, screen=self._screen):
            if wrong.excuses:
                yield self._error(wrong.what, wrong.advice)
        if not now.android.same(before):
            restarted = now.android.boot_id != before.boot_id
            what = "it was restarted" if restarted else "its system_server died, and all apps with it"
            yield self._error(what, "look at its log: the build is not to blame")

    def _room(self, reasons: Sequence[str]) -> Iterator[HandsetError]:
        """There is room by now; but it was told that there was none."""
        if any(word in reason for reason in reasons for word in NO_ROOM):
            yield self._error("its storage was full", "free space on /data; `du` shows whether the build has filled it")

    def _deployed(self) -> Iterator[HandsetError]:
        """Content is hashed once a session, by the handset itself; sizes and times are looked at each time."""
        if self.receipt is None:
            return
        hashed, self._hashed = self._hashed, True
        for what in damage(self.receipt, self._handset, content=not hashed):
            yield self._error(f"what was deployed is damaged: {what}", "if it happens again, its storage is failing")

    def _home(self) -> Iterator[HandsetError]:
        started = self._handset.shell.run(*HOME, timeout_s=HOME_S)
        outcome = am_start.parse(started.text + "\n" + started.stderr.decode("utf-8", "replace"))
        if outcome.error or outcome.status != "ok":
            said = outcome.error or outcome.status or "it printed nothing"
            yield self._error(f"it does not show its own home screen either: {said}", "restart it")

    def _error(self, what: str, advice: str) -> HandsetError:
        return HandsetError(self._handset.identity.name, what, advice)
