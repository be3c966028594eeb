"""How long a language model takes on a processor: the roofline, calibrated by public figures.

Prefill is bound by arithmetic, decoding by reading the weights and the KV cache for every token. Measured on
phones: decoding reaches 0.55-0.65 of the peak memory bandwidth, less a factor that differs by maker (the same
8 Gen 2 gives 21 to 33 tokens/s); 16 bit weights prefill at about a quarter of the rate of 4 and 8 bit ones
(ExecuTorch's Llama 3.2 1B: 60 against 260 tokens/s).
"""

from __future__ import annotations

from dataclasses import dataclass

from framework.formats.gguf_model import GgufModel
from framework.virtual.profiles.record import Soc

WIDE_BITS = 12.0
"""Weights wider than this are multiplied as 16 bit floats."""

WIDE_RATE = 0.25
"""Arithmetic rate with such weights, against integers."""

MEMORY_FOLLOWS = 0.5
"""Share of decoding that slows down with the CPU clocks; the rest waits for memory whatever they are."""

PROMPT_OVERHEAD_S = 0.012
"""Setting up one batch: tokenizing, the graph, the first cold caches."""


@dataclass(frozen=True, slots=True)
class Roofline:
    """One handset's rates at nominal clocks: `bandwidth` in bytes/s, `arithmetic` in operations/s."""

    bandwidth: float
    arithmetic: float

    @classmethod
    def of(cls, soc: Soc, unit: float = 1.0) -> Roofline:
        """The rates of a processor; `unit` is this handset's factor among others of its model."""
        bandwidth = soc.bandwidth_gbs * 1e9 * soc.bandwidth_share * soc.maker_factor * unit
        return cls(bandwidth, soc.int8_gops * 1e9 * unit)

    def prefill_s(self, model: GgufModel, tokens: int, clock_share: float) -> float:
        """Seconds to read a prompt of `tokens` tokens at `clock_share` of the nominal clocks."""
        rate = (
            self.arithmetic
            * (WIDE_RATE if 8 * model.weight_bytes / model.parameters > WIDE_BITS else 1.0)
            * clock_share
        )
        compute_s = 2.0 * model.parameters * tokens / rate
        return PROMPT_OVERHEAD_S + max(compute_s, self._reading_s(model.weight_bytes, clock_share))

    def decode_s(self, model: GgufModel, position: int, clock_share: float) -> float:
        """Seconds for the token at `position` of the context."""
        return self._reading_s(model.weight_bytes + model.kv_bytes_per_token * position, clock_share)

    def _reading_s(self, amount: int, clock_share: float) -> float:
        return amount / self.bandwidth * (1 - MEMORY_FOLLOWS + MEMORY_FOLLOWS / clock_share)
