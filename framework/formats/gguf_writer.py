"""Writing small GGUF v3 files: the same content gives the same bytes, always."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from framework.formats import gguf_types as types
from framework.formats.gguf import aligned
from framework.formats.gguf_types import Scalar, TensorType, Value


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor to write: `shape` innermost dimension first; `data` gives its bytes when they are wanted."""

    name: str
    shape: tuple[int, ...]
    kind: TensorType
    data: Callable[[], bytes]

    @property
    def size(self) -> int:
        """Bytes of its data; ValueError where rows do not fill whole blocks."""
        size = self.kind.row_bytes(self.shape[0])
        if size is None:
            raise ValueError(f"{self.name}: rows of {self.shape[0]} do not fill blocks of {self.kind.block_elements}")
        for extent in self.shape[1:]:
            size *= extent
        return size


def write_gguf(file: BinaryIO, metadata: Mapping[str, Value], tensors: Sequence[Tensor] = ()) -> None:
    """Write a whole file.

    Integers become u32 where they fit, else u64, negative ones i32 or i64; floats become f32. An array takes the
    type of its widest number, and an empty one counts as strings.
    """
    header = [types.MAGIC, struct.pack("<IQQ", types.VERSION, len(tensors), len(metadata))]
    header += [_string(key) + _value(value) for key, value in metadata.items()]
    alignment = metadata.get("general.alignment", types.DEFAULT_ALIGNMENT)
    if not isinstance(alignment, int):
        raise TypeError(f"general.alignment is {alignment!r}, not an integer")
    offset = 0
    for tensor in tensors:
        header.append(_tensor_info(tensor, offset))
        offset = aligned(offset + tensor.size, alignment)
    _write_padded(file, b"".join(header), alignment)
    for tensor in tensors:
        data = tensor.data()
        if len(data) != tensor.size:
            raise ValueError(f"{tensor.name}: {len(data)} bytes of data, expected {tensor.size}")
        _write_padded(file, data, alignment)


def _write_padded(file: BinaryIO, data: bytes, alignment: int) -> None:
    file.write(data)
    file.write(bytes(aligned(len(data), alignment) - len(data)))


def _tensor_info(tensor: Tensor, offset: int) -> bytes:
    count = len(tensor.shape)
    return _string(tensor.name) + struct.pack(f"<I{count}QIQ", count, *tensor.shape, tensor.kind.code, offset)


def _string(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _value(value: Value) -> bytes:
    if isinstance(value, tuple):
        kind = _kind(value)
        return struct.pack("<IIQ", types.ARRAY, kind, len(value)) + b"".join(_scalar(item, kind) for item in value)
    kind = _kind((value,))
    return struct.pack("<I", kind) + _scalar(value, kind)


def _kind(values: Iterable[Scalar]) -> int:
    """The narrowest type that holds all of the values."""
    values = tuple(values)
    if all(isinstance(value, str) for value in values):
        return types.STRING
    if all(isinstance(value, bool) for value in values):
        return types.BOOL
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return _integer_kind([int(value) for value in values])
    if all(isinstance(value, float) for value in values):
        return types.FLOAT32
    raise TypeError(f"no GGUF type holds all of {values!r}")


def _integer_kind(values: Sequence[int]) -> int:
    for kind, least, beyond in ((4, 0, 1 << 32), (5, -(1 << 31), 1 << 31), (10, 0, 1 << 64), (11, -(1 << 63), 1 << 63)):
        if all(least <= value < beyond for value in values):
            return kind
    raise ValueError(f"no GGUF integer holds all of {values!r}")


def _scalar(value: Scalar, kind: int) -> bytes:
    if isinstance(value, str):
        return _string(value)
    return struct.pack("<?", value) if kind == types.BOOL else types.NUMBERS[kind].pack(value)
