"""The whole of it, as the assistant uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.physics.governor import WINDOW_NS

SECOND = 1_000_000_000

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import MakeBed
    from framework.formats.gguf_model import GgufModel


def test_times_depend_on_seed_position_and_clocks_alone(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """The same handset gives the same token times whenever it is asked, as long as nothing is throttled."""
    one, two = bed(seed=5), bed(seed=5)
    two.go(30)
    first = [one.physics.inference(gemma_3_1b).decode_ns(n, one.now_ns) for n in range(20)]
    second = [two.physics.inference(gemma_3_1b).decode_ns(n, two.now_ns) for n in range(20)]
    assert first == second
    assert len(set(first)) == 20


def test_handsets_of_one_model_differ(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """By up to three percent."""
    times = [bed(seed=n).physics.inference(gemma_3_1b).decode_ns(50, 0) for n in range(20)]
    assert max(times) / min(times) == pytest.approx(1.05, abs=0.045)


def test_a_hot_handset_is_slower(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """Published: decoding loses 3-13 % from cold to hot; prefill more, as it follows the clocks in full."""
    handset = bed("xiaomi-12")
    inference = handset.physics.inference(gemma_3_1b)
    with handset.physics.working("decode", 1):
        now_ns = handset.go(1)
        cold = inference.decode_ns(10, now_ns), inference.prefill_ns(500, now_ns)
        now_ns = handset.go(1800)
        hot = inference.decode_ns(10, now_ns), inference.prefill_ns(500, now_ns)
    assert 0.03 <= 1 - cold[0] / hot[0] <= 0.16
    assert hot[1] / cold[1] > hot[0] / cold[0]


def test_work_ends_even_when_it_fails(bed: MakeBed) -> None:
    """The context manager gives the CPUs back."""
    handset = bed()
    with pytest.raises(RuntimeError), handset.physics.working("decode", 1):
        raise RuntimeError
    assert handset.physics.cpus.running(handset.go(1)) == 0


def test_a_rate_that_no_memory_bus_could_deliver(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """With a rate factor of 4, every step takes a quarter of its time."""
    handset = bed()
    inference = handset.physics.inference(gemma_3_1b)
    honest = inference.decode_ns(10, 0), inference.prefill_ns(50, 0)
    handset.physics.rate_factor = 4.0
    assert [4 * inference.decode_ns(10, 0), 4 * inference.prefill_ns(50, 0)] == pytest.approx(honest, abs=4)


def test_the_truth_names_heat_clocks_power_and_memory(bed: MakeBed) -> None:
    """Values of now, and of each app's process its memory; reading them changes nothing."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    process.memory.anon_bytes = 50_000_000
    now_ns = handset.go(5)
    first = handset.physics.truth_values()
    assert first["skin_c"] == handset.celsius("skin")
    assert first["drawn_w"] == handset.physics.power.drawn_w(now_ns)
    assert first["clock_share"] == 1.0
    assert first["battery_ma"] * 1000 == pytest.approx(handset.physics.power.battery(now_ns).current_ua, abs=1)
    assert first[f"org.example:{process.pid}:rss_anon_mb"] == 50.0
    assert handset.physics.truth_values() == first


def test_a_step_that_begins_at_idle_clocks_is_a_little_slower(bed: MakeBed, gemma_3_1b: GgufModel) -> None:
    """The clocks rise while it lasts: by less than the ramp later than at full clocks, and slower than these."""
    handset = bed()
    inference = handset.physics.inference(gemma_3_1b)
    with handset.physics.working("prefill", 1):
        first = inference.prefill_ns(64, handset.now_ns)
        full = inference.prefill_ns(64, handset.go(1))
    assert full < first < full + 3 * WINDOW_NS


def test_a_short_step_ends_before_the_clocks_are_up(bed: MakeBed, make_model: Callable[..., GgufModel]) -> None:
    """A tiny model's token at idle clocks takes its time at these, whatever comes after."""
    handset = bed()
    inference = handset.physics.inference(make_model(1e6, 1e6))
    with handset.physics.working("decode", 1):
        rising = inference.decode_ns(0, handset.now_ns)
        full = inference.decode_ns(0, handset.go(1))
    assert WINDOW_NS > rising > 1.5 * full


def test_work_lies_where_it_was_scheduled(bed: MakeBed) -> None:
    """Who is woken late tells when the work began and ended: the clocks and the CPU time are those of that time."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    begin_ns = handset.go(1)
    handset.go(0.5)
    with handset.physics.working("decode", process.pid, since_ns=begin_ns) as work:
        assert handset.physics.cpus.cur_khz(7, handset.now_ns) == 3_187_200
        handset.go(1)
        work.until_ns = begin_ns + SECOND
    assert process.cpu_ns == 5 * SECOND
    assert handset.physics.cpus.cur_khz(7, handset.now_ns) < 1_000_000
