"""The ADB protocol without input and output: bytes in, events out; events in, bytes out.

Both ends of a connection are alike but for who introduces itself first. See AOSP packages/modules/adb:
protocol.txt for the rules, adb.cpp (handle_packet) for what adbd does with packets that break them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from enum import Enum, auto

from framework.virtual.adb.events import Auth, Close, Connect, Data, Event, Fault, Open, Ready, StartTls
from framework.virtual.adb.packet import (
    MAX_PAYLOAD,
    TLS_VERSION,
    VERSION,
    VERSION_MIN,
    Command,
    Packet,
    PacketDecoder,
    PacketError,
    checksum,
    encode,
)


class State(Enum):
    # of a connection
    OFFLINE = auto()
    GREETING = auto()  # we introduced ourselves
    GREETED = auto()  # the peer introduced itself
    ONLINE = auto()
    # of a stream
    ASKING = auto()  # we asked for a service
    ASKED = auto()  # the peer asked for a service
    IDLE = auto()
    WROTE = auto()  # our data wait for the peer's OKAY
    HEARD = auto()  # the peer's data wait for our OKAY
    BOTH = auto()
    CLOSED = auto()


class Way(Enum):
    SAY = auto()
    HEAR = auto()


_S, _SAY, _HEAR = State, Way.SAY, Way.HEAR
_CNXN, _AUTH, _STLS = Command.CNXN, Command.AUTH, Command.STLS
_OPEN, _OKAY, _WRTE, _CLSE = Command.OPEN, Command.OKAY, Command.WRTE, Command.CLSE

TRANSITIONS: dict[State, dict[tuple[Way, Command], State]] = {
    # The connection. A peer that introduces itself again starts over; whoever was greeted may ask for a key.
    _S.OFFLINE: {(_SAY, _CNXN): _S.GREETING, (_HEAR, _CNXN): _S.GREETED},
    _S.GREETING: {(_HEAR, _CNXN): _S.ONLINE, (_HEAR, _AUTH): _S.GREETING, (_SAY, _AUTH): _S.GREETING},
    _S.GREETED: {
        (_SAY, _CNXN): _S.ONLINE,
        (_HEAR, _CNXN): _S.GREETED,
        (_SAY, _AUTH): _S.GREETED,
        (_HEAR, _AUTH): _S.GREETED,
        (_SAY, _STLS): _S.GREETED,
        (_HEAR, _STLS): _S.GREETED,
    },
    _S.ONLINE: {(_HEAR, _CNXN): _S.GREETED},
    # A stream: stop and wait, one WRTE outstanding in each direction. A spare OKAY does no harm.
    _S.ASKING: {(_HEAR, _OKAY): _S.IDLE, (_HEAR, _CLSE): _S.CLOSED, (_SAY, _CLSE): _S.CLOSED},
    _S.ASKED: {(_SAY, _OKAY): _S.IDLE, (_SAY, _CLSE): _S.CLOSED},
    _S.IDLE: {
        (_SAY, _WRTE): _S.WROTE,
        (_HEAR, _WRTE): _S.HEARD,
        (_HEAR, _OKAY): _S.IDLE,
        (_SAY, _CLSE): _S.CLOSED,
        (_HEAR, _CLSE): _S.CLOSED,
    },
    _S.WROTE: {
        (_HEAR, _OKAY): _S.IDLE,
        (_HEAR, _WRTE): _S.BOTH,
        (_SAY, _CLSE): _S.CLOSED,
        (_HEAR, _CLSE): _S.CLOSED,
    },
    _S.HEARD: {
        (_SAY, _OKAY): _S.IDLE,
        (_SAY, _WRTE): _S.BOTH,
        (_HEAR, _OKAY): _S.HEARD,
        (_SAY, _CLSE): _S.CLOSED,
        (_HEAR, _CLSE): _S.CLOSED,
    },
    _S.BOTH: {
        (_SAY, _OKAY): _S.WROTE,
        (_HEAR, _OKAY): _S.HEARD,
        (_SAY, _CLSE): _S.CLOSED,
        (_HEAR, _CLSE): _S.CLOSED,
    },
    _S.CLOSED: {},
}


class LinkError(Exception):
    """Our own side asked for what the protocol does not allow at this point."""


@dataclass(slots=True)
class _Stream:
    remote: int
    """The peer's id; 0 until it answered our OPEN."""
    state: State


