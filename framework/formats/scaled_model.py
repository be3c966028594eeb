"""Demonstration weights: a small valid GGUF file that declares a full model of the llama architecture.

Every tensor of the full model is there under its usual name, with its widths multiplied by `scale`; all else (layer
and head counts, context, parameters, bytes) is declared at full size. The numbers are pseudo-random: the file can be
moved, checked and mapped like any other, but nothing sensible can be computed with it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Final

from framework.formats.gguf_model import DECLARED_WEIGHT_BYTES, SCALED
from framework.formats.gguf_types import TENSOR_TYPES_BY_NAME, TensorType, Value
from framework.formats.gguf_writer import Tensor, write_gguf

_MATRIX: Final = TENSOR_TYPES_BY_NAME["Q8_0"]
_VECTOR: Final = TENSOR_TYPES_BY_NAME["F32"]
_MOSTLY_Q8_0: Final = 7
_QUANTIZATION_VERSION: Final = 2
_HALF_2_TO_MINUS_8: Final = b"\x00\x1c"
"""The scale of each Q8_0 block, as a little-endian f16: weights within ±0.5."""
_ONE: Final = b"\x00\x00\x80\x3f"


@dataclass(frozen=True, slots=True)
class _Shape:
    name: str
    kind: TensorType
    full: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScaledModel:
    """A decoder with grouped-query attention, gated feed-forward and tied embeddings, in Q8_0.

    `width`, `feed_forward` and `vocabulary` are those of the full model; multiplied by `scale` they must be whole,
    the first two multiples of 32.
    """

    name: str
    size_label: str
    layers: int
    width: int
    feed_forward: int
    heads: int
    kv_heads: int
    vocabulary: int
    context: int
    scale: Fraction

    @property
    def parameters(self) -> int:
        """Of the full model."""
        return sum(prod(shape.full) for shape in self._shapes())

    @property
    def weight_bytes(self) -> int:
        """Of the full model's tensors."""
        return sum(_bytes(shape.kind, shape.full) for shape in self._shapes())

    def content(self) -> bytes:
        """The file; the same model gives the same bytes."""
        file = io.BytesIO()
        write_gguf(file, self._metadata(), [self._tensor(shape) for shape in self._shapes()])
        return file.getvalue()

    def _metadata(self) -> dict[str, Value]:
        return {
            "general.architecture": "llama",
            "general.type": "model",
            "general.name": self.name,
            "general.size_label": self.size_label,
            "general.description": "Emulated demonstration weights: pseudo-random, scaled down, not a language model",
            "general.parameter_count": self.parameters,
            "general.file_type": _MOSTLY_Q8_0,
            "general.quantization_version": _QUANTIZATION_VERSION,
            "llama.context_length": self.context,
            "llama.embedding_length": self.width,
            "llama.block_count": self.layers,
            "llama.feed_forward_length": self.feed_forward,
            "llama.attention.head_count": self.heads,
            "llama.attention.head_count_kv": self.kv_heads,
            "llama.attention.layer_norm_rms_epsilon": 1e-5,
            "llama.rope.dimension_count": self.width // self.heads,
            "llama.rope.freq_base": 10000.0,
            "llama.vocab_size": self.vocabulary,
            "tokenizer.ggml.model": "none",
            SCALED: True,
            "pocketfarm.scale": str(self.scale),
            DECLARED_WEIGHT_BYTES: self.weight_bytes,
        }

    def _shapes(self) -> Iterator[_Shape]:
        kv_width = self.width // self.heads * self.kv_heads
        yield _Shape("token_embd.weight", _MATRIX, (self.width, self.vocabulary))
        yield _Shape("output_norm.weight", _VECTOR, (self.width,))
        for block in range(self.layers):
            yield _Shape(f"blk.{block}.attn_norm.weight", _VECTOR, (self.width,))
            yield _Shape(f"blk.{block}.attn_q.weight", _MATRIX, (self.width, self.width))
            yield _Shape(f"blk.{block}.attn_k.weight", _MATRIX, (self.width, kv_width))
            yield _Shape(f"blk.{block}.attn_v.weight", _MATRIX, (self.width, kv_width))
            yield _Shape(f"blk.{block}.attn_output.weight", _MATRIX, (self.width, self.width))
            yield _Shape(f"blk.{block}.ffn_norm.weight", _VECTOR, (self.width,))
            yield _Shape(f"blk.{block}.ffn_gate.weight", _MATRIX, (self.width, self.feed_forward))
            yield _Shape(f"blk.{block}.ffn_up.weight", _MATRIX, (self.width, self.feed_forward))
            yield _Shape(f"blk.{block}.ffn_down.weight", _MATRIX, (self.feed_forward, self.width))

    def _tensor(self, shape: _Shape) -> Tensor:
        small = tuple(self._scaled(shape.name, extent) for extent in shape.full)
        seed = f"{self.name}/{shape.name}".encode()
        return Tensor(shape.name, small, shape.kind, lambda: _data(shape.kind, small, seed))

    def _scaled(self, name: str, extent: int) -> int:
        scaled = extent * self.scale
        if scaled.denominator != 1:
            raise ValueError(f"{name}: {extent} times {self.scale} is not whole")
        return scaled.numerator


def _bytes(kind: TensorType, shape: tuple[int, ...]) -> int:
    return prod(shape) // kind.block_elements * kind.block_bytes


def _data(kind: TensorType, shape: tuple[int, ...], seed: bytes) -> bytes:
    """Ones for a norm; for a matrix pseudo-random weights of an even distribution, the same in every Python."""
    if kind is _VECTOR:
        return _ONE * prod(shape)
    size = _bytes(kind, shape)
    data = bytearray(hashlib.shake_128(seed).digest(size))
    blocks = size // kind.block_bytes
    data[0 :: kind.block_bytes] = _HALF_2_TO_MINUS_8[:1] * blocks
    data[1 :: kind.block_bytes] = _HALF_2_TO_MINUS_8[1:] * blocks
    return bytes(data)
