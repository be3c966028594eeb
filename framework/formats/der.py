"""The little of DER that a PKCS#7 signature needs (ITU-T X.690): tag, length, content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from framework.formats.view import View

SEQUENCE: Final = 0x30
SET: Final = 0x31
INTEGER: Final = 0x02
OCTETS: Final = 0x04
OBJECT_ID: Final = 0x06
CONTEXT_0: Final = 0xA0


@dataclass(frozen=True, slots=True)
class Node:
    """One value: `raw` with tag and length, `content` without; `at` is its place in the file."""

    file: str
    at: int
    tag: int
    raw: bytes
    content: bytes

    def children(self) -> tuple[Node, ...]:
        """The values inside a constructed one."""
        return tuple(_nodes(View(self.file, self.content, self.at + len(self.raw) - len(self.content))))


def read_der(data: bytes, file: str) -> Node:
    """The one value that `data` holds; FormatError for anything else."""
    view = View(file, data)
    nodes = tuple(_nodes(view))
    if len(nodes) != 1:
        raise view.error(0, f"{len(nodes)} DER values where one is expected")
    return nodes[0]


def _nodes(view: View) -> Iterator[Node]:
    at = 0
    while at < len(view.data):
        length, begin = _length(view, at + 1)
        content = view.take(begin, length)
        yield Node(view.name, view.base + at, view.u8(at), view.data[at : begin + length], content)
        at = begin + length


def _length(view: View, at: int) -> tuple[int, int]:
    first = view.u8(at)
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if not 1 <= count <= 4:
        raise view.error(at, "a length that DER does not have")
    return int.from_bytes(view.take(at + 1, count), "big"), at + 1 + count
