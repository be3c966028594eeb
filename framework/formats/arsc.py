"""Looking one text up in `resources.arsc` (`ResTable`, AOSP androidfw/ResourceTypes.h)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from framework.formats.axml import TYPE_REFERENCE, TYPE_STRING
from framework.formats.string_pool import STRING_POOL, StringPool
from framework.formats.view import Chunk, View, chunks

_TABLE: Final = 0x0002
_PACKAGE: Final = 0x0200
_TYPE: Final = 0x0201

_SPARSE = 0x01
_OFFSET16 = 0x02
_COMPLEX = 0x0001
_COMPACT = 0x0008
_NO_ENTRY = 0xFFFFFFFF
_DEEPEST_REFERENCE = 8


@dataclass(frozen=True, slots=True)
class _Found:
    """A simple value (`Res_value`); `default` when it holds for every configuration."""

    default: bool
    type: int
    data: int


def resolve_text(data: bytes, name: str, resource: int) -> str | None:
    """The text of a resource id, of the default configuration if it has one; None where there is no text.

    FormatError where the table is damaged; `name` is the file's, for the message.
    """
    view = View(name, data)
    table = next(chunks(view, 0, len(data)), None)
    if table is None or table.kind != _TABLE:
        raise view.error(0, "not a resource table")
    strings = next((StringPool.of(chunk) for chunk in table.children() if chunk.kind == STRING_POOL), None)
    for _ in range(_DEEPEST_REFERENCE):
        found = _best(table, resource)
        if found is None or found.type not in (TYPE_STRING, TYPE_REFERENCE):
            return None
        if found.type == TYPE_STRING:
            return strings[found.data] if strings else None
        resource = found.data
    return None


def _best(table: Chunk, resource: int) -> _Found | None:
    return max(_values(table, resource), key=lambda found: found.default, default=None)


def _values(table: Chunk, resource: int) -> Iterator[_Found]:
    package_id, type_id, entry = resource >> 24, resource >> 16 & 0xFF, resource & 0xFFFF
    view = table.view
    for package in table.children():
        if package.kind != _PACKAGE or view.u32(package.start + 8) != package_id:
            continue
        for chunk in package.children():
            if chunk.kind == _TYPE and view.u8(chunk.start + 8) == type_id:
                at = _entry_at(chunk, entry)
                found = None if at is None else _value(view, at, _is_default(chunk))
                if found:
                    yield found


def _entry_at(chunk: Chunk, entry: int) -> int | None:
    """Where an entry of a `ResTable_type` begins; None where this configuration lacks it."""
    view = chunk.view
    flags, count, entries = view.u8(chunk.start + 9), view.u32(chunk.start + 12), view.u32(chunk.start + 16)
    first = chunk.start + entries
    if flags & _SPARSE:
        return next((first + 4 * view.u16(at + 2) for at in _rows(chunk, count) if view.u16(at) == entry), None)
    if entry >= count:
        return None
    if flags & _OFFSET16:
        offset = view.u16(chunk.body + 2 * entry)
        return None if offset == 0xFFFF else first + 4 * offset
    offset = view.u32(chunk.body + 4 * entry)
    return None if offset == _NO_ENTRY else first + offset


def _rows(chunk: Chunk, count: int) -> range:
    return range(chunk.body, min(chunk.body + 4 * count, chunk.end), 4)


def _value(view: View, at: int, default: bool) -> _Found | None:
    size, flags = view.u16(at), view.u16(at + 2)
    if flags & _COMPACT:
        return _Found(default, flags >> 8, view.u32(at + 4))
    if flags & _COMPLEX:
        return None
    return _Found(default, view.u8(at + size + 3), view.u32(at + size + 4))


def _is_default(chunk: Chunk) -> bool:
    """Whether the configuration (`ResTable_config`, at byte 20) asks for nothing."""
    view, at = chunk.view, chunk.start + 20
    size = view.u32(at)
    return not any(view.take(at + 4, max(size - 4, 0)))
