"""Pages of what was said."""

from __future__ import annotations

import base64
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile import HOSTILE, MISLEADING, Markup, runs

from framework.contract.run import Repetition, Unit
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Check, Verdict
from framework.report.transcript import listen_page, transcript_page


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.sources: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.sources += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_transcript_has_every_turn(unit: Unit, repetition: Repetition) -> None:
    """Asked, heard, answered, metrics, and the checks that did not pass; passed ones are not repeated."""
    page = Page(transcript_page(unit, repetition))
    for piece in ("天气", "后天呢？", "后天呢", "河内晴。", "ttft_ms 412.3 · decode_tps 14.2", "emulated"):
        assert piece in page.text
    assert "FAIL: ttft_ms: expected at most 300 ms, found 412.3 ms" in page.text
    assert "reply contains" not in page.text


def test_what_was_said_is_text_not_markup(unit: Unit, repetition: Repetition) -> None:
    """Markup in questions and answers is shown as it is."""
    page = Page(transcript_page(unit, repetition))
    assert [element for element in page.elements if element in ("script", "b")] == []
    assert "<b>bold</b>" in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text(name: str, unit: Unit, turns: tuple[TurnRecord, ...]) -> None:
    """From files, handsets and replies, in the transcript and in the page that plays a turn's sounds."""

    def pages(text: str) -> list[str]:
        handset, build = replace(unit.handset, name=text, screen=text), replace(unit.build, version=text)
        check = Check(text, Verdict.FAIL, text, text)
        turn = replace(turns[0], asked=text, heard=text, reply=text, checks=(check,))
        told = replace(unit, scenario=text, handset=handset, build=build)
        return [
            transcript_page(told, Repetition(1, 1, (turn,), None, Verdict.FAIL, (text,))),
            listen_page(replace(turn, evidence=turns[0].evidence)) or "",
        ]

    for hostile, harmless in zip(pages(HOSTILE[name]), pages("x"), strict=True):
        page = Markup(hostile)
        assert page.marks == Markup(harmless).marks
        assert [address for address in page.addresses if runs(address)] == []
        assert set(hostile) & set(MISLEADING) == set()


def test_a_repetition_without_turns_says_so(unit: Unit) -> None:
    """A crash before the first turn leaves a page, too."""
    page = Page(transcript_page(unit, Repetition(1, 1, (), None, Verdict.LAB, ("fold: <gone>",))))
    assert "No turn was played." in page.text
    assert "fold: <gone>" in page.text


def test_sounds_play_from_within_the_page(turns: tuple[TurnRecord, ...]) -> None:
    """Question and reply as data URIs with the very bytes; a turn without sounds has no page."""
    spoken, written = turns
    page = Page(listen_page(spoken) or "")
    assert [base64.b64decode(source.removeprefix("data:audio/wav;base64,")) for source in page.sources] == [
        b"RIFFq",
        b"RIFFr",
    ]
    assert page.elements.count("audio") == 2
    assert listen_page(written) is None
