"""Demonstration weights: small, valid, and honest about it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from framework.formats.gguf import read_header
from framework.formats.gguf_model import describe
from framework.formats.scaled_model import ScaledModel

TINY = ScaledModel(
    name="Tiny", size_label="1M", layers=2, width=128, feed_forward=256, heads=4, kv_heads=2,
    vocabulary=1000, context=512, scale=Fraction(1, 4),
)  # fmt: skip


def test_the_full_model_is_declared_while_the_file_is_small() -> None:
    """Declared parameters and bytes are those of scale 1, where tensors and declaration agree."""
    full = read_header(io.BytesIO(replace(TINY, scale=Fraction(1)).content()))
    small = read_header(io.BytesIO(TINY.content()))
    held = sum(tensor.size for tensor in full.tensors)
    assert describe(small).weight_bytes == held
    assert TINY.parameters == 1000 * 128 + 128 + 2 * (2 * 128 + 2 * 128 * 128 + 2 * 128 * 64 + 3 * 128 * 256)
    assert describe(small) == describe(full)
    assert small.file_bytes < full.file_bytes / 10
    assert [t.name for t in small.tensors] == [t.name for t in full.tensors]


def test_what_is_declared_reads_as_one_record() -> None:
    """Keys and values of two KV heads of width 32 in two layers take 2 bytes each."""
    model = describe(read_header(io.BytesIO(TINY.content())))
    assert model.kv_bytes_per_token == 2 * (2 * 32 + 2 * 32) * 2
    assert (model.name, model.quantization, model.layers, model.context) == ("Tiny", "Q8_0", 2, 512)
    assert model.scaled


def test_the_same_model_gives_the_same_bytes() -> None:
    """The bytes are those that any machine and any Python writes: their hash is pinned."""
    assert (
        hashlib.sha256(TINY.content()).hexdigest() == "ea194f67835de78af664cab1c0a6b88428225b9dce08d20fe8a29f8451743f39"
    )


def test_every_number_is_finite() -> None:
    """Block scales are finite halves, so that no reader trips over the pseudo-random bytes."""
    data = TINY.content()
    header = read_header(io.BytesIO(data))
    matrices = [tensor for tensor in header.tensors if tensor.kind.name == "Q8_0"]
    assert len(matrices) == 1 + 7 * 2
    for tensor in matrices:
        start = header.data_offset + tensor.offset
        scales = {data[at : at + 2] for at in range(start, start + tensor.size, 34)}
        assert scales == {b"\x00\x1c"}


def test_a_scale_that_does_not_divide_is_refused() -> None:
    """A width that would not be whole is an error of the caller, naming the tensor."""
    with pytest.raises(ValueError, match=r"token_embd\.weight: 128 times 1/3"):
        replace(TINY, scale=Fraction(1, 3)).content()
