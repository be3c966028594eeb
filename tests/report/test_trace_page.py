from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hostile import HOSTILE, MISLEADING, Markup, runs

from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, Unit
from framework.contract.trace import (
    ClockFit,
    ClockSegment,
    DeviceClocks,
    Doubt,
    Instant,
    Series,
    Span,
    Trace,
)
from framework.contract.turn import Estimate, Evidence, Method, TurnRecord
from framework.contract.verdict import Verdict
from framework.report.trace_page import LARGEST, trace_page

S = 1_000_000_000
NAMES = (
    "rss_mb", "rss_peak_mb", "rss_anon_mb", "rss_file_mb", "swap_mb", "skin_c", "soc_c", "battery_c", "cpu0_mhz",
    "cpu0_limit_mhz", "cpu4_mhz", "cpu4_limit_mhz", "cpu7_mhz", "cpu7_limit_mhz", "cpu_app_cores", "cpu_other_cores",
    "power_mw", "battery_ma", "jank", "mem_available_mb",
)  # fmt: skip


def unit(name: str = "Weather") -> Unit:
    handset = HandsetIdentity(name, "s", name, name, "SM8550", "14", 34, 16, True, True, "f")
    return Unit("suites/x.yaml::" + name, name, "suites/x.yaml", handset, BuildIdentity(name, "1", "p", "m"))


