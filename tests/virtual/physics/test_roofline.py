"""The roofline against figures that others published of real phones (see reference: executorch, cactus, mnn-llm)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from framework.virtual.physics.roofline import Roofline
from framework.virtual.profiles.record import Cluster, Soc

if TYPE_CHECKING:
    from conftest import MakeBed
    from framework.formats.gguf_model import GgufModel

MakeModel = Callable[..., "GgufModel"]
BEST_MAKER = 1.0


def soc(bandwidth_gbs: float, int8_gops: float, maker_factor: float = BEST_MAKER) -> Soc:
    cluster = Cluster(cores=8, part="0xd4d", min_khz=300000, nominal_khz=3000000)
    return Soc(
        maker="QTI",
        name="x",
        model="x",
        platform="x",
        clusters=(cluster,),
        bandwidth_gbs=bandwidth_gbs,
        bandwidth_share=0.6,
        maker_factor=maker_factor,
        int8_gops=int8_gops,
        efficient_threads=5,
    )


@pytest.mark.parametrize(
    ("source", "bandwidth_gbs", "parameters", "weight_bytes", "tps"),
    [
        ("OnePlus 12, Llama 3.2 1B BF16", 76.8, 1.24e9, 2.47e9, 19.2),
        ("OnePlus 12, Llama 3.2 3B BF16", 76.8, 3.21e9, 6.43e9, 7.6),
        ("OnePlus 12, Llama 3 8B int4", 76.8, 8.03e9, 4.5e9, 10.85),
        ("S22, Llama 3 8B int4", 51.2, 8.03e9, 4.5e9, 7.85),
        ("S24 Ultra, Gemma 3 1B int4", 76.8, 1.0e9, 1.0e9, 43.6),
        ("8 Gen 2, Llama 2 7B int4", 67.0, 6.74e9, 3.9e9, 10.0),
    ],
)
def test_decoding_is_within_a_fifth_of_measured_phones(
    make_model: MakeModel, source: str, bandwidth_gbs: float, parameters: float, weight_bytes: float, tps: float
) -> None:
    """Reading the weights at 0.6 of the peak bandwidth explains each published rate within 20 %."""
    roofline = Roofline.of(soc(bandwidth_gbs, 600))
    assert 1 / roofline.decode_s(make_model(parameters, weight_bytes), 64, 1.0) == pytest.approx(tps, rel=0.2)


@pytest.mark.parametrize(
    ("source", "parameters", "weight_bytes", "tps"),
    [
        ("OnePlus 12, Llama 3.2 1B int4", 1.24e9, 1.1e9, 260.5),
        ("OnePlus 12, Llama 3.2 1B BF16", 1.24e9, 2.47e9, 60.3),
        ("OnePlus 12, Llama 3.2 3B int4", 3.21e9, 2.5e9, 89.7),
        ("S24 Ultra, Gemma 3 1B int4", 1.0e9, 1.0e9, 243.0),
    ],
)
def test_prefill_is_within_three_tenths_of_measured_phones(
    make_model: MakeModel, source: str, parameters: float, weight_bytes: float, tps: float
) -> None:
    """One arithmetic rate, a quarter of it for 16 bit weights, explains the published rates of one SoC within 30 %."""
    roofline = Roofline.of(soc(76.8, 600))
    tokens = 1024
    assert tokens / roofline.prefill_s(make_model(parameters, weight_bytes), tokens, 1.0) == pytest.approx(tps, rel=0.3)


@pytest.mark.parametrize(
    ("profile", "lowest", "highest"),
    [
        ("xiaomi-13", 19.0, 23.0),  # measured: 21
        ("xiaomi-mix-fold-3", 21.0, 33.0),  # the span of handsets with an 8 Gen 2
        ("xiaomi-12", 16.0, 22.0),  # Z Fold 4 with 8+ Gen 1: 19
        ("xiaomi-11", 14.0, 21.0),
        ("xiaomi-10", 12.0, 19.0),
    ],
)
def test_each_profile_decodes_gemma_as_phones_of_its_kind(
    bed: MakeBed, gemma_3_1b: GgufModel, profile: str, lowest: float, highest: float
) -> None:
    """Tokens per second of Gemma 3 1B Q8, for ten handsets of a model."""
    for seed in range(10):
        handset = bed(profile, seed)
        with handset.physics.working("decode", 1):
            rate = 1e9 / handset.physics.inference(gemma_3_1b).decode_ns(100, handset.go(1))
        assert lowest <= rate <= highest


def test_the_kv_cache_slows_decoding_down(make_model: MakeModel) -> None:
    """Each token of context is read too."""
    roofline, small = Roofline.of(soc(64, 500)), make_model(1e9, 1e9, kv_bytes=100_000)
    assert roofline.decode_s(small, 4000, 1.0) == pytest.approx(roofline.decode_s(small, 0, 1.0) * 1.4)


def test_half_the_clock_doubles_prefill_but_not_decoding(make_model: MakeModel) -> None:
    """Arithmetic follows the clocks, memory only in part."""
    roofline, facts = Roofline.of(soc(64, 500)), make_model(1e9, 1e9)
    assert roofline.prefill_s(facts, 2000, 0.5) == pytest.approx(2 * roofline.prefill_s(facts, 2000, 1.0), rel=0.01)
    assert roofline.decode_s(facts, 0, 0.5) == pytest.approx(1.5 * roofline.decode_s(facts, 0, 1.0))


def test_a_short_prompt_is_bound_by_reading_the_weights(make_model: MakeModel) -> None:
    """One token and two take the same time: the weights are read once."""
    roofline, facts = Roofline.of(soc(64, 500)), make_model(1e9, 1e9)
    assert roofline.prefill_s(facts, 1, 1.0) == roofline.prefill_s(facts, 2, 1.0)
