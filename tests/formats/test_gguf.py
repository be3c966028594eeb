"""Reading and writing GGUF headers."""

from __future__ import annotations

import io
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.errors import FormatError
from framework.formats.gguf import GgufHeader, read_header
from framework.formats.gguf_types import TENSOR_TYPES_BY_NAME
from framework.formats.gguf_writer import Tensor, write_gguf

if TYPE_CHECKING:
    from pathlib import Path

F32 = TENSOR_TYPES_BY_NAME["F32"]
Q8_0 = TENSOR_TYPES_BY_NAME["Q8_0"]

integers = st.integers(-(1 << 63), (1 << 63) - 1)
floats = st.floats(width=32, allow_nan=False)
values = st.one_of(
    st.text(),
    st.booleans(),
    integers,
    floats,
    *(
        st.lists(of, max_size=5).map(tuple)
        for of in (st.text(), st.booleans(), st.integers(0, 1 << 62), integers, floats)
    ),
)


def tensor(name: str, shape: tuple[int, ...] = (4, 2), fill: bytes = b"\x07") -> Tensor:
    size = F32.block_bytes
    for extent in shape:
        size *= extent
    return Tensor(name, shape, F32, lambda: fill * size)


def written(metadata: dict[str, Any], *tensors: Tensor) -> bytes:
    file = io.BytesIO()
    write_gguf(file, metadata, tensors)
    return file.getvalue()


def read(data: bytes) -> GgufHeader:
    return read_header(io.BytesIO(data))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=20), values, max_size=6).filter(lambda d: "general.alignment" not in d))
def test_metadata_survives_writing_and_reading(metadata: dict[str, Any]) -> None:
    """What is written as metadata is read back, values and order."""
    assert list(read(written(metadata)).metadata.items()) == list(metadata.items())


