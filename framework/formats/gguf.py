"""The header of a GGUF v3 file: metadata and the table of tensors (ggml's docs/gguf.md).

Only the header is read, never the tensors' data. Every length is checked against the file before it is believed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from framework.formats import gguf_types as types
from framework.formats.errors import FormatError
from framework.formats.gguf_types import Scalar, TensorType, Value
from framework.formats.source import OpenSource, Source, open_source

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_LEAST_STRING_BYTES = _U64.size


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: `shape` innermost dimension first, `offset` from the start of the data, in bytes."""

    name: str
    shape: tuple[int, ...]
    kind: TensorType
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """All of the GGUF file `name` but its data, which begins at byte `data_offset`."""

    name: str
    metadata: Mapping[str, Value]
    tensors: tuple[TensorInfo, ...]
    data_offset: int
    file_bytes: int


def read_header(source: Source) -> GgufHeader:
    """Read the header; FormatError for anything that GGUF v3 (little-endian) does not allow."""
    with open_source(source) as opened:
        return _HeaderReader(opened).header()


def aligned(offset: int, alignment: int) -> int:
    """The first multiple of `alignment` that is not below `offset`."""
    return -(-offset // alignment) * alignment


class _HeaderReader:
    def __init__(self, source: OpenSource) -> None:
        self._source = source
        self._at = 0
        source.file.seek(0)

    def header(self) -> GgufHeader:
        tensor_count, value_count = self._counts()
        metadata = self._metadata(value_count)
        alignment = self._alignment(metadata)
        tensors = self._tensors(tensor_count, alignment)
        data_offset = aligned(self._at, alignment)
        self._check_data(tensors, data_offset)
        return GgufHeader(self._source.name, MappingProxyType(metadata), tensors, data_offset, self._source.size)

    def _counts(self) -> tuple[int, int]:
        if (magic := self._take(4)) != types.MAGIC:
            raise self._error(f"not a GGUF file: it begins with {magic!r}", at=0)
        version = self._u32()
        if version == int.from_bytes(types.VERSION.to_bytes(4, "little"), "big"):
            raise self._error("a big-endian GGUF file, which phones do not read", at=4)
        if version != types.VERSION:
            raise self._error(f"GGUF version {version}, expected {types.VERSION}", at=4)
        return self._u64(), self._u64()

    def _metadata(self, count: int) -> dict[str, Value]:
        metadata: dict[str, Value] = {}
        for _ in range(count):
            at = self._at
            key = self._string(types.MAX_KEY_BYTES)
            if key in metadata:
                raise self._error(f"the key {key!r} comes twice", at=at)
            metadata[key] = self._value(self._u32())
        return metadata

    def _value(self, kind: int) -> Value:
        return self._array() if kind == types.ARRAY else self._scalar_reader(kind)()

    def _array(self) -> tuple[Scalar, ...]:
        at = self._at
        kind, count = self._u32(), self._u64()
        number = types.NUMBERS.get(kind)
        least = number.size if number else _LEAST_STRING_BYTES if kind == types.STRING else 1
        if count * least > self._left:
            raise self._error(f"an array of {count} values does not fit into the file", at=at)
        if number:
            return struct.unpack(f"<{count}{number.format[1:]}", self._take(count * number.size))
        read = self._scalar_reader(kind, at)
        return tuple(read() for _ in range(count))

    def _scalar_reader(self, kind: int, at: int | None = None) -> Callable[[], Scalar]:
        if number := types.NUMBERS.get(kind):
            return lambda: self._number(number)
        if kind == types.STRING:
            return self._string
        if kind == types.BOOL:
            return self._bool
        raise self._error(f"unknown value type {kind}", at=self._at - 4 if at is None else at)

    def _number(self, number: struct.Struct) -> int | float:
        value: int | float = number.unpack(self._take(number.size))[0]
        return value

    def _bool(self) -> bool:
        if (byte := self._take(1)[0]) > 1:
            raise self._error(f"a bool of value {byte}", at=self._at - 1)
        return byte == 1

    def _string(self, limit: int | None = None) -> str:
        at = self._at
        length = self._u64()
        if limit is not None and length > limit:
            raise self._error(f"a name of {length} bytes, at most {limit} allowed", at=at)
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            wrong = at + _LEAST_STRING_BYTES + error.start
            raise self._error(f"a string that is not UTF-8 ({error.reason})", at=wrong) from None

    def _alignment(self, metadata: Mapping[str, Value]) -> int:
        alignment = metadata.get("general.alignment", types.DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or alignment < 8 or alignment % 8:
            raise self._error(f"general.alignment is {alignment!r}, not a multiple of 8")
        return alignment

    def _tensors(self, count: int, alignment: int) -> tuple[TensorInfo, ...]:
        tensors: dict[str, TensorInfo] = {}
        for _ in range(count):
            at = self._at
            tensor = self._tensor()
            if tensor.name in tensors:
                raise self._error(f"the tensor {tensor.name!r} comes twice", at=at)
            if tensor.offset % alignment:
                raise self._error(
                    f"tensor {tensor.name!r}: offset {tensor.offset} is not aligned to {alignment}", at=at
                )
            tensors[tensor.name] = tensor
        return tuple(tensors.values())

    def _tensor(self) -> TensorInfo:
        at = self._at
        name = self._string(types.MAX_TENSOR_NAME_BYTES)
        dimensions = self._u32()
        if not 1 <= dimensions <= types.MAX_DIMENSIONS:
            raise self._error(f"tensor {name!r}: {dimensions} dimensions", at=at)
        shape = tuple(self._u64() for _ in range(dimensions))
        code = self._u32()
        kind = types.TENSOR_TYPES.get(code)
        if kind is None:
            raise self._error(f"tensor {name!r}: unknown type {code}", at=self._at - 4)
        size = kind.row_bytes(shape[0])
        if size is None:
            raise self._error(f"tensor {name!r}: rows of {shape[0]} do not fill blocks of {kind.block_elements}", at=at)
        for extent in shape[1:]:
            size *= extent
        return TensorInfo(name, shape, kind, self._u64(), size)

    def _check_data(self, tensors: tuple[TensorInfo, ...], data_offset: int) -> None:
        ordered = sorted(tensors, key=lambda tensor: tensor.offset)
        for first, second in pairwise(ordered):
            if first.offset + first.size > second.offset:
                raise self._error(f"tensors {first.name!r} and {second.name!r} overlap", at=data_offset + second.offset)
        for tensor in ordered[-1:]:
            end = data_offset + tensor.offset + tensor.size
            if end > self._source.size:
                what = f"tensor {tensor.name!r} ends at byte {end}, the file at byte {self._source.size}"
                raise self._error(what, at=data_offset + tensor.offset)

    @property
    def _left(self) -> int:
        return self._source.size - self._at

    def _u32(self) -> int:
        value: int = _U32.unpack(self._take(4))[0]
        return value

    def _u64(self) -> int:
        value: int = _U64.unpack(self._take(8))[0]
        return value

    def _take(self, count: int) -> bytes:
        if count > self._left:
            raise self._error(f"the file ends: {count} bytes wanted, {self._left} left")
        data = self._source.file.read(count)
        if len(data) != count:
            raise self._error(f"{count} bytes wanted, {len(data)} read")
        self._at += count
        return data

    def _error(self, what: str, at: int | None = None) -> FormatError:
        return FormatError(self._source.name, self._at if at is None else at, what)
