"""The protocol core: against itself, against the rules, against noise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.adb.events import Close, Connect, Data, Event, Fault, Open, Ready
from framework.virtual.adb.link import TRANSITIONS, Link, LinkError, State, Way
from framework.virtual.adb.packet import (
    MAX_PAYLOAD,
    VERSION,
    VERSION_MIN,
    Command,
    Packet,
    PacketDecoder,
    checksum,
    encode,
)

HOST = Connect(VERSION, MAX_PAYLOAD, b"host::features=shell_v2")
DEVICE = Connect(VERSION, MAX_PAYLOAD, b"device::")


def events(link: Link) -> list[Event]:
    return list(iter(link.next_event, None))


def packets(link: Link) -> list[Packet]:
    """What `link` wants to send."""
    decoder = PacketDecoder()
    decoder.feed(link.data_to_send())
    return list(iter(lambda: decoder.next_packet(MAX_PAYLOAD), None))


def hear(link: Link, command: int, arg0: int, arg1: int, payload: bytes = b"") -> list[Event]:
    link.receive(encode(Packet(command, arg0, arg1, payload, checksum(payload))))
    return events(link)


def online(version: int = VERSION, max_payload: int = MAX_PAYLOAD) -> Link:
    """A device's link after the greeting of a peer."""
    link = Link()
    hear(link, Command.CNXN, version, max_payload, b"host::")
    link.send(DEVICE)
    link.data_to_send()
    return link


def opened(link: Link, remote: int = 7) -> int:
    [event] = hear(link, Command.OPEN, remote, 0, b"shell:\0")
    assert isinstance(event, Open)
    link.send(Ready(event.stream))
    link.data_to_send()
    return event.stream


class Pair:
    """Two links, joined by wires that cut the bytes into steps."""

    def __init__(self, step: int, max_payload: int) -> None:
        self.host, self.device, self.step = Link(), Link(), step
        self.host.send(HOST)
        assert self.carry(self.host, self.device) == [HOST]
        self.device.send(replace(DEVICE, max_payload=max_payload))
        assert self.carry(self.device, self.host) == [replace(DEVICE, max_payload=max_payload)]

    def carry(self, source: Link, target: Link) -> list[Event]:
        data, heard = source.data_to_send(), []
        for start in range(0, len(data), self.step):
            target.receive(data[start : start + self.step])
            heard += events(target)
        return heard


@settings(max_examples=60)
@given(
    step=st.sampled_from([1, 7, 1000]),
    service=st.binary(min_size=1, max_size=50).filter(lambda name: not name.endswith(b"\0")),
    payloads=st.lists(st.binary(min_size=1, max_size=60), max_size=8),
)
def test_a_link_talks_with_a_link(step: int, service: bytes, payloads: list[bytes]) -> None:
    """Greeting, opening, data one at a time, closing: each side hears what the other said."""
    pair = Pair(step, max_payload=64)
    here = pair.host.fresh_stream()
    pair.host.send(Open(here, service))
    [asked] = pair.carry(pair.host, pair.device)
    assert isinstance(asked, Open)
    assert asked.service == service
    there = asked.stream
    pair.device.send(Ready(there))
    assert pair.carry(pair.device, pair.host) == [Ready(here)]
    for payload in payloads:
        pair.device.send(Data(there, payload))
        assert not pair.device.may_write(there)
        assert pair.carry(pair.device, pair.host) == [Data(here, payload)]
        pair.host.send(Ready(here))
        assert pair.carry(pair.host, pair.device) == [Ready(there)]
    pair.device.send(Close(there))
    assert pair.carry(pair.device, pair.host) == [Close(here)]
    assert pair.carry(pair.host, pair.device) == []  # the answering CLSE says nothing new
    assert not pair.host.is_open(here)
    assert not pair.device.is_open(there)


def test_a_refused_stream_is_closed_with_id_zero() -> None:
    """adbd refuses an OPEN with CLSE(0, remote)."""
    link = online()
    [event] = hear(link, Command.OPEN, 9, 0, b"nonsense:")
    assert event == Open(1, b"nonsense:")
    link.send(Close(1))
    assert packets(link) == [Packet(Command.CLSE, 0, 9)]


def test_a_second_write_before_our_okay_ends_that_stream_only() -> None:
    """Stop and wait is enforced: nobody can make us queue. Other streams live on."""
    link = online()
    rude, polite = opened(link, 7), opened(link, 8)
    assert hear(link, Command.WRTE, 7, rude, b"a") == [Data(rude, b"a")]
    assert hear(link, Command.WRTE, 7, rude, b"b") == [Close(rude)]
    assert packets(link) == [Packet(Command.CLSE, rude, 7)]
    assert hear(link, Command.WRTE, 8, polite, b"c") == [Data(polite, b"c")]


def test_packets_for_unknown_streams_are_passed_over_and_a_stray_okay_is_closed() -> None:
    """As handle_packet does in AOSP's adb.cpp."""
    link = online()
    mine = opened(link)
    assert hear(link, Command.WRTE, 7, 99, b"x") == []
    assert hear(link, Command.CLSE, 7, 99) == []
    assert hear(link, Command.WRTE, 6, mine, b"x") == []  # my id, but not its peer
    assert packets(link) == []
    assert hear(link, Command.OKAY, 7, 99) == []
    assert packets(link) == [Packet(Command.CLSE, 99, 7)]


@pytest.mark.parametrize("arg0", [7, 0])
def test_a_close_is_answered_with_a_close(arg0: int) -> None:
    """Also the CLSE(0, id) of old hosts."""
    link = online()
    stream = opened(link)
    assert hear(link, Command.CLSE, arg0, stream) == [Close(stream)]
    assert packets(link) == [Packet(Command.CLSE, stream, 7)]


