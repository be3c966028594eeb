"""Android's binary XML, written as the platform wants it: attributes sorted by resource id, names mapped to ids."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from framework.formats import axml
from framework.formats.axml import ANDROID, ATTRIBUTE_IDS, Attribute, AttributeValue, Element, Reference
from framework.formats.string_pool import NO_STRING, pack_strings

_PREFIX: Final = "android"
_ATTRIBUTE_BYTES: Final = 20
_LINE: Final = 1


def element(name: str, attributes: Mapping[str, AttributeValue] | None = None, *children: Element) -> Element:
    """An element whose attributes are written as in a source manifest: `android:name` or `package`."""
    return Element(name, tuple(_attribute(key, value) for key, value in (attributes or {}).items()), children)


def write_xml(root: Element) -> bytes:
    """The whole document; the same tree gives the same bytes."""
    strings = _Strings.of(root)
    resource_map = _chunk(axml.RESOURCE_MAP, 8, b"".join(struct.pack("<I", id_) for id_ in strings.ids))
    namespace = struct.pack("<II", strings[_PREFIX], strings[ANDROID])
    body = [
        strings.packed(),
        resource_map,
        _node(axml.START_NAMESPACE, namespace),
        *_element(root, strings),
        _node(axml.END_NAMESPACE, namespace),
    ]
    return _chunk(axml.XML, 8, b"".join(body))


def _attribute(key: str, value: AttributeValue) -> Attribute:
    prefix, _, name = key.rpartition(":")
    return Attribute(name, value, ANDROID, ATTRIBUTE_IDS[name]) if prefix == _PREFIX else Attribute(key, value)


@dataclass(frozen=True, slots=True)
class _Strings:
    """Every string of a document once; the names that stand for a resource id come first, in the order of ids."""

    index: Mapping[tuple[str, int], int]
    ids: tuple[int, ...]

    @classmethod
    def of(cls, root: Element) -> _Strings:
        elements = tuple(_walk(root))
        attributes = [attribute for each in elements for attribute in each.attributes]
        names = sorted({(a.name, a.resource) for a in attributes if a.resource}, key=lambda name: name[1])
        texts = [_PREFIX, ANDROID, *(text for each in elements for text in _texts(each))]
        unique = dict.fromkeys([*names, *((text, 0) for text in texts)])
        return cls({key: number for number, key in enumerate(unique)}, tuple(id_ for _, id_ in names))

    def __getitem__(self, text: str) -> int:
        return self.index[text, 0]

    def name(self, attribute: Attribute) -> int:
        return self.index[attribute.name, attribute.resource]

    def packed(self) -> bytes:
        return pack_strings([text for text, _ in self.index])


def _walk(root: Element) -> Iterator[Element]:
    yield root
    for child in root.children:
        yield from _walk(child)


def _texts(each: Element) -> Iterator[str]:
    yield each.name
    for attribute in each.attributes:
        if not attribute.resource:
            yield attribute.name
        if attribute.namespace:
            yield attribute.namespace
        if isinstance(attribute.value, str):
            yield attribute.value


def _element(each: Element, strings: _Strings) -> Iterator[bytes]:
    name = struct.pack("<II", NO_STRING, strings[each.name])
    ordered = sorted(each.attributes, key=lambda a: a.resource or NO_STRING)
    extent = struct.pack("<HHHHHH", _ATTRIBUTE_BYTES, _ATTRIBUTE_BYTES, len(ordered), 0, 0, 0)
    yield _node(axml.START_ELEMENT, name + extent + b"".join(_packed(a, strings) for a in ordered))
    for child in each.children:
        yield from _element(child, strings)
    yield _node(axml.END_ELEMENT, name)


def _packed(attribute: Attribute, strings: _Strings) -> bytes:
    value = attribute.value
    namespace = strings[attribute.namespace] if attribute.namespace else NO_STRING
    raw = strings[value] if isinstance(value, str) else NO_STRING
    kind, data = _typed(value, strings)
    return struct.pack("<IIIHBBI", namespace, strings.name(attribute), raw, 8, 0, kind, data)


def _typed(value: AttributeValue, strings: _Strings) -> tuple[int, int]:
    if isinstance(value, str):
        return axml.TYPE_STRING, strings[value]
    if isinstance(value, bool):
        return axml.TYPE_BOOLEAN, 0xFFFFFFFF if value else 0
    if isinstance(value, int):
        return axml.TYPE_INTEGER, value & 0xFFFFFFFF
    if isinstance(value, Reference):
        return axml.TYPE_REFERENCE, value.id
    return value.type, value.data


def _node(kind: int, body: bytes) -> bytes:
    return _chunk(kind, 16, struct.pack("<II", _LINE, NO_STRING) + body)


def _chunk(kind: int, header: int, body: bytes) -> bytes:
    return struct.pack("<HHI", kind, header, 8 + len(body)) + body
