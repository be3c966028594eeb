"""Files of a run as they may leave the house: redacted like reports, and still readable by the farm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from framework.journal.places import safe_name
from framework.redaction.redactor import MARK, Redactor
from framework.redaction.rules import WORDS

JSON_SUFFIXES: Final = (".json", ".jsonl")
SEALED_SUFFIXES: Final = (".zip", ".gz", ".tgz", ".bin")
"""Bundles, such as bug reports: full of what identifies people, and not to be looked into."""
PERFETTO_SUFFIX: Final = ".pftrace"
_WORDS: Final = re.compile(rb"[\x20-\x7e\x80-\xff]{4,}")
KEPT: Final = frozenset(
    ("id", "ids", "file", "hashes", "fingerprint", "package", "uuid", "historyId", "testCaseId", "fullName", "source")
) | {"sha256"}
"""Names of values by which runs and files are found and compared: of them only serial numbers are taken out."""


SERIAL: Final = "serial"
"""Name of a value that is a serial number, whatever it looks like."""


def serials_in(value: Any) -> Iterator[str]:
    """Those that JSON data tells of."""
    if isinstance(value, list):
        for one in value:
            yield from serials_in(one)
    elif isinstance(value, dict):
        if isinstance(value.get(SERIAL), str):
            yield value[SERIAL]
        for one in value.values():
            yield from serials_in(one)


class Cleaner:
    """Of one pack; `serials`: of the run's handsets."""

    def __init__(self, serials: Iterable[str], *, active: bool = True) -> None:
        self.active = active
        serials = tuple(one for one in serials if MARK not in one)
        self._serials = Redactor(serials, active=active)
        self._redactor = Redactor(serials, active=active)
        self._probe = Redactor(serials, active=active)
        self._known = tuple(serials)

    @property
    def taken_out(self) -> dict[str, int]:
        return dict(sorted(self._redactor.counts.items()))

    def leaves_out(self, path: PurePosixPath) -> bool:
        return self.active and path.suffix.lower() in SEALED_SUFFIXES

    def path(self, path: PurePosixPath) -> PurePosixPath:
        """Handsets may be called by their serial numbers, and folders by handsets."""
        return PurePosixPath(*map(self._part, path.parts))

    def content(self, path: PurePosixPath, content: bytes) -> tuple[bytes, bool]:
        """(the file's content, whether it is text). Of JSON and of Perfetto's traces only strings change."""
        if self.active and path.suffix.lower() == PERFETTO_SUFFIX:
            return self._perfetto(content), True
        if b"\0" in content[:4096]:
            return content, False
        if not self.active or path.suffix.lower() not in JSON_SUFFIXES:
            return self._redactor.content(content), True
        whole = self._json(content)
        if whole is not None:
            return whole, True
        return b"".join(map(self._line, content.splitlines(keepends=True))), True

    def _perfetto(self, content: bytes) -> bytes:
        """Parsed only where something is to be taken out; what is no trace is left empty."""
        words = b"\n".join(_WORDS.findall(content)).decode("utf-8", "replace")
        if self._probe.text(words) == words:
            return content
        from google.protobuf.message import DecodeError
        from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace

        trace = Trace()
        try:
            trace.ParseFromString(content)
        except DecodeError:
            return b""
        self._message(trace)
        return bytes(trace.SerializeToString(deterministic=True))

    def _message(self, message: Any) -> None:
        for field, value in message.ListFields():
            if isinstance(value, str):
                setattr(message, field.name, self._redactor.text(value))
            elif hasattr(value, "ListFields"):
                self._message(value)
            elif field.type == field.TYPE_STRING:
                value[:] = [self._redactor.text(one) for one in value]
            elif field.type == field.TYPE_MESSAGE:
                for one in value:
                    self._message(one)

    def _part(self, part: str) -> str:
        clean = self._without_serials(part)
        return part if clean == part else safe_name(clean)

    def _line(self, line: bytes) -> bytes:
        clean = self._json(line)
        return self._redactor.content(line) if clean is None else clean

    def _json(self, text: bytes) -> bytes | None:
        """None: it is no JSON."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        clean = self._value(value)
        if clean == value:
            return text
        end = b"\n" if text.endswith(b"\n") else b""
        return json.dumps(clean, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + end

    def _value(self, value: Any, *, kept: bool = False) -> Any:
        if isinstance(value, str):
            return self._without_serials(value) if kept else self._redactor.text(value)
        if isinstance(value, list):
            return [self._value(one, kept=kept) for one in value]
        if isinstance(value, dict):
            return {
                self._without_serials(key): self._serial(one)
                if key == SERIAL and isinstance(one, str)
                else self._value(one, kept=kept or key in KEPT)
                for key, one in value.items()
            }
        return value

    def _serial(self, serial: str) -> str:
        """Whatever it looks like: also one that is too short to be looked for elsewhere."""
        clean = self._redactor.text(serial)
        return clean if MARK in clean or not clean else f"{MARK}{WORDS[SERIAL]}]"

    def _without_serials(self, text: str) -> str:
        return self._serials.text(text) if any(serial and serial in text for serial in self._known) else text
