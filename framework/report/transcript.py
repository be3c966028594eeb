"""What was said, as pages: a repetition's conversation to read, a turn's sounds to hear."""

from __future__ import annotations

from dataclasses import dataclass

from framework.contract.run import Repetition, Unit
from framework.contract.turn import Evidence, TurnRecord
from framework.report.pages import data_uri, render


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound of a turn, with the text that it speaks and its content as a data URI."""

    name: str
    text: str
    uri: str


def transcript_page(unit: Unit, repetition: Repetition) -> str:
    """Every turn with what was asked, heard and answered, its metrics and the checks that did not pass."""
    return render("transcript.html", unit=unit, repetition=repetition)


def listen_page(turn: TurnRecord) -> str | None:
    """The question and the reply in audio players; None for a turn without sound.

    Reports offer WAV attachments for download only, but play what a page carries within itself.
    """
    sounds = [_sound(piece, turn) for piece in turn.evidence if piece.suffix == "wav"]
    return render("listen.html", turn=turn, sounds=sounds) if sounds else None


def _sound(piece: Evidence, turn: TurnRecord) -> Sound:
    text = {"question": turn.asked, "reply": turn.reply}.get(piece.name, "")
    return Sound(piece.name, text, data_uri(piece.content, "audio/wav"))
