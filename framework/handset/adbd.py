"""Straight to a handset's adbd over TCP; no adb binary is needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset.connection import Deadline, told
from framework.handset.handshake import Handshake
from framework.handset.keys import Signer, default_key, load_signer
from framework.handset.ladder import RECONNECT, SILENT_S, Mends
from framework.handset.link import Link, LinkStream
from framework.handset.packets import VERSION, Packet, Peer
from framework.handset.wire import Wire

RECONNECT_S = RECONNECT.within_s
_RETRY_S = 0.2
_TRY_S = 3.0
"""One attempt to connect again: a handset that answers at all does so within a second."""


class AdbdConnection:
    """A connection that is made anew by the next `open` when it has died.

    An adbd that was restarted, or a network that was cut, is back after a moment: it is waited for until `RECONNECT_S`
    after the loss was noticed. From then on every `open` tries once. One that does not even answer an OPEN for
    `SILENT_S` counts as lost.

    A service that was already asked for is never asked for again: the handset may have begun it.
    """

    def __init__(
        self,
        handset: str,
        address: str,
        timeout_s: float,
        signer: Callable[[], Signer] | None = None,
        mends: Mends | None = None,
    ) -> None:
        self._handset, self._timeout_s = handset, timeout_s
        self._host, self._port = _host_port(address)
        self._signer = signer or (lambda: load_signer(default_key()))
        self._mends = mends or Mends()
        self._reconnecting = threading.Lock()
        self._closed = False
        self._lost_at: float | None = None
        self._link = self._connect(timeout_s)

    @property
    def features(self) -> frozenset[str]:
        return self._link.peer.features

    def open(self, service: str, timeout_s: float) -> LinkStream:
        deadline = Deadline(timeout_s, self._handset, f"opening {told(service)}")
        link = self._live_link(deadline)
        try:
            return link.open(service, min(deadline.remaining(), SILENT_S))
        except DeadlineError as error:
            if timeout_s >= SILENT_S:
                link.give_up(error)
            raise

    def close(self) -> None:
        with self._reconnecting:
            self._closed = True
            self._link.close()

    def _live_link(self, deadline: Deadline) -> Link:
        with self._reconnecting:
            if self._link.broken is not None and not self._closed:
                self._link.close()
                self._link = self._connect_again(deadline, str(self._link.broken.what))
            return self._link

    def _connect_again(self, deadline: Deadline, why: str) -> Link:
        now = time.monotonic()
        noticed, self._lost_at = self._lost_at is None, self._lost_at or now
        ends = min(self._lost_at + RECONNECT_S, now + deadline.remaining())
        while True:
            try:
                link = self._connect(min(_TRY_S, self._timeout_s))
            except HandsetError as error:
                if self._closed or time.monotonic() + _RETRY_S > ends:
                    if noticed:
                        self._mends.note(RECONNECT.name, time.monotonic() - now, error.what, worked=False)
                    raise
                time.sleep(_RETRY_S)
            else:
                self._mends.note(RECONNECT.name, time.monotonic() - self._lost_at, why)
                self._lost_at = None
                return link

    def _connect(self, timeout_s: float) -> Link:
        wire = Wire(self._handset, self._host, self._port, timeout_s)
        try:
            peer = self._shake_hands(wire, timeout_s)
        except BaseException:
            wire.close()
            raise
        wire.with_checksum = peer.version < VERSION
        return Link(self._handset, wire, peer)

    def _shake_hands(self, wire: Wire, timeout_s: float) -> Peer:
        deadline = Deadline(timeout_s, self._handset, "connecting")
        handshake = Handshake(self._handset, self._signer)
        answer: Packet | Peer | None = handshake.hello()
        try:
            while not isinstance(answer, Peer):
                if answer is not None:
                    wire.send(answer, deadline.remaining())
                answer = handshake.receive(wire.receive(deadline.remaining()))
        except DeadlineError as error:
            raise (handshake.unauthorized() if handshake.asked_for_acceptance else self._silent(timeout_s)) from error
        return answer

    def _silent(self, timeout_s: float) -> DeadlineError:
        what = f"offline: its adbd takes connections and says nothing within {timeout_s:g} s"
        return DeadlineError(self._handset, what, "unplug it and plug it in again, or restart it", "offline")


def _host_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"{address!r} is not HOST:PORT")
    return host.strip("[]"), int(port)
