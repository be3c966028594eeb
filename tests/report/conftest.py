"""One told unit: a spoken turn in Chinese with sounds, a written one, a budget."""

from __future__ import annotations

import pytest

from framework.contract.run import (
    BuildIdentity,
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
from framework.contract.trace import ClockFit, Series, Trace
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict

S = 1_000_000_000
HOSTILE = "<script>alert('x')</script>\x1b[31m & \"more\""


@pytest.fixture(scope="session")
def unit() -> Unit:
    handset = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
    build = BuildIdentity("compact", "1.0", "org.example.assistant", "compact-1.3b", scaled=True)
    return Unit("suites/smoke/weather_zh.yaml::天气", "天气", "suites/smoke/weather_zh.yaml", handset, build)


@pytest.fixture(scope="session")
def turns() -> tuple[TurnRecord, ...]:
    sounds = (Evidence("question", "question-1.wav", b"RIFFq"), Evidence("reply", "reply-1.wav", b"RIFFr"))
    right = Check("reply contains '河内'", Verdict.PASS, "河内", "'河内晴'", 1)
    late = Check("ttft_ms", Verdict.FAIL, "at most 300 ms", "412.3 ms", 2, measured=True)
    metrics = {"ttft_ms": 412.34, "decode_tps": 14.2}
    return (
        TurnRecord(1, "后天呢？", "zh", "voice", "后天呢", "河内晴。", S, 3 * S, (), metrics, (right,), sounds),
        TurnRecord(2, HOSTILE, "en", "ui", None, "<b>bold</b>", 4 * S, 5 * S, (), {"ttft_ms": 412.34}, (late,)),
    )


@pytest.fixture(scope="session")
def repetition(turns: tuple[TurnRecord, ...]) -> Repetition:
    trace = Trace(ClockFit(0, 10**6), 0, 6 * S, {"rss_mb": Series("rss_mb", "MB", ((S, 1000.0), (2 * S, 1310.0)))})
    log = Evidence("logcat", "logcat.txt", HOSTILE.encode())
    reasons = ("turn 2: ttft_ms: expected at most 300 ms, found 412.3 ms",)
    return Repetition(1, 1, turns, trace, Verdict.FAIL, reasons, (log,))


@pytest.fixture(scope="session")
def events(unit: Unit, turns: tuple[TurnRecord, ...], repetition: Repetition) -> tuple[RunEvent, ...]:
    budget = Check("budget rss_mb max", Verdict.PASS, "at most 2900 MB", "1310 MB", measured=True)
    result = UnitResult(unit, Verdict.FAIL, repetition.reasons, (repetition,), (budget,), 2.5)
    gauges = {"rss_mb": 1310.4, "skin_c": 31.42}
    return (
        UnitStarted(unit, (Evidence("receipt", "receipt.json", b"{}"),)),
        *(TurnFinished(unit, 1, turn, gauges) for turn in turns),
        RepetitionFinished(unit, repetition),
        UnitFinished(result),
    )
