"""Runs that no handset has run: units that are made up, for the farm's own observers to be told of.

`told_plugin` tells of them in a run of pytest, so that Allure results, journal, traces and pages are written as in any
other run, only faster. Handsets, figures and faults are like those of the demonstration builds on the emulated fleet.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from framework.contract.account import Key
from framework.contract.events import AssistantEvent
from framework.contract.run import (
    BuildIdentity,
    Conclusion,
    HandsetIdentity,
    Repetition,
    RepetitionFinished,
    RunEvent,
    TurnFinished,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
)
from framework.contract.trace import ClockFit, Series, Span, Trace
from framework.contract.turn import Estimate, Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict

S = 1_000_000_000
MODELS: tuple[tuple[str, str, str, float], ...] = (
    ("mix-fold-3", "Xiaomi MIX Fold 3", "SM8550", 23.7),
    ("xiaomi-13", "Xiaomi 13", "SM8550", 23.5),
    ("xiaomi-12", "Xiaomi 12", "SM8450", 19.4),
    ("xiaomi-11", "Mi 11", "SM8350", 16.2),
    ("xiaomi-10", "Mi 10", "SM8250", 12.9),
)
"""Name, model, chip, tokens a second."""

TURN_S, TOKENS = 4, 24


@dataclass(frozen=True, slots=True)
class Build:
    """What made-up figures come from: tokens take `slower` times as long, a turn leaves `leak_mb` behind."""

    version: str = "1.0.0"
    slower: float = 1.0
    weight_mb: float = 1590.0
    leak_mb: float = 0.0

    @property
    def identity(self) -> BuildIdentity:
        hashes = {"out/assistant.apk": f"{hash_of(self.version)}", "out/compact.gguf": f"{hash_of(self.version + 'w')}"}
        return BuildIdentity("compact", self.version, "org.pocketfarm.assistant", "Compact 1.3B", hashes, scaled=True)


GOOD = Build()
NEXT = Build("1.1.0-rc1", slower=1.22, weight_mb=1900.0, leak_mb=24.0)


@dataclass(frozen=True, slots=True)
class Story:
    """One attempt at a test, to be told."""

    unit: Unit
    repetitions: tuple[Repetition, ...]
    verdict: Verdict = Verdict.PASS
    reasons: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gauges: tuple[tuple[str, float], ...] = ()
    lost: bool = False
    """Another attempt follows."""

    @property
    def key(self) -> Key:
        return self.unit.id, self.unit.handset.model

    def events(self) -> Iterator[RunEvent]:
        """What a session tells its observers."""
        yield UnitStarted(self.unit, self.evidence)
        for repetition in self.repetitions:
            for turn in repetition.turns:
                yield TurnFinished(self.unit, repetition.number, turn, dict(self.gauges))
            yield RepetitionFinished(self.unit, repetition)
        yield UnitFinished(UnitResult(self.unit, self.verdict, self.reasons, self.repetitions, self.checks, 1.0))

    def conclusion(self, attempts: int) -> Conclusion:
        handset = self.unit.handset
        return Conclusion(self.unit.id, self.verdict, self.reasons, handset.name, handset.model, 1.0, attempts)


def handsets() -> tuple[HandsetIdentity, ...]:
    """The emulated fleet's five models."""
    return tuple(
        HandsetIdentity(
            name, f"S{number:07x}", "Xiaomi", model, chip, "14", 34, 12.0, number == 0, True,
            f"Xiaomi/{name}/{name}:14/UKQ1.230804.001/V816:user/release-keys", screen="embedded endpoint",
        )
        for number, (name, model, chip, _) in enumerate(MODELS)
    )  # fmt: skip


def story(
    scenario: str, file: str, handset: HandsetIdentity, build: Build = GOOD, *, turns: int = 3, reply: str = ""
) -> Story:
    """A unit that passes, with sounds in its first turn; `reply` stands in each answer."""
    unit = Unit(f"{file}::{scenario}[{handset.model}]", scenario, file, handset, build.identity)
    made = told_turns(build, speed_of(handset), turns, reply)
    repetition = Repetition(1, 1, made, recording(made, build), Verdict.PASS, evidence=(log_of(made), picture()))
    receipt = Evidence("deploy receipt", "receipt.json", b'{"build":"compact"}')
    budget = Check("budget rss_mb max", Verdict.PASS, "at most 2900 MB", f"{build.weight_mb:.0f} MB", measured=True)
    gauges = (("rss_mb", build.weight_mb), ("skin_c", 29.4))
    return Story(unit, (repetition,), checks=(budget,), evidence=(receipt,), gauges=gauges)


def failed(told: Story, reason: str) -> Story:
    """The build's own fault."""
    return _ended(told, Verdict.FAIL, reason)


