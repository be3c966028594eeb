"""The metrics of an assistant, their units and directions, and the budgets written with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Statistic = Literal["max", "min", "mean", "p50", "p90", "p95", "p99"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quantity. `per_turn` metrics have one value a turn, the others one a sample."""

    name: str
    unit: str
    better: Literal["lower", "higher"]
    per_turn: bool
    meaning: str


METRICS: tuple[Metric, ...] = (
    Metric("ttft_ms", "ms", "lower", True, "end of the request to the first token"),
    Metric("tpot_ms", "ms", "lower", True, "mean time between two tokens"),
    Metric("decode_tps", "tokens/s", "higher", True, "(n-1) / (last token - first token)"),
    Metric("total_ms", "ms", "lower", True, "end of the request to the whole reply"),
    Metric("asr_final_ms", "ms", "lower", True, "end of speech to the final transcript"),
    Metric("first_audio_ms", "ms", "lower", True, "end of speech (or of the request) to the first reply sound"),
    Metric("first_text_ms", "ms", "lower", True, "end of the request to the first reply text on the screen"),
    Metric("rss_mb", "MB", "lower", False, "resident memory of the assistant's process"),
    Metric("pss_mb", "MB", "lower", False, "proportional share of memory"),
    Metric("swap_mb", "MB", "lower", False, "memory moved to zram"),
    Metric("skin_c", "°C", "lower", False, "temperature of the outer skin"),
    Metric("soc_c", "°C", "lower", False, "temperature of the SoC"),
    Metric("battery_c", "°C", "lower", False, "temperature of the battery"),
    Metric("throttle", "share", "lower", False, "share of time with a clock limit below nominal"),
    Metric("power_mw", "mW", "lower", False, "power drawn from the battery"),
    Metric("mj_per_token", "mJ", "lower", True, "energy of one reply token"),
    Metric("jank", "share", "lower", False, "share of frames that missed their deadline"),
)

METRIC_NAMES: tuple[str, ...] = tuple(metric.name for metric in METRICS)
TURN_METRICS: tuple[str, ...] = tuple(metric.name for metric in METRICS if metric.per_turn)


def metric(name: str) -> Metric:
    """The metric of that name; KeyError for a name that is not in the table."""
    for entry in METRICS:
        if entry.name == name:
            return entry
    raise KeyError(name)