def test_tensors_are_found_where_the_header_says() -> None:
    """Offsets of the header lead to the bytes of the tensor, aligned as the file asks."""
    data = written({"general.alignment": 64}, tensor("a", (3,), b"\x01"), tensor("b", (5, 2), b"\x02"))
    header = read(data)
    assert [(info.name, info.shape, info.offset, info.size) for info in header.tensors] == [
        ("a", (3,), 0, 12),
        ("b", (5, 2), 64, 40),
    ]
    assert header.data_offset % 64 == 0
    last = header.data_offset + header.tensors[1].offset
    assert data[last : last + 40] == b"\x02" * 40
    assert header.file_bytes == len(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_is_a_format_error_or_harmless(data: st.DataObject) -> None:
    """Whatever bytes are changed or cut off: a FormatError inside the file, or a header; never another error."""
    whole = bytearray(written({"name": "x", "list": (1, 2, 3), "flag": True}, tensor("a"), tensor("b")))
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with suppress(FormatError):
        assert read(cut).file_bytes == len(cut)


def test_every_truncation_is_noticed() -> None:
    """A file that ends anywhere before its last tensor's last byte is refused."""
    whole = written({"name": "x", "list": ("a", "b")}, tensor("a", (8,)))
    for length in range(len(whole)):
        with pytest.raises(FormatError):
            read(whole[:length])
    assert len(read(whole).tensors) == 1


def header_bytes(tensors: int = 0, values: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, values)


def name(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


DAMAGED = {
    "empty": (b"", 0, "the file ends"),
    "magic": (b"PK\x03\x04" + bytes(20), 0, "not a GGUF file"),
    "version": (header_bytes(version=2), 4, "GGUF version 2"),
    "big-endian": (header_bytes(version=0x03000000), 4, "big-endian"),
    "many values": (header_bytes(values=1 << 60), 24, "the file ends"),
    "long key": (header_bytes(values=1) + struct.pack("<Q", 1 << 40) + bytes(8), 24, "at most 65535"),
    "value type": (header_bytes(values=1) + name(b"k") + struct.pack("<I", 13), 33, "unknown value type 13"),
    "huge array": (
        header_bytes(values=1) + name(b"k") + struct.pack("<IIQ", 9, 4, 1 << 50),
        37,
        "does not fit into the file",
    ),
    "nested array": (
        header_bytes(values=1) + name(b"k") + struct.pack("<IIQ", 9, 9, 1) + bytes(9),
        37,
        "unknown value type 9",
    ),
    "bool": (header_bytes(values=1) + name(b"k") + struct.pack("<IB", 7, 2), 37, "a bool of value 2"),
    "utf-8": (header_bytes(values=1) + name(b"k\xff") + bytes(8), 33, "not UTF-8"),
    "key twice": (header_bytes(values=2) + (name(b"k") + struct.pack("<IB", 0, 1)) * 2, 38, "comes twice"),
    "alignment": (
        header_bytes(values=1) + name(b"general.alignment") + struct.pack("<II", 4, 12),
        57,
        "not a multiple of 8",
    ),
    "dimensions": (header_bytes(tensors=1) + name(b"t") + struct.pack("<I", 5) + bytes(64), 24, "5 dimensions"),
    "tensor type": (
        header_bytes(tensors=1) + name(b"t") + struct.pack("<IQIQ", 1, 4, 99, 0),
        45,
        "unknown type 99",
    ),
    "blocks": (
        header_bytes(tensors=1) + name(b"t") + struct.pack("<IQIQ", 1, 33, 8, 0) + bytes(99),
        24,
        "do not fill blocks of 32",
    ),
    "unaligned": (
        header_bytes(tensors=1) + name(b"t") + struct.pack("<IQIQ", 1, 4, 0, 5) + bytes(99),
        24,
        "not aligned to 32",
    ),
    "overlap": (
        header_bytes(tensors=2)
        + name(b"t") + struct.pack("<IQIQ", 1, 16, 0, 0)
        + name(b"u") + struct.pack("<IQIQ", 1, 16, 0, 32)
        + bytes(999),
        128,
        "overlap",
    ),
    "tensor twice": (
        header_bytes(tensors=2) + (name(b"t") + struct.pack("<IQIQ", 1, 4, 0, 0)) * 2 + bytes(99),
        57,
        "comes twice",
    ),
    "beyond the end": (
        header_bytes(tensors=1) + name(b"t") + struct.pack("<IQIQ", 1, 1 << 40, 0, 0),
        64,
        "the file at byte",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "offset", "what"), DAMAGED.values(), ids=DAMAGED.keys())
def test_each_kind_of_damage_is_named_with_its_place(data: bytes, offset: int, what: str) -> None:
    """The message names what is wrong, the error carries the byte."""
    with pytest.raises(FormatError, match=what) as caught:
        read(data)
    assert caught.value.offset == offset


def test_only_the_header_is_read() -> None:
    """The data of the tensors is never read."""

    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    file = Counting(written({"name": "x"}, tensor("big", (1 << 18,))))
    header = read_header(file)
    assert file.taken <= header.data_offset


def test_a_path_is_named_in_the_error(tmp_path: Path) -> None:
    """The error says which file."""
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"nonsense")
    with pytest.raises(FormatError) as caught:
        read_header(path)
    assert caught.value.path == str(path)


def test_what_gguf_cannot_hold_is_refused_by_the_writer() -> None:
    """Mixed arrays, too large numbers, broken rows and wrong data lengths are errors of the caller."""
    with pytest.raises(TypeError):
        written({"k": (1, "a")})
    with pytest.raises(ValueError, match="no GGUF integer"):
        written({"k": 1 << 64})
    with pytest.raises(ValueError, match="do not fill blocks"):
        written({}, Tensor("t", (33,), Q8_0, bytes))
    with pytest.raises(ValueError, match="expected 128"):
        written({}, Tensor("t", (32,), F32, bytes))


@pytest.mark.foreign
def test_gguf_of_pip_reads_what_was_written(tmp_path: Path) -> None:
    """The reader of ggml's own Python package finds the same metadata and the same tensors."""
    gguf = pytest.importorskip("gguf", reason="pip's gguf is not installed")
    path = tmp_path / "x.gguf"
    metadata: dict[str, Any] = {
        "general.architecture": "llama", "n": 7, "negative": -7, "wide": 1 << 40, "f": 0.5, "flag": True,
        "words": ("a", "ü"), "numbers": (1, 2, 1 << 33),
    }  # fmt: skip
    with path.open("wb") as file:
        write_gguf(file, metadata, [tensor("a", (3,), b"\x01"), tensor("b", (5, 2), b"\x02")])
    reader = gguf.GGUFReader(path)
    found = {key: field.contents() for key, field in reader.fields.items() if not key.startswith("GGUF.")}
    assert found == {key: list(v) if isinstance(v, tuple) else v for key, v in metadata.items()}
    assert [(t.name, tuple(t.shape), t.data.tobytes()[:1]) for t in reader.tensors] == [
        ("a", (3,), b"\x01"),
        ("b", (5, 2), b"\x02"),
    ]


@pytest.mark.foreign
def test_what_gguf_of_pip_wrote_is_read(tmp_path: Path) -> None:
    """A file by ggml's own writer is read: integers of any width, arrays, tensors."""
    gguf = pytest.importorskip("gguf", reason="pip's gguf is not installed")
    numpy = pytest.importorskip("numpy")
    path = tmp_path / "x.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint8("u8", 200)
    writer.add_int16("i16", -300)
    writer.add_float64("f64", 0.1)
    writer.add_bool("flag", False)
    writer.add_array("tokens", ["<s>", "你好"])
    writer.add_tensor("a", numpy.arange(12, dtype=numpy.float32).reshape(3, 4))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header = read_header(path)
    assert dict(header.metadata) == {
        "general.architecture": "llama", "u8": 200, "i16": -300, "f64": 0.1, "flag": False, "tokens": ("<s>", "你好"),
    }  # fmt: skip
    info = header.tensors[0]
    assert (info.name, info.shape, info.kind.name, info.size) == ("a", (4, 3), "F32", 48)
    start = header.data_offset + info.offset
    assert path.read_bytes()[start : start + 8] == struct.pack("<ff", 0, 1)


@pytest.mark.foreign
def test_block_sizes_are_those_of_ggml() -> None:
    """Names and block sizes of all tensor types agree with ggml's own tables."""
    constants = pytest.importorskip("gguf.constants", reason="pip's gguf is not installed")
    theirs = {kind.name: sizes for kind, sizes in constants.GGML_QUANT_SIZES.items()}
    for kind in TENSOR_TYPES_BY_NAME.values():
        if kind.name in theirs:  # an older package knows fewer
            assert (kind.block_elements, kind.block_bytes) == theirs[kind.name]
            assert constants.GGMLQuantizationType[kind.name] == kind.code