def lost(told: Story, handset: HandsetIdentity, reason: str) -> Story:
    """The attempt before, which the lab has lost on another handset of the model."""
    unit = replace(told.unit, handset=handset)
    return replace(_ended(replace(told, unit=unit), Verdict.LAB, reason), lost=True)


def _ended(told: Story, verdict: Verdict, reason: str) -> Story:
    repetitions = tuple(replace(one, verdict=verdict, reasons=(reason,)) for one in told.repetitions)
    return replace(told, verdict=verdict, reasons=(reason,), repetitions=repetitions)


def speed_of(handset: HandsetIdentity) -> float:
    return next((speed for _, model, _, speed in MODELS if model == handset.model), 20.0)


def told_turns(build: Build, tokens_per_s: float, count: int, reply: str) -> tuple[TurnRecord, ...]:
    return tuple(_turn(number, build, tokens_per_s, reply) for number in range(1, count + 1))


def _turn(number: int, build: Build, tokens_per_s: float, reply: str) -> TurnRecord:
    start = 100 * S + (number - 1) * TURN_S * S
    ttft, step = round(2.2e9 / tokens_per_s * build.slower), round(1e9 / tokens_per_s * build.slower)
    times = [start + ttft + n * step for n in range(TOKENS)]
    text = reply or "In Hanoi it will be rainy tomorrow, with a high of 30 and a low of 22 degrees."
    events = (
        AssistantEvent(number, "request", start, {"text": "weather", "tokens": 15}),
        AssistantEvent(number, "first_token", times[0], {"n": 1}),
        *(AssistantEvent(number, "token", at, {"n": n, "text": "t"}) for n, at in enumerate(times, 1)),
        AssistantEvent(number, "reply", times[-1], {"text": text, "tokens": TOKENS}),
    )
    metrics = {
        "ttft_ms": ttft / 1e6,
        "total_ms": (times[-1] - start) / 1e6,
        "tpot_ms": step / 1e6,
        "decode_tps": tokens_per_s / build.slower * (1 - 0.003 * number),
    }
    return TurnRecord(
        number, "What is the weather in Hanoi tomorrow?", "en", "voice" if number == 1 else "ui",
        "what is the weather in hanoi tomorrow" if number == 1 else None, text, start, times[-1], events, metrics,
        (Check("reply contains 'Hanoi'", Verdict.PASS, "Hanoi", text[:80], number),
         Check("ttft_ms", Verdict.PASS, "at most 1500 ms", f"{ttft / 1e6:.4g} ms", number, measured=True)),
        (Evidence("question", f"question-{number}.wav", tone(440)), Evidence("reply", f"reply-{number}.wav", tone(330)))
        if number == 1 else (),
        tuple(Estimate(name, value, 0.1, "events") for name, value in metrics.items()),
    )  # fmt: skip


def recording(turns: Sequence[TurnRecord], build: Build) -> Trace:
    """Four samples a second from before the first turn until after the last."""
    start, end = turns[0].start_ns - S, turns[-1].end_ns + S
    at = range(start, end, S // 4)
    turned = [sum(turn.end_ns < ns for turn in turns) for ns in at]
    values = {
        ("rss_mb", "MB"): [build.weight_mb + (2 + build.leak_mb) * done for done in turned],
        ("skin_c", "°C"): [28 + (ns - start) / S * 0.04 * build.slower for ns in at],
        ("soc_c", "°C"): [34 + 5 * math.sin((ns - start) / S) ** 2 for ns in at],
        ("battery_c", "°C"): [27 + (ns - start) / S * 0.02 for ns in at],
        ("power_mw", "mW"): [1800 + 2500 * abs(math.sin((ns - start) / S)) for ns in at],
    }
    series = {name: Series(name, unit, tuple(zip(at, points, strict=True))) for (name, unit), points in values.items()}
    spans = tuple(Span("turn", turn.asked, turn.start_ns, turn.end_ns) for turn in turns)
    events = tuple(event for turn in turns for event in turn.events)
    return Trace(ClockFit(0, S // 1000), start, end, series, events, spans)


def log_of(turns: Sequence[TurnRecord], text: str = "") -> Evidence:
    lines = [f"11-29 07:00:{turn.number:02}.000  1000  1000 I AssistantEvent: {turn.reply}" for turn in turns]
    return Evidence("logcat", "logcat.txt", "\n".join([*lines, text]).encode("utf-8", "replace"))


@cache
def picture() -> Evidence:
    """A screen of one colour."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (108, 240), (32, 90, 140)).save(file, "PNG")
    return Evidence("screenshot", "screenshot.png", file.getvalue())


@cache
def tone(hertz: int) -> bytes:
    """Half a second of a quiet tone, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        samples = (round(3000 * math.sin(2 * math.pi * hertz * n / 16_000)) for n in range(8_000))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def hash_of(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()
