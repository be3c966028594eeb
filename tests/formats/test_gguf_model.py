"""What a GGUF file says about its model."""

from __future__ import annotations

import io
from typing import Any

import pytest

from framework.formats.errors import FormatError
from framework.formats.gguf import read_header
from framework.formats.gguf_model import GgufModel, describe
from framework.formats.gguf_types import TENSOR_TYPES_BY_NAME
from framework.formats.gguf_writer import Tensor, write_gguf

ORDINARY = {
    "general.architecture": "qwen2",
    "general.name": "Ordinary",
    "general.file_type": 15,
    "qwen2.block_count": 3,
    "qwen2.context_length": 2048,
    "qwen2.embedding_length": 256,
    "qwen2.attention.head_count": 8,
}


def described(metadata: dict[str, Any]) -> GgufModel:
    file = io.BytesIO()
    tensor = Tensor("token_embd.weight", (32, 4), TENSOR_TYPES_BY_NAME["Q8_0"], lambda: bytes(4 * 34))
    write_gguf(file, metadata, [tensor])
    return describe(read_header(file))


def test_a_file_that_declares_nothing_is_measured() -> None:
    """Without declared sizes, parameters and bytes are those of the tensors; without KV heads, all heads cache."""
    assert described(ORDINARY) == GgufModel(
        name="Ordinary", architecture="qwen2", parameters=128, quantization="Q4_K_M", layers=3, context=2048,
        weight_bytes=136, kv_bytes_per_token=3 * 8 * (32 + 32) * 2, scaled=False,
    )  # fmt: skip


def test_head_widths_that_are_stated_count() -> None:
    """Stated key and value widths take the place of embedding / heads."""
    stated = {**ORDINARY, "qwen2.attention.key_length": 100, "qwen2.attention.value_length": 50}
    assert described(stated).kv_bytes_per_token == 3 * 8 * (100 + 50) * 2


@pytest.mark.parametrize("key", ["general.architecture", "qwen2.block_count", "qwen2.attention.head_count"])
def test_a_missing_fact_is_named(key: str) -> None:
    """The error names the key that the file lacks."""
    with pytest.raises(FormatError, match=key):
        described({name: value for name, value in ORDINARY.items() if name != key})


def test_a_fact_of_the_wrong_type_is_named() -> None:
    """A number given as text, or no heads at all, are faults of the file."""
    with pytest.raises(FormatError, match=r"qwen2\.context_length of type integer"):
        described({**ORDINARY, "qwen2.context_length": "2048"})
    with pytest.raises(FormatError, match="positive integer"):
        described({**ORDINARY, "qwen2.attention.head_count": 0})
