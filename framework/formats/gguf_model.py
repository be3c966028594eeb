"""What a GGUF file says about its language model.

Demonstration weights are *scaled*: small tensors under the names, layer counts and hyperparameters of the full model,
whose size they declare in keys of their own:

- `pocketfarm.scaled` (bool): the tensors are smaller than the hyperparameters say;
- `pocketfarm.declared.weight_bytes` (int): bytes of all tensors of the full model.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Final

from framework.formats.errors import FormatError
from framework.formats.gguf import GgufHeader
from framework.formats.gguf_types import FILE_TYPES

SCALED: Final = "pocketfarm.scaled"
DECLARED_WEIGHT_BYTES: Final = "pocketfarm.declared.weight_bytes"

_CACHE_BYTES_PER_NUMBER = 2
"""llama.cpp keeps keys and values as f16 unless told otherwise."""


@dataclass(frozen=True, slots=True)
class GgufModel:
    """The full model; sizes in bytes, `context` and `kv_bytes_per_token` per token of context."""

    name: str
    architecture: str
    parameters: int
    quantization: str
    layers: int
    context: int
    weight_bytes: int
    kv_bytes_per_token: int
    scaled: bool


def describe(header: GgufHeader) -> GgufModel:
    """The model of a file; FormatError where the file lacks a fact that llama.cpp needs too."""
    facts = _Facts(header)
    architecture = facts.text("general.architecture")
    layers = facts.number(f"{architecture}.block_count")
    return GgufModel(
        name=facts.text("general.name", architecture),
        architecture=architecture,
        parameters=facts.number("general.parameter_count", sum(prod(t.shape) for t in header.tensors)),
        quantization=FILE_TYPES.get(facts.number("general.file_type", -1), "unknown"),
        layers=layers,
        context=facts.number(f"{architecture}.context_length"),
        weight_bytes=facts.number(DECLARED_WEIGHT_BYTES, sum(t.size for t in header.tensors)),
        kv_bytes_per_token=layers * facts.cache_width(architecture) * _CACHE_BYTES_PER_NUMBER,
        scaled=header.metadata.get(SCALED) is True,
    )


class _Facts:
    def __init__(self, header: GgufHeader) -> None:
        self._header = header

    def text(self, key: str, default: str | None = None) -> str:
        value = self._header.metadata.get(key, default)
        if not isinstance(value, str):
            raise self._missing(key, "string")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self._header.metadata.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._missing(key, "integer")
        return value

    def cache_width(self, architecture: str) -> int:
        """Numbers that one layer caches for one token: its keys and its values."""
        heads = self.number(f"{architecture}.attention.head_count")
        if heads < 1:
            raise self._missing(f"{architecture}.attention.head_count", "positive integer")
        head_width = self.number(f"{architecture}.embedding_length") // heads
        kv_heads = self.number(f"{architecture}.attention.head_count_kv", heads)
        key = self.number(f"{architecture}.attention.key_length", head_width)
        value = self.number(f"{architecture}.attention.value_length", head_width)
        return kv_heads * (key + value)

    def _missing(self, key: str, kind: str) -> FormatError:
        return FormatError(self._header.name, 0, f"the metadata has no {key} of type {kind}")