def repetition(seconds: int, turns: int, text: str) -> Repetition:
    """A recording with everything in it, whose every text is `text`."""
    points = tuple((i * S // 5, 1000.0 + math.sin(i / 7) * (i % 13)) for i in range(seconds * 5))
    series = {name: Series(name, text[:20], points) for name in (*NAMES, *([text] if "<" in text else []))}
    length = seconds * S // turns
    asked = tuple(_turn(number, text, number * length, number * length + length // 2) for number in range(turns))
    events = tuple(
        AssistantEvent(turn.number, name, turn.start_ns + length // 4)
        for turn in asked
        for name in ("speech_end", "request", "first_token", "reply", "first_audio")
    )
    spans = tuple(Span("turn", f"{turn.number}: {text}", turn.start_ns, turn.end_ns) for turn in asked)
    instants = (Instant("crash", text, S, 5), Instant(text, text, 2 * S))
    clocks = DeviceClocks((ClockSegment(0, 9 * S, -1_700_000_000 * S, 5),), (ClockSegment(0, 9 * S, S, 5),))
    trace = Trace(ClockFit(0, 10**6), 0, seconds * S, series, events, spans, (text,), instants, clocks)
    doubts = (Doubt(text, text, S, 3 * S), Doubt("clock", text, 2 * S, seconds * S, frozenset({"ttft_ms", text})))
    return Repetition(1, 2, asked, trace, Verdict.INVALID, (text,), (), doubts)


def _turn(number: int, text: str, start_ns: int, end_ns: int) -> TurnRecord:
    metrics = {"ttft_ms": 412.34, "tpot_ms": 61.1, "decode_tps": 14.2, "total_ms": 4000.0, "first_text_ms": 500.0}
    methods: tuple[tuple[Method, float, int], ...] = (
        ("events", 0.1, 0),
        ("log", 4, 1),
        ("frames", 9, 6),
        ("screen", 80, 20),
    )
    estimates = tuple(
        Estimate(name, value + off, bound, method) for name, value in metrics.items() for method, bound, off in methods
    )
    return TurnRecord(number + 1, text, "zh", "ui", text + "!", text, start_ns, end_ns, (), metrics, (), (), estimates)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str | None]:
        return [value for attribute, value in self.attributes if attribute == name]


HARMLESS = Markup(trace_page(unit("x"), repetition(10, 2, "<x"))).marks


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text(name: str) -> None:
    """Text from handsets, files and names brings neither elements nor attributes into the page, nor what runs."""
    text = HOSTILE[name]
    made = trace_page(unit(text), repetition(10, 2, text))
    page = Markup(made)
    assert page.marks - HARMLESS == frozenset()
    assert set(made) & set(MISLEADING) == set()
    assert [address for address in page.addresses if runs(address)] == []


def test_hostile_text_is_shown() -> None:
    """As it was sent."""
    assert HOSTILE["template"] in Markup(trace_page(unit(), repetition(10, 2, HOSTILE["template"]))).text


def test_there_are_no_scripts_and_nothing_is_loaded() -> None:
    """Nothing that a report would strip: no script, handler, link, foreign object or address."""
    tags = Tags(trace_page(unit(), repetition(10, 2, "x")))
    assert {"script", "link", "iframe", "use", "foreignobject", "object", "img"} & set(tags.seen) == set()
    assert [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "href")] == []
    assert "http" not in trace_page(unit(), repetition(10, 2, "x"))


@pytest.mark.parametrize("text", ["What is the weather in Hanoi tomorrow?", "河内明天天气怎么样？" * 400])
def test_half_an_hour_stays_a_small_page(text: str) -> None:
    """20 series at 5 Hz, 100 turns measured by four methods, texts of any length: every series and turn is there."""
    page = trace_page(unit(), repetition(1800, 100, text))
    assert len(page.encode()) < LARGEST
    tags = Tags(page)
    assert [name for name in NAMES if name not in tags.text] == []
    assert len(re.findall(r'class="m turn', page)) == 100


def test_however_much_there_is_the_page_stays_small() -> None:
    """Many turns, doubts, instants, notes and reasons, and none of them short."""
    much = repetition(300, 600, "x" * 300)
    assert much.trace is not None
    notes, instants = (f"note {n}" * 30 for n in range(500)), (Instant("anr", "y" * 500, n * S) for n in range(500))
    trace = replace(much.trace, notes=tuple(notes), instants=tuple(instants))
    doubts = tuple(Doubt(f"rule {n}", "z" * 900, n * S, n * S + 1) for n in range(500))
    page = trace_page(unit(), replace(much, trace=trace, doubts=doubts, reasons=("r" * 5000,) * 500))
    assert len(page.encode()) < LARGEST
    assert "… and" in page


def test_the_page_says_how_exact_each_figure_is() -> None:
    """The counting method with its bound, then the others; who objects; the clock's bound; what is not recorded."""
    text = " ".join(Tags(trace_page(unit(), repetition(10, 2, "words"))).text.split())
    for words in ("412.3 ± 0.1", "413 ± 4 log", "418 ± 9 frames", "432 ± 80 screen", "± 1 ms", "emulated", "clock"):
        assert words in text
    assert "Not recorded: words" in text


def test_marks_can_be_reached_and_series_and_panels_be_hidden() -> None:
    """Turns, incidents and doubts take the keyboard's focus; a label for each series; each panel folds."""
    page = trace_page(unit(), repetition(10, 2, "x"))
    tags = Tags(page)
    marks = re.findall(r'<span class="m [^>]*>', page)
    assert all('tabindex="0"' in mark for mark in marks)
    assert len(marks) == 2 + 10 + 2 + 2
    assert set(tags.values("for")) <= set(tags.values("id"))
    assert [name for name in NAMES if f"<b>{name}</b>" not in page] == []
    assert tags.seen.count("details") == tags.seen.count("summary") >= 6


def test_a_repetition_without_a_trace_has_a_page() -> None:
    """What could not be recorded leaves its turns and reasons readable."""
    text = trace_page(unit(), replace(repetition(10, 2, "the reason"), trace=None))
    assert ("412.3" in text, "the reason" in text, "<svg" in text, "Nothing was recorded" in text) == (
        True, True, False, True,
    )  # fmt: skip


@pytest.mark.parametrize(("verdict", "expected"), [(Verdict.PASS, True), (Verdict.FAIL, False)])
def test_a_repetition_that_passed_does_not_speak_for_the_test(verdict: Verdict, expected: bool) -> None:
    """The test may still miss a budget: reports lead from a failed cell to the pages of repetitions that passed."""
    page = trace_page(unit(), replace(repetition(10, 1, "Rain?"), verdict=verdict))
    assert ("budgets are judged over all of them" in page) == expected


def test_an_empty_recording_has_a_page() -> None:
    """Without turns, samples or length."""
    assert "Timeline" in trace_page(unit(), Repetition(1, 1, (), Trace(ClockFit(0, 1), 5, 5), Verdict.LAB))


def test_the_page_leads_to_what_is_kept_beside_it() -> None:
    """Each piece by its name, in its own folder whatever it is called; what is missing and what was set are told."""
    evidence = (Evidence("bugreport", "bugreport.zip", b""), Evidence("log <1>", "../../log.txt", b""))
    missing, prepared = ("no screen recording: no encoder",), ("brightness: 1024 (was 1638)",)
    kept = replace(repetition(10, 1, "x"), evidence=evidence, missing=missing, prepared=prepared)
    page = trace_page(unit(), kept)
    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', page)
    assert links == [("bugreport.zip", "bugreport"), ("log.txt", "log &lt;1&gt;")]
    assert [line in page for line in (*missing, *prepared)] == [True, True]
