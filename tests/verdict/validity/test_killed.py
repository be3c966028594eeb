"""Whose fault a low-memory kill of the assistant is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.contract.run import Repetition
from framework.contract.trace import Trace
from framework.contract.verdict import Verdict
from framework.verdict.judge import judge_repetition
from framework.verdict.validity import Circumstances, killed

PACKAGE = "org.example.assistant"
KILL = f"{PACKAGE} (pid 7, oom_score_adj 0, 2900 MB) was killed: low watermark is breached"
TOTAL = 16_000.0


def memory(available: list[float], own: list[float]) -> dict[str, list[tuple[float, float]]]:
    """Samples from second 10 on, one each."""
    return {
        "mem_total_mb": [(10.0, TOTAL)],
        "mem_available_mb": [(10.0 + at, value) for at, value in enumerate(available)],
        "rss_mb": [(10.0 + at, value + 700) for at, value in enumerate(own)],
        "rss_file_mb": [(10.0 + at, 700.0) for at in range(len(own))],
    }


@pytest.mark.parametrize(
    ("available", "own", "others_mb", "verdict"),
    [
        ([6000, 3000, 500], [2000, 5000, 7500], None, Verdict.FAIL),
        ([6000, 3000, 500], [2000, 2000, 2000], None, Verdict.INVALID),
        ([6000, 5500, 5000], [2000, 2000, 2000], None, Verdict.FAIL),
        ([500, 500, 500], [2000, 2000, 2000], None, Verdict.FAIL),
        ([500, 500, 500], [2000, 2000, 2000], 8000.0, Verdict.INVALID),
    ],
    ids=["it grew itself", "another took it", "nobody did", "it was short from the start", "since the session began"],
)
def test_who_took_the_memory(
    available: list[float],
    own: list[float],
    others_mb: float | None,
    verdict: Verdict,
    trace: Callable[..., Trace],
    repetition: Callable[..., Repetition],
) -> None:
    """The others, if they hold a tenth of all more than when the session began; else the build, however right."""
    recorded = trace(memory(available, own), instants=[("low_memory_kill", KILL, 12.5)])
    circumstances = Circumstances(package=PACKAGE, others_mb=others_mb)
    for failures in ((), ("assistant 1.0: turn 1: its process died",)):
        judged = judge_repetition(repetition(trace=recorded), circumstances, failures)
        assert judged.verdict is verdict
        assert (KILL in judged.reasons) is (verdict is Verdict.FAIL)


def test_another_apps_end_is_not_the_assistants(
    trace: Callable[..., Trace], repetition: Callable[..., Repetition]
) -> None:
    """Its name only begins alike; a process of the package with a name of its own counts."""
    circumstances = Circumstances(package=PACKAGE)
    for text, count in ((f"{PACKAGE}.helper (pid 9) was killed", 0), (f"{PACKAGE}:model (pid 9) was killed", 1)):
        assert len(killed.kills(trace({}, instants=[("low_memory_kill", text, 12)]), PACKAGE)) == count
    other = trace({}, instants=[("low_memory_kill", "com.miui.gallery (pid 9) was killed", 12)])
    assert judge_repetition(repetition(trace=other), circumstances).verdict is not Verdict.FAIL


def test_a_crash_beside_it_stays_a_crash(trace: Callable[..., Trace], repetition: Callable[..., Repetition]) -> None:
    """That others took the memory excuses the kill, and nothing else."""
    instants = [("low_memory_kill", KILL, 12.5), ("crash", f"{PACKAGE} crashed: IllegalStateException", 11)]
    recorded = trace(memory([6000, 3000, 500], [2000, 2000, 2000]), instants=instants)
    judged = judge_repetition(repetition(trace=recorded), Circumstances(package=PACKAGE))
    assert (judged.verdict, judged.reasons[0]) == (Verdict.FAIL, f"{PACKAGE} crashed: IllegalStateException")