def test_a_spare_okay_does_no_harm() -> None:
    """It neither closes the stream nor allows two writes."""
    link = online()
    stream = opened(link)
    assert hear(link, Command.OKAY, 7, stream) == [Ready(stream)]
    link.send(Data(stream, b"x"))
    assert not link.may_write(stream)


def test_unknown_commands_and_anything_before_the_greeting_are_passed_over() -> None:
    """adbd prints a line and goes on."""
    link = Link()
    assert hear(link, Command.OPEN, 1, 0, b"shell:") == []
    assert hear(online(), 0x12345678, 1, 2, b"?") == []


def test_an_open_with_delayed_acks_is_refused() -> None:
    """We do not announce `delayed_ack`, so a window in OPEN is a mistake (adb.cpp)."""
    link = online()
    assert hear(link, Command.OPEN, 5, 1 << 20, b"shell:") == []
    assert packets(link) == [Packet(Command.CLSE, 0, 5)]


def test_an_open_without_an_id_is_passed_over() -> None:
    """Ids begin at 1; nothing could be answered."""
    link = online()
    assert hear(link, Command.OPEN, 0, 0, b"shell:") == []
    assert packets(link) == []


def test_a_stream_of_ours_may_be_refused() -> None:
    """CLSE(0, id) answers an OPEN that was not answered yet; data before the OKAY end the stream."""
    link = online()
    for answer in (Command.CLSE, Command.WRTE):
        stream = link.fresh_stream()
        link.send(Open(stream, b"tcp:1"))
        assert hear(link, answer, 0, stream) == ([Close(stream)] if answer is Command.CLSE else [])
        assert link.is_open(stream) == (answer is Command.WRTE)


def test_greeting_again_drops_all_streams() -> None:
    """A host that starts over on the same connection gets a clean one."""
    link = online()
    stream = opened(link)
    assert hear(link, Command.CNXN, VERSION, 4096, b"host::") == [Connect(VERSION, 4096, b"host::")]
    assert not link.is_open(stream)
    link.send(DEVICE)
    assert [packet.command for packet in packets(link)] == [Command.CNXN]


def test_the_smaller_payload_limit_holds_in_both_directions() -> None:
    """We send no more than the peer takes, and take no more than we agreed."""
    link = online(max_payload=100)
    stream = opened(link)
    with pytest.raises(LinkError, match="above the agreed 100"):
        link.send(Data(stream, bytes(101)))
    [fault] = hear(link, Command.WRTE, 7, stream, bytes(101))
    assert fault == Fault("payload of 101 bytes is above the agreed 100")
    assert hear(link, Command.CNXN, VERSION, 4096, b"host::") == []  # nothing is heard after a fault


@pytest.mark.parametrize(("version", "fatal"), [(VERSION_MIN, True), (VERSION, False)])
def test_checksums_count_for_old_peers_only(version: int, fatal: bool) -> None:
    """Version 0x01000000 verifies and is verified; 0x01000001 sends zeros and is not looked at."""
    link = online(version)
    stream = opened(link)
    link.send(Data(stream, b"abc"))
    assert [packet.checksum for packet in packets(link)] == [0x126 if fatal else 0]
    link.receive(encode(Packet(Command.OKAY, 7, stream)))
    assert events(link) == [Ready(stream)]
    link.receive(encode(Packet(Command.WRTE, 7, stream, b"abc", 5)))
    assert events(link) == [Fault("checksum 0x5 is wrong") if fatal else Data(stream, b"abc")]


def test_we_cannot_say_what_the_protocol_forbids() -> None:
    """LinkError marks mistakes of our own side, apart from the peer's."""
    link = Link()
    with pytest.raises(LinkError):
        link.send(Open(1, b"shell:"))
    with pytest.raises(LinkError):
        link.send(Data(1, b"x"))
    link.send(DEVICE)
    with pytest.raises(LinkError):
        link.send(DEVICE)


def test_the_table_leads_only_to_states_that_it_lists() -> None:
    """Every state has its row, and every stream state but CLOSED can be left by a CLSE."""
    targets = {target for row in TRANSITIONS.values() for target in row.values()}
    assert targets <= set(TRANSITIONS) == set(State)
    streams = [State.ASKING, State.ASKED, State.IDLE, State.WROTE, State.HEARD, State.BOTH]
    assert all(TRANSITIONS[state][(Way.SAY, Command.CLSE)] is State.CLOSED for state in streams)


noise = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda command, arg0, arg1, payload: encode(Packet(command, arg0, arg1, payload)),
        st.sampled_from([*Command, 0]),
        st.integers(0, 4),
        st.integers(0, 4),
        st.binary(max_size=20),
    ),
    st.just(encode(Packet(Command.CNXN, VERSION, 4096, b"host::"))),
)


@settings(max_examples=300)
@given(st.lists(noise, max_size=30))
def test_no_input_breaks_the_link(chunks: list[bytes]) -> None:
    """Whatever comes, there are only events that make sense, and the link stays usable or says Fault, once."""
    link, live, faults = Link(), set[int](), 0
    for chunk in chunks:
        link.receive(chunk)
        for event in events(link):
            assert not faults
            match event:
                case Connect():
                    live.clear()
                    link.send(DEVICE)
                case Open():
                    live.add(event.stream)
                    link.send(Ready(event.stream))
                case Ready() | Data():
                    assert event.stream in live
                    if isinstance(event, Data) and event.payload.startswith(b"\0"):
                        link.send(Ready(event.stream))
                case Close():
                    live.remove(event.stream)
                case Fault():
                    faults += 1
        link.data_to_send()
    assert faults or all(link.is_open(stream) for stream in live)
