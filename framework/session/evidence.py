"""What is kept of a repetition so that people can see for themselves. To fail at it changes no verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from framework.contract.capabilities import Handset, Lease
from framework.contract.errors import FarmError, HandsetError
from framework.contract.turn import Evidence
from framework.contract.verdict import Verdict
from framework.handset import bugreport
from framework.handset.screen_recording import ScreenRecording

RecordScreen = Literal["never", "on-failure", "always"]

ANSWER_S = 5.0
SCREENCAP_S = 15.0
LOG_S = 20.0
LOG_LINES = 5000
FAILED = "failure.png"
PNG = b"\x89PNG\r\n"


@dataclass
class Collection:
    """Pieces of evidence, and of those that could not be had the reason."""

    pieces: list[Evidence] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, file_name: str, obtain: Callable[[], bytes]) -> None:
        """Once under each file name."""
        if any(piece.file_name == file_name for piece in self.pieces):
            return
        try:
            self.pieces.append(Evidence(name, file_name, obtain()))
        except FarmError as error:
            self.missing.append(f"no {name}: {error}")


class Collector:
    """Of one session: what its handset cannot give is told once, and a bugreport taken once."""

    def __init__(self, handset: Handset, record_screen: RecordScreen = "never", *, has_bugreport: bool = False) -> None:
        self._handset, self._record_screen = handset, record_screen
        self._films = record_screen != "never"
        self._has_bugreport = has_bugreport

    @property
    def films(self) -> bool:
        """Whether repetitions are filmed: asked for, and nothing is known to speak against it."""
        return self._films

    def film(self, kept: Collection) -> ScreenRecording | None:
        """Begin to film a repetition, where that was asked for."""
        if not self._films:
            return None
        try:
            return ScreenRecording(self._handset.identity.name, self._handset.shell, self._handset.files)
        except HandsetError as error:
            kept.missing.append(f"no screen recording: {error}")
            return None

    def of_repetition(self, kept: Collection, since_wall_ns: int) -> None:
        """The screen as the scenario left it, and the log."""
        kept.add("screenshot", "screenshot.png", self._handset.ui.screenshot)
        kept.add("logcat", "logcat.txt", lambda: self._handset.log.dump(since_wall_ns=since_wall_ns))

    def of_failure(self, kept: Collection) -> None:
        """The screen at the moment at which the first failure of a repetition was found."""
        kept.add("screenshot at failure", FAILED, self._handset.ui.screenshot)

    def of_lab_fault(self, kept: Collection, lease: Lease) -> None:
        """What can still be had of a handset on which something went wrong, each with a deadline of its own."""
        if not self._answers() or not lease.held:  # in this order: a lease that is being taken again is waited for
            kept.missing.append("no evidence of the lab's fault: the handset does not answer, or is another's by now")
            return
        kept.add("screenshot", "screenshot.png", self._screencap)
        kept.add("logcat", "logcat.txt", self._last_log)
        if not self._has_bugreport:
            self._has_bugreport = True
            kept.add("bugreport", "bugreport.zip", self._bugreport)

    def of_film(self, kept: Collection, recording: ScreenRecording, verdict: Verdict) -> None:
        """Where it is wanted; else it ends unseen."""
        if self._record_screen == "on-failure" and verdict is Verdict.PASS:
            recording.close()
            return
        try:
            films = recording.finish()
        except HandsetError as error:
            self._films = False
            kept.missing.append(f"no screen recording: {error}")
            return
        names = ["screen.mp4"] if len(films) == 1 else [f"screen-{number}.mp4" for number in range(1, len(films) + 1)]
        kept.pieces += [Evidence("screen recording", name, film) for name, film in zip(names, films, strict=True)]

    def _screencap(self) -> bytes:
        """Not through Appium, which may be what is wrong."""
        taken = self._handset.shell.run("screencap", "-p", timeout_s=SCREENCAP_S, check=True).stdout
        at = taken.find(PNG)  # several displays are warned of before it
        if at < 0:
            raise HandsetError(self._handset.identity.name, "`screencap` gave no picture")
        return taken[at:]

    def _last_log(self) -> bytes:
        words = ("logcat", "-d", "-v", "threadtime", "-t", str(LOG_LINES))
        return self._handset.shell.run(*words, timeout_s=LOG_S, check=True).stdout

    def _bugreport(self) -> bytes:
        return bugreport.take(self._handset.identity.name, self._handset.shell, self._handset.files)

    def _answers(self) -> bool:
        try:
            self._handset.shell.run("true", timeout_s=ANSWER_S)
        except HandsetError:
            return False
        return True
