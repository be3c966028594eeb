"""Clocks and busy time of the CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import MakeBed
    from framework.formats.gguf_model import GgufModel


def test_busy_clusters_run_at_their_limit(bed: MakeBed) -> None:
    """Five threads fill the prime core and the four big ones; the little ones stay low."""
    handset = bed()
    cpus = handset.physics.cpus
    with handset.physics.working("decode", 1):
        now_ns = handset.go(1)
        clocks = [cpus.cur_khz(cpu, now_ns) for cpu in range(8)]
    assert clocks[7] == 3_187_200
    assert set(clocks[3:7]) == {2_803_200}
    assert all(khz < 1_000_000 for khz in clocks[:3])


def test_idle_clocks_are_far_below_the_limit(bed: MakeBed) -> None:
    """The limit is nominal, the clock is not."""
    handset = bed()
    cpus, now_ns = handset.physics.cpus, handset.go(1)
    assert cpus.max_khz(7, now_ns) == 3_187_200
    assert cpus.cur_khz(7, now_ns) < 1_000_000


def test_busy_time_is_that_of_the_work_and_some_background(bed: MakeBed) -> None:
    """Ten seconds of decoding are ten seconds on each of five CPUs."""
    handset = bed()
    before = handset.physics.cpus.busy_ns(handset.now_ns)
    with handset.physics.working("decode", 1):
        after = handset.physics.cpus.busy_ns(handset.go(10))
    spent = [late - early for early, late in zip(before, after, strict=True)]
    assert all(9e9 < each <= 11e9 for each in spent[3:])
    assert all(each < 1e9 for each in spent[:3])


def test_a_process_runs_while_it_works(bed: MakeBed) -> None:
    """And its threads are counted."""
    handset = bed()
    cpus = handset.physics.cpus
    with handset.physics.working("listen", 42):
        assert cpus.threads_at_work(42) == {"recognizer-0"}
        assert (cpus.threads_at_work(43), cpus.running(handset.now_ns)) == (set(), 1)
    assert cpus.threads_at_work(42) == set()


def test_a_vendors_cap_limits_clocks_and_speed_unseen(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """scaling_max_freq falls and inference slows; thermal status and engine say nothing; lifted, all is as before."""
    handset = bed()
    physics, inference = handset.physics, handset.physics.inference(gemma_3_1b)
    with physics.working("decode", 1):
        free = inference.decode_ns(10, handset.go(1))
        physics.cpus.cap(0.5)
        capped = inference.decode_ns(10, handset.go(1))
        assert physics.cpus.max_khz(7, handset.now_ns) <= 0.5 * 3_187_200
        assert (physics.thermal.status(handset.now_ns), physics.thermal.throttling_level(handset.now_ns)) == (0, 0)
        physics.cpus.cap(None)
        assert inference.decode_ns(10, handset.go(1)) == free
    assert capped > 1.3 * free


def test_another_process_slows_inference_once_it_wants_its_cpus(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """Five threads decode; three more find CPUs of their own, eight more share them, and time goes to who used it."""
    handset = bed()
    physics, inference = handset.physics, handset.physics.inference(gemma_3_1b)
    hog = handset.processes.spawn("hog", 10300)
    with physics.working("decode", 99):
        alone = inference.decode_ns(10, handset.go(1))
        with physics.working("other", hog.pid, threads=8):
            watts = physics.power.drawn_w(handset.go(1))
            beside = inference.decode_ns(10, handset.go(1))
        physics.settle()
        assert hog.cpu_ns == pytest.approx(2e9 * 8 * 8 / 13, rel=1e-6)
        assert watts > physics.power.drawn_w(handset.go(1)) + 1
    assert beside > 1.25 * alone
