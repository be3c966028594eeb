"""Many streams over one ADB connection, beside each other: one thread reads the wire and wakes whom it concerns."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.connection import Deadline, StreamClosedError, told
from framework.handset.packets import CLSE, OKAY, OPEN, WRTE, Packet, Peer
from framework.handset.wire import Wire

STALL_S = 30.0
"""A peer that takes nothing off the wire for so long has broken it."""

INBOX_BYTES = 1 << 20
"""What a stream takes in while its user only writes."""


class LinkStream:
    """One stream: stop and wait in both directions, so that a reader that lags holds back only its own stream.

    The link's reader thread calls `acknowledged`, `delivered`, `ended` and `failed`. It never sends, so that a peer
    that does not read cannot stop it: whoever reads or writes the stream acknowledges what was delivered.
    """

    def __init__(self, link: Link, local_id: int, service: str) -> None:
        self.local_id = local_id
        self._link, self._remote = link, 0
        self._service = told(service)
        self._changed = threading.Condition()
        self._inbox: deque[bytes] = deque()
        self._owes_okay = False
        self._may_write = False
        self._ended = False
        self._failure: HandsetError | None = None

    # -- its user ----------------------------------------------------------------------------------------------

    def read(self, timeout_s: float) -> bytes:
        self._wait(lambda: bool(self._inbox) or self._over, timeout_s, "reading")
        with self._changed:
            if not self._inbox:
                return self._end()
            data = self._inbox.popleft()
        self._acknowledge()
        return data

    def write(self, data: bytes | memoryview, timeout_s: float) -> None:
        deadline = Deadline(timeout_s, self._link.handset, f"writing to {self._service}")
        rest = memoryview(data)
        while rest:
            self._await_turn(deadline)
            self._link.send(Packet(WRTE, self.local_id, self._remote, rest[: self._link.peer.max_payload]))
            rest = rest[self._link.peer.max_payload :]

    def readable(self) -> bool:
        with self._changed:
            return bool(self._inbox) or self._over

    def close(self) -> None:
        with self._changed:
            was_over, self._ended = self._over, True
            self._changed.notify_all()
        self._link.forget(self.local_id)
        if not was_over:
            with suppress(HandsetError):
                self._link.send(Packet(CLSE, self.local_id, self._remote))

    def await_opened(self, timeout_s: float) -> None:
        """HandsetError when the handset refuses the service."""
        self._wait(lambda: self._may_write or self._over, timeout_s, "opening")
        if not self._remote:
            self._end()
            raise HandsetError(self._link.handset, f"refused the service {self._service!r}")

    # -- the link's reader thread --------------------------------------------------------------------------------

    def acknowledged(self, packet: Packet) -> None:
        with self._changed:
            self._remote, self._may_write = packet.arg0, True
            self._changed.notify_all()

    def delivered(self, packet: Packet) -> None:
        with self._changed:
            self._inbox.append(bytes(packet.data))
            self._owes_okay = True
            self._changed.notify_all()

    def ended(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def failed(self, failure: HandsetError) -> None:
        with self._changed:
            self._failure = self._failure or failure
            self._changed.notify_all()

    # -- waiting -------------------------------------------------------------------------------------------------

    @property
    def _over(self) -> bool:
        return self._ended or self._failure is not None

    def _end(self) -> bytes:
        """What a read gives when nothing more will come."""
        if self._failure is not None:
            raise self._failure
        return b""

    def _wait(self, condition: Callable[[], bool], timeout_s: float, doing: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, timeout_s):
                raise DeadlineError(self._link.handset, f"{doing} {self._service}: no answer within {timeout_s:g} s")

    def _await_turn(self, deadline: Deadline) -> None:
        """Wait until the handset has taken the last packet, and take the turn.

        Meanwhile what the handset sends is taken in, for it may wait for that before it takes or ends anything.
        """
        with deadline:
            while not self._take_turn(deadline.remaining()):
                self._acknowledge()

    def _take_turn(self, timeout_s: float) -> bool:
        """False when it is not our turn yet, but an OKAY is owed."""
        self._wait(lambda: self._may_write or self._over or self._can_take_more(), timeout_s, "writing to")
        with self._changed:
            if self._over:
                self._end()
                raise StreamClosedError(self._link.handset, f"{self._service} was ended by the handset")
            turn, self._may_write = self._may_write, False
            return turn

    def _can_take_more(self) -> bool:
        return self._owes_okay and sum(map(len, self._inbox)) < INBOX_BYTES

    def _acknowledge(self) -> None:
        with self._changed:
            owed, self._owes_okay = self._owes_okay and not self._over, False
        if owed:
            with suppress(HandsetError):  # what came is here all the same; the next call tells that the link is gone
                self._link.send(Packet(OKAY, self.local_id, self._remote))


class Link:
    """One connection. When it breaks, all its streams tell the first cause, and so does every later call."""

    def __init__(self, handset: str, wire: Wire, peer: Peer) -> None:
        self.handset, self.peer = handset, peer
        self._wire = wire
        self._streams: dict[int, LinkStream] = {}
        self._ids = itertools.count(1)
        self._guard = threading.Lock()
        self._failure: HandsetError | None = None
        self._reader = threading.Thread(target=self._read, name=f"adbd {handset}", daemon=True)
        self._reader.start()

    @property
    def broken(self) -> HandsetError | None:
        """Why nothing can be opened any more."""
        return self._failure

    def give_up(self, failure: HandsetError) -> None:
        """It is of no use any more: everybody who waits on it is told."""
        self._break(failure)
        self._wire.interrupt()

    def open(self, service: str, timeout_s: float) -> LinkStream:
        with self._guard:
            if self._failure is not None:
                raise self._failure
            stream = LinkStream(self, next(self._ids), service)
            self._streams[stream.local_id] = stream
        try:
            self.send(Packet(OPEN, stream.local_id, 0, service.encode() + b"\0"))
            stream.await_opened(timeout_s)
        except BaseException:
            stream.close()
            raise
        return stream

    def send(self, packet: Packet) -> None:
        try:
            self._wire.send(packet, STALL_S)
        except HandsetError as error:
            self._break(error)
            self._wire.interrupt()
            raise

    def forget(self, local_id: int) -> None:
        with self._guard:
            self._streams.pop(local_id, None)

    def close(self) -> None:
        self._break(HandsetError(self.handset, "the connection was closed"))
        self._wire.interrupt()
        self._reader.join()
        self._wire.close()

    def _break(self, failure: HandsetError) -> None:
        with self._guard:
            self._failure = self._failure or failure
            streams = list(self._streams.values())
        for stream in streams:
            stream.failed(self._failure)

    def _read(self) -> None:
        try:
            while True:
                self._dispatch(self._wire.receive(None))
        except HandsetError as error:
            self._break(error)

    def _dispatch(self, packet: Packet) -> None:
        """Packets for streams that are closed already, and connections that the handset wants to open, are let be."""
        with self._guard:
            stream = self._streams.get(packet.arg1)
        if stream is None:
            return
        if packet.command == WRTE:
            stream.delivered(packet)
        elif packet.command == OKAY:
            stream.acknowledged(packet)
        elif packet.command == CLSE:
            stream.ended()