class Link:
    """One end of one ADB connection.

    Give it what arrives (`receive`), take the events (`next_event`), tell it what to say (`send`), and write
    what `data_to_send` returns. What the protocol prescribes as an answer (CLSE for CLSE) it says by itself.
    """

    def __init__(self) -> None:
        self.max_payload = MAX_PAYLOAD
        """Largest payload in bytes in either direction: the smaller of both sides' limits."""
        self._version = VERSION_MIN
        self._state = State.OFFLINE
        self._streams: dict[int, _Stream] = {}
        self._ids = itertools.count(1)
        self._decoder = PacketDecoder()
        self._broken = False
        self._outbox: list[bytes] = []

    def fresh_stream(self) -> int:
        """A stream id of ours for a new `Open`."""
        return next(self._ids)

    def may_write(self, stream: int) -> bool:
        """Whether `Data` on this stream may be sent now."""
        known = self._streams.get(stream)
        return known is not None and (Way.SAY, Command.WRTE) in TRANSITIONS[known.state]

    @property
    def online(self) -> bool:
        """Whether both sides have introduced themselves."""
        return self._state is State.ONLINE

    def is_open(self, stream: int) -> bool:
        return stream in self._streams

    # -- bytes ---------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """Take bytes from the peer; call `next_event` until it has no more."""
        if not self._broken:
            self._decoder.feed(data)

    def data_to_send(self) -> bytes:
        """What to write to the peer now; handed out once."""
        data = self._outbox[0] if len(self._outbox) == 1 else b"".join(self._outbox)
        self._outbox.clear()
        return data

    def next_event(self) -> Event | None:
        """The next thing that the peer did, None until there are more bytes; `Fault` is the last."""
        try:
            while not self._broken and (packet := self._decoder.next_packet(self.max_payload)) is not None:
                if (event := self._hear(packet)) is not None:
                    return event
        except PacketError as error:
            self._broken = True
            self._streams.clear()
            return Fault(str(error))
        return None

    def take_rest(self) -> bytes:
        """The bytes after `StartTls`, which are TLS's."""
        return self._decoder.take_rest()

    # -- hearing -------------------------------------------------------------------------------------------

    def _hear(self, packet: Packet) -> Event | None:
        """What one packet means. adbd passes over commands it does not know and all but CNXN and AUTH while offline."""
        self._check(packet)
        if packet.command == Command.CNXN:
            return self._hear_connect(packet)
        if packet.command == Command.AUTH and (Way.HEAR, Command.AUTH) in TRANSITIONS[self._state]:
            return Auth(packet.arg0, packet.payload)
        if packet.command == Command.STLS and (Way.HEAR, Command.STLS) in TRANSITIONS[self._state]:
            return StartTls()
        if self._state is not State.ONLINE:
            return None
        if packet.command == Command.OPEN:
            return self._hear_open(packet)
        if packet.command in (Command.OKAY, Command.WRTE, Command.CLSE):
            return self._hear_stream(packet)
        return None

    def _check(self, packet: Packet) -> None:
        """Raises PacketError for a wrong checksum; a CNXN is held to the version that it announces."""
        version = min(packet.arg0, VERSION) if packet.command == Command.CNXN else self._version
        if version < VERSION and packet.checksum != checksum(packet.payload):
            raise PacketError(f"checksum {packet.checksum:#x} is wrong")

    def _hear_connect(self, packet: Packet) -> Connect:
        if not packet.arg1:
            raise PacketError("the peer takes no payload")
        self._move_connection(Way.HEAR, Command.CNXN)
        self._streams.clear()
        self._version = min(packet.arg0, VERSION)
        self.max_payload = min(packet.arg1, MAX_PAYLOAD)
        return Connect(packet.arg0, packet.arg1, packet.payload)

    def _hear_open(self, packet: Packet) -> Open | None:
        remote, delayed_ack = packet.arg0, packet.arg1
        if not remote:
            return None
        if delayed_ack:  # a feature that we do not announce
            self._say(Command.CLSE, 0, remote)
            return None
        stream = self.fresh_stream()
        self._streams[stream] = _Stream(remote, State.ASKED)
        return Open(stream, packet.payload.rstrip(b"\0"))

    def _hear_stream(self, packet: Packet) -> Event | None:
        remote, local, command = packet.arg0, packet.arg1, Command(packet.command)
        stream = self._find(local, remote, command)
        if stream is None:
            if command is Command.OKAY and remote and local:
                self._say(Command.CLSE, local, remote)
            return None
        state = TRANSITIONS[stream.state].get((Way.HEAR, command))
        if command is Command.CLSE or state is None:  # a stream that breaks the rules ends, and it alone
            if stream.remote:
                self._say(Command.CLSE, local, stream.remote)
            del self._streams[local]
            return Close(local)
        stream.state, stream.remote = state, remote
        return Ready(local) if command is Command.OKAY else Data(local, packet.payload)

    def _find(self, local: int, remote: int, command: Command) -> _Stream | None:
        """The stream that a packet is for: both ids fit, or it is CLSE(0, id), or our OPEN's first answer."""
        stream = self._streams.get(local)
        if stream is None:
            return None
        fits = remote == stream.remote if remote else command is Command.CLSE
        answers = not stream.remote and command is Command.OKAY
        return stream if fits or (remote and answers) else None

    # -- saying --------------------------------------------------------------------------------------------

    def send(self, event: Event) -> None:
        """Say `event` to the peer; raises LinkError if the protocol does not allow it now."""
        match event:
            case Connect():
                self._move_connection(Way.SAY, Command.CNXN)
                self._say(Command.CNXN, event.version, event.max_payload, event.banner)
            case Auth():
                self._move_connection(Way.SAY, Command.AUTH)
                self._say(Command.AUTH, event.kind, 0, event.payload)
            case StartTls():
                self._move_connection(Way.SAY, Command.STLS)
                self._say(Command.STLS, TLS_VERSION, 0)
            case Open():
                self._send_open(event)
            case Ready():
                self._send_stream(event.stream, Command.OKAY)
            case Data():
                self._send_stream(event.stream, Command.WRTE, event.payload)
            case Close():
                self._send_close(event.stream)
            case Fault():
                raise LinkError("a fault is heard, never said")

    def _send_open(self, event: Open) -> None:
        if self._state is not State.ONLINE:
            raise LinkError("OPEN while not online")
        self._streams[event.stream] = _Stream(0, State.ASKING)
        self._say(Command.OPEN, event.stream, 0, event.service + b"\0")

    def _send_stream(self, local: int, command: Command, payload: bytes = b"") -> None:
        stream = self._moved(local, command)
        if len(payload) > self.max_payload:
            raise LinkError(f"payload of {len(payload)} bytes is above the agreed {self.max_payload}")
        self._say(command, local, stream.remote, payload)

    def _send_close(self, local: int) -> None:
        refused = local in self._streams and self._streams[local].state is State.ASKED
        stream = self._moved(local, Command.CLSE)
        del self._streams[local]
        self._say(Command.CLSE, 0 if refused else local, stream.remote)

    def _moved(self, local: int, command: Command) -> _Stream:
        stream = self._streams.get(local)
        state = TRANSITIONS[stream.state].get((Way.SAY, command)) if stream else None
        if stream is None or state is None:
            raise LinkError(f"{command.name} on stream {local}, which is {stream.state.name if stream else 'unknown'}")
        stream.state = state
        return stream

    def _move_connection(self, way: Way, command: Command) -> None:
        state = TRANSITIONS[self._state].get((way, command))
        if state is None:
            raise LinkError(f"{command.name} while {self._state.name}")
        self._state = state

    def _say(self, command: Command, arg0: int, arg1: int, payload: bytes = b"") -> None:
        """CNXN and AUTH carry their checksum, for peers that do not know our version yet (transport.cpp)."""
        wanted = self._version < VERSION or command in (Command.CNXN, Command.AUTH)
        self._outbox.append(encode(Packet(command, arg0, arg1, payload, checksum(payload) if wanted else 0)))
