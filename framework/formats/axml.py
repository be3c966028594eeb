"""Android's binary XML, read (`ResXMLTree`, AOSP androidfw/ResourceTypes.h).

Elements and attributes are kept; text, comments and line numbers are not: a manifest has no use for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from framework.formats.string_pool import STRING_POOL, StringPool
from framework.formats.view import Chunk, View, chunks

ANDROID: Final = "http://schemas.android.com/apk/res/android"

XML: Final = 0x0003
START_NAMESPACE: Final = 0x0100
END_NAMESPACE: Final = 0x0101
START_ELEMENT: Final = 0x0102
END_ELEMENT: Final = 0x0103
RESOURCE_MAP: Final = 0x0180

TYPE_NULL: Final = 0x00
TYPE_REFERENCE: Final = 0x01
TYPE_STRING: Final = 0x03
TYPE_INTEGER: Final = 0x10
TYPE_HEXADECIMAL: Final = 0x11
TYPE_BOOLEAN: Final = 0x12

ATTRIBUTE_IDS: Final = MappingProxyType(
    {
        "label": 0x01010001,
        "name": 0x01010003,
        "permission": 0x01010006,
        "hasCode": 0x0101000C,
        "enabled": 0x0101000E,
        "debuggable": 0x0101000F,
        "exported": 0x01010010,
        "launchMode": 0x0101001D,
        "targetPackage": 0x01010021,
        "value": 0x01010024,
        "targetActivity": 0x01010202,
        "minSdkVersion": 0x0101020C,
        "versionCode": 0x0101021B,
        "versionName": 0x0101021C,
        "targetSdkVersion": 0x01010270,
        "testOnly": 0x01010272,
        "allowBackup": 0x01010280,
        "versionCodeMajor": 0x01010576,
        "isSplitRequired": 0x01010591,
    }
)
"""`android:` attributes → their resource ids, by which Android finds them (AOSP core/res public-final.xml)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource, such as 0x7f080000."""

    id: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of any other type (`Res_value`): a float, a dimension, a colour…"""

    type: int
    data: int


AttributeValue = str | bool | int | Reference | Opaque


@dataclass(frozen=True, slots=True)
class Attribute:
    """`resource` is the id that Android goes by, 0 where there is none."""

    name: str
    value: AttributeValue
    namespace: str = ""
    resource: int = 0


@dataclass(frozen=True, slots=True)
class Element:
    """An element with all that is below it."""

    name: str
    attributes: tuple[Attribute, ...] = ()
    children: tuple[Element, ...] = ()

    def plain(self, name: str) -> AttributeValue | None:
        """The attribute of this name without a namespace."""
        return next((a.value for a in self.attributes if a.name == name and not a.namespace), None)

    def android(self, name: str) -> AttributeValue | None:
        """The `android:` attribute of this name, found as Android does: by its id, whatever it is called."""
        wanted = ATTRIBUTE_IDS[name]
        return next((a.value for a in self.attributes if a.resource == wanted), None)

    def all(self, *names: str) -> Iterator[Element]:
        """Children with one of these names, in order."""
        return (child for child in self.children if child.name in names)


def read_xml(data: bytes, name: str) -> Element:
    """The root element; `name` is the file's, for the FormatError."""
    view = View(name, data)
    document = next(chunks(view, 0, len(data)), None)
    if document is None or document.kind != XML:
        raise view.error(0, "not binary XML")
    return _Builder(document).root()


@dataclass(slots=True)
class _OpenElement:
    name: str
    attributes: tuple[Attribute, ...]
    children: list[Element] = field(default_factory=list)

    def closed(self) -> Element:
        return Element(self.name, self.attributes, tuple(self.children))


class _Builder:
    def __init__(self, document: Chunk) -> None:
        self._document = document
        self._view = document.view
        self._strings: StringPool | None = None
        self._ids: tuple[int, ...] = ()
        self._open = [_OpenElement("", ())]

    def root(self) -> Element:
        for chunk in self._document.children():
            if chunk.kind == STRING_POOL:
                self._strings = StringPool.of(chunk)
            elif chunk.kind == RESOURCE_MAP:
                self._ids = tuple(self._view.u32(at) for at in range(chunk.body, chunk.end - 3, 4))
            elif chunk.kind == START_ELEMENT:
                self._open.append(self._start(chunk))
            elif chunk.kind == END_ELEMENT:
                self._end(chunk)
        children = self._open[0].children
        if len(self._open) != 1 or len(children) != 1:
            raise self._view.error(self._document.end, "the document does not have one closed root element")
        return children[0]

    def _start(self, chunk: Chunk) -> _OpenElement:
        view, body = self._view, chunk.body
        name = self._string(view.u32(body + 4), body)
        start, size, count = (view.u16(body + at) for at in (8, 10, 12))
        if size < 20 or body + start + size * count > chunk.end:
            raise view.error(body, f"{count} attributes of {size} bytes do not fit into <{name}>")
        first = body + start
        return _OpenElement(name, tuple(self._attribute(first + size * number) for number in range(count)))

    def _end(self, chunk: Chunk) -> None:
        name = self._string(self._view.u32(chunk.body + 4), chunk.body)
        if len(self._open) < 2 or self._open[-1].name != name:
            raise self._view.error(chunk.start, f"</{name}> closes nothing")
        element = self._open.pop().closed()
        self._open[-1].children.append(element)

    def _attribute(self, at: int) -> Attribute:
        namespace, name, raw = (self._view.u32(at + offset) for offset in (0, 4, 8))
        resource = self._ids[name] if name < len(self._ids) else 0
        text = self._pool(at).get(namespace) or ""
        return Attribute(self._string(name, at), self._value(at + 12, raw), text, resource)

    def _value(self, at: int, raw: int) -> AttributeValue:
        kind, data = self._view.u8(at + 3), self._view.u32(at + 4)
        if kind == TYPE_STRING:
            return self._string(data, at)
        if kind == TYPE_NULL and (text := self._pool(at).get(raw)) is not None:
            return text
        if kind == TYPE_BOOLEAN:
            return data != 0
        if kind == TYPE_INTEGER:
            return data - (1 << 32) if data >= 1 << 31 else data
        if kind == TYPE_HEXADECIMAL:
            return data
        return Reference(data) if kind == TYPE_REFERENCE else Opaque(kind, data)

    def _string(self, index: int, at: int) -> str:
        return self._pool(at)[index]

    def _pool(self, at: int) -> StringPool:
        if self._strings is None:
            raise self._view.error(at, "strings are used before the string pool")
        return self._strings
