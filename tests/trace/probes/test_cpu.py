from __future__ import annotations

import pytest

from framework.dumps.errors import DumpError
from framework.trace.probes.cpu import CpuReader, ThreadReader

S = 10**9


def task(pid: int, ticks: int, *, name: str = "a) b", started: int = 100) -> str:
    return f"{pid} ({name}) S 1 1 0 0 -1 4194304 0 0 0 0 {ticks} 0 0 0 20 0 9 0 {started} 1000 10 0 1 1 0\n"


def cpu(busy: int) -> str:
    return f"cpu  {busy} 0 0 5000 300 0 0 0 0 0\n"


def test_cores_in_use_are_ticks_over_the_time_between_two_samples() -> None:
    """100 ticks are a second of one core; waiting for storage is not work; a name may hold parentheses."""
    read = CpuReader()
    assert read(1 * S, cpu(1000) + task(7, 50)).points == ()
    ((at, values),) = read(3 * S, cpu(1700) + task(7, 450)).points
    assert at == 3 * S
    assert dict(values) == pytest.approx({"cpu_busy_cores": 3.5, "cpu_app_cores": 2.0, "cpu_other_cores": 1.5})


def test_a_process_that_was_started_anew_begins_anew() -> None:
    """Same number, other start time: its ticks are not the difference to the old process's."""
    read = CpuReader()
    read(1 * S, cpu(1000) + task(7, 900))
    ((_, values),) = read(2 * S, cpu(1100) + task(7, 10, started=5000)).points
    assert dict(values) == pytest.approx({"cpu_busy_cores": 1.0})


def test_without_the_process_the_handset_is_still_told_of() -> None:
    """The assistant died: what others use is known, its own share is not."""
    read = CpuReader()
    read(1 * S, cpu(1000) + task(7, 900))
    assert dict(read(2 * S, cpu(1200)).points[0][1]) == pytest.approx({"cpu_busy_cores": 2.0})


def test_text_that_was_cut_is_an_error() -> None:
    """Half a line of /proc/PID/stat is no sample."""
    with pytest.raises(DumpError):
        CpuReader()(S, cpu(1) + "7 (app) S 1 1")


def test_the_busiest_threads_stay_the_same_series() -> None:
    """By what they used since the recording began; threads of one name are one; a new thread counts from its start."""
    read = ThreadReader()
    names = ["main", "Binder:7_1", "llm-0", "llm-0", "io", "gc", "idle"]
    read(1 * S, "".join(task(10 + n, 0, name=name) for n, name in enumerate(names)))
    used = [10, 20, 90, 80, 5, 4, 0]
    lines = "".join(task(10 + n, ticks, name=name) for n, (name, ticks) in enumerate(zip(names, used, strict=True)))
    ((_, values),) = read(2 * S, lines + task(99, 60, name="late")).points
    assert dict(values) == pytest.approx(
        {
            "thread_llm_0_cores": 1.7,
            "thread_late_cores": 0.6,
            "thread_Binder_7_1_cores": 0.2,
            "thread_main_cores": 0.1,
            "thread_io_cores": 0.05,
        }
    )


def test_a_thread_that_was_told_is_told_to_the_end() -> None:
    """Overtaken by five others it has a figure all the same, and none when it is gone."""
    read = ThreadReader()
    names = ["early", *(f"late-{n}" for n in range(5))]
    read(1 * S, "".join(task(10 + n, 0, name=name) for n, name in enumerate(names)))
    told = []
    for second, ticks in ((2, 0), (3, 90)):
        lines = "".join(task(11 + n, ticks, name=name) for n, name in enumerate(names[1:]))
        ((_, values),) = read(second * S, task(10, 20 * (second - 1), name="early") + lines).points
        told.append(dict(values))
    ((_, values),) = read(4 * S, task(99, 0, name="other")).points
    others = {f"thread_late_{n}_cores": 0.9 for n in range(5)}
    assert told == [pytest.approx({"thread_early_cores": 0.2}), pytest.approx({"thread_early_cores": 0.2} | others)]
    assert dict(values) == pytest.approx(dict.fromkeys(told[1], 0.0))
