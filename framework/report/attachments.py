"""What is attached to Allure's results, in sizes that keep a report usable; the whole lies in the run's folder."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import allure_commons
from allure_commons.model2 import Attachment

from framework.contract.turn import Evidence
from framework.journal.places import safe_name

MIME: tuple[tuple[str, str], ...] = (
    ("csv", "text/csv"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("log", "text/plain"),
    ("mp4", "video/mp4"),
    ("pftrace", "application/x-protobuf"),
    ("png", "image/png"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
)
_TYPES = dict(MIME)
UNKNOWN = "application/octet-stream"
SEALED = ("zip",)
"""Archives: what is in them cannot be redacted."""
LOGS = ("txt", "log")
"""Text of which a part can be read without the rest."""
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes: of one attachment, and of all that one process attaches."""

    one: int = 8 * MB
    all: int = 1000 * MB


class Attachments:
    """Writes them beside the results, through whatever writes these."""

    def __init__(self, limits: Limits | None = None, *, redacted: bool = True) -> None:
        self._limits, self._redacted = limits or Limits(), redacted
        self._left = self._limits.all
        self.write: Callable[[str, bytes], None] = through_allure
        """Takes a file's name and its content, in which nothing is to be redacted any more."""

    def add(self, pieces: Iterable[Evidence], place: PurePosixPath | None = None) -> tuple[list[Attachment], list[str]]:
        """The attachments, and what was not or not wholly attached, in words. `place`: where the pieces lie."""
        made, notes = [], []
        for piece in pieces:
            kept, note = self._fitting(piece, place)
            if note:
                notes.append(note)
            if kept is not None:
                made.append(self._attached(kept))
        return made, notes

    def _fitting(self, piece: Evidence, place: PurePosixPath | None) -> tuple[Evidence | None, str]:
        """As much of a piece as may be attached, with a word on the rest."""
        size, suffix = len(piece.content), extension(piece)
        if size <= min(self._limits.one, self._left) and not (self._redacted and suffix in SEALED):
            return piece, ""
        whole = f"{place / safe_name(piece.file_name)} in the run's folder" if place else "not kept elsewhere"
        if self._redacted and suffix in SEALED:
            return None, f"{piece.name}: not attached, since an archive cannot be redacted; {whole}"
        if size > self._left:
            return None, f"{piece.name}: not attached, the report has {self._limits.all / MB:.0f} MB; {whole}"
        if suffix not in LOGS:
            return None, f"{piece.name}: not attached, {size / MB:.1f} MB; {whole}"
        note = f"{piece.name}: {(size - self._limits.one) / MB:.1f} MB in its middle left out; {whole}"
        return Evidence(f"{piece.name} (cut)", piece.file_name, _cut(piece.content, self._limits.one, note)), note

    def _attached(self, piece: Evidence) -> Attachment:
        self._left -= len(piece.content)
        suffix = extension(piece)
        file_name = f"{uuid.uuid4()}-attachment.{suffix}"
        self.write(file_name, piece.content)
        return Attachment(name=piece.name, source=file_name, type=_TYPES.get(suffix, UNKNOWN))


def through_allure(file_name: str, content: bytes) -> None:
    allure_commons.plugin_manager.hook.report_attached_data(body=content, file_name=file_name)


def extension(piece: Evidence) -> str:
    """Of a file's name, such as `txt`; `bin` where it is none."""
    suffix = piece.suffix.lower()
    return suffix if suffix in _TYPES or re.fullmatch(r"[a-z0-9]{1,10}", suffix) else "bin"


def _cut(content: bytes, most: int, note: str) -> bytes:
    """Whole lines of its beginning and its end."""
    half = max(most // 2 - len(note), 0)
    head, tail = content[:half], content[len(content) - half :]
    head, tail = head[: head.rfind(b"\n") + 1], tail[tail.find(b"\n") + 1 :]
    return head + f"\n… {note} …\n\n".encode() + tail
