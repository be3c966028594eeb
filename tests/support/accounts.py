"""Accounts of runs that were never run."""

from __future__ import annotations

from collections.abc import Sequence

from framework.contract.account import (
    Figure,
    RepetitionAccount,
    RunAccount,
    RunHead,
    Sampled,
    TestAccount,
    TurnAccount,
    UnitAccount,
)
from framework.contract.run import BuildIdentity, HandsetIdentity
from framework.contract.verdict import Verdict

PASS = Verdict.PASS
BUILD = BuildIdentity("compact", "1.0", "app.compact", "Compact 1.3B", {"a.apk": "00"}, scaled=True)
OTHER = BuildIdentity("compact", "1.1", "app.compact", "Compact 1.3B", {"a.apk": "01"}, scaled=True)
TEN = HandsetIdentity("ten", "SERIAL-10", "Xiaomi", "Mi 10", "SM8250", "13", 33, 8.0, False, True, "xiaomi/umi")
METRICS = ("ttft_ms", "tpot_ms", "decode_tps", "total_ms", "asr_final_ms", "first_audio_ms", "first_text_ms")
METRICS += ("mj_per_token",)


def account(
    id: str = "a",
    began_at: float = 1000.0,
    tests: Sequence[TestAccount] = (),
    build: BuildIdentity = BUILD,
    finished: bool = True,
) -> RunAccount:
    """Its name is made of its id."""
    head = RunHead(id, f"run-{id}", began_at, began_at + 60, build, "0.1", ("suites",), finished)
    return RunAccount(head, {TEN.name: TEN}, tuple(tests), ("LAB after t: cable",))


def judged(
    id: str, verdict: Verdict = Verdict.PASS, turns: int = 2, metrics: int = 2, seconds: float = 3.0
) -> TestAccount:
    """A test with one unit of one repetition, and figures that its id tells."""
    base = float(sum(map(ord, id)) % 100)
    made = tuple(
        TurnAccount(
            number, "Rain?", "Yes, 后天.", verdict, 1.5 * number,
            tuple(Figure(name, base + number + place, 0.5, "events") for place, name in enumerate(METRICS[:metrics])),
        )
        for number in range(1, turns + 1)
    )  # fmt: skip
    sampled = (Sampled("rss_mb", 2, (1, 1, 1, 2, 3, 3, base), ((0.0, 1.0), (1.0, base))),)
    repetition = RepetitionAccount(1, 1, verdict, ("why",), f"units/{id}/ten/1-1", made, sampled, (("late", "it was"),))
    unit = UnitAccount("ten", TEN.model, verdict, ("why",), seconds, 1050.0, (repetition,))
    return TestAccount(id, id, f"{id}.yaml", verdict, ("why",), "ten", TEN.model, seconds + 1, 1, units=(unit,))
