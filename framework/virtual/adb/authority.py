"""Which computers may debug the handset: Android's "Allow USB debugging?" (AdbDebuggingManager, adbd's auth.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from framework.virtual.adb.adb_keys import ComputerKey, read_key, read_keys

KEY_FILE = "/data/misc/adb/adb_keys"
MOST_REQUESTS = 16
"""Computers that may ask at once; the one that has waited longest makes room."""

Policy: TypeAlias = Literal["open", "accept", "ask", "tls"]
"""`open`: nobody is asked for a key (ro.adb.secure=0). `accept`: a new key is accepted, and remembered, at once.
`ask`: its computer is unauthorized until somebody accepts. `tls`: wireless debugging, where keys are TLS's affair and
every computer counts as paired."""


class KeyFiles(Protocol):
    """The file system, with rights to the key file."""

    def read(self, path: str) -> bytes: ...
    def write(self, path: str, data: bytes, *, mode: int) -> None: ...


class NobodyAsksError(Exception):
    """There is no such request to answer; the message says which there are."""


@dataclass(slots=True, eq=False)
class Request:
    """A computer that waits to be let in. It may have gone meanwhile: the dialog stays."""

    key: ComputerKey
    waiting: dict[object, Callable[[], None]] = field(default_factory=dict)
    """What lets each of its connections in."""


class Authority:
    """Knows the keys that the handset remembers, and who asks to be let in."""

    def __init__(self, policy: Policy, files: KeyFiles) -> None:
        self.policy = policy
        self.on_change: Callable[[], None] = lambda: None
        """Called when a request came or was answered."""
        self._files = files
        self._requests: dict[str, Request] = {}

    @property
    def requests(self) -> Sequence[Request]:
        """The longest waiting first."""
        return tuple(self._requests.values())

    def remembered(self) -> tuple[ComputerKey, ...]:
        return tuple(read_keys(self._content()))

    def knows(self, token: bytes, signature: bytes) -> bool:
        """Whether a remembered key signed the token."""
        return any(key.signed(token, signature) for key in self.remembered())

    def ask(self, line: bytes, connection: object, let_in: Callable[[], None]) -> None:
        """A connection shows its computer's key; `let_in` is called as soon as it is accepted, perhaps at once."""
        key = read_key(line)
        if key is None:
            return
        request = self._requests.setdefault(key.line, Request(key))
        request.waiting[connection] = let_in
        if len(self._requests) > MOST_REQUESTS:
            del self._requests[next(iter(self._requests))]
        if self.policy == "accept":
            self.answer(allow=True, fingerprint=key.fingerprint)
        else:
            self.on_change()

    def withdraw(self, connection: object) -> None:
        """A connection that may have asked is gone."""
        for request in self._requests.values():
            request.waiting.pop(connection, None)

    def answer(self, *, allow: bool, always: bool = True, fingerprint: str | None = None) -> ComputerKey:
        """Answer who waits longest, or the computer with that fingerprint; `always` is the dialog's check box.

        NobodyAsksError when there is none. A computer that is denied may ask again.
        """
        found = [each for each in self.requests if fingerprint in (None, each.key.fingerprint)]
        if not found:
            asking = ", ".join(each.key.fingerprint for each in self.requests)
            raise NobodyAsksError(f"no such computer asks: {asking} do" if asking else "no computer asks to be let in")
        request = self._requests.pop(found[0].key.line)
        if allow and always:
            self._remember(request.key)
        for let_in in request.waiting.values() if allow else ():
            let_in()
        self.on_change()
        return request.key

    def revoke(self) -> None:
        """Forget every key ("Revoke USB debugging authorizations"); as on a phone, open connections stay so."""
        self._write(b"")

    def remember(self, keys: Iterable[ComputerKey]) -> None:
        """Let these computers in from now on."""
        for key in keys:
            self._remember(key)

    def _remember(self, key: ComputerKey) -> None:
        if key not in self.remembered():
            self._write(self._content() + key.line.encode() + b"\n")

    def _content(self) -> bytes:
        try:
            return self._files.read(KEY_FILE)
        except OSError:
            return b""

    def _write(self, content: bytes) -> None:
        self._files.write(KEY_FILE, content, mode=0o640)
