"""`reverse:` at the level of its words, and what is left when a host goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.adb.events import Close, Data, Open, Ready
from framework.virtual.adb.local_sockets import local_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Adbd, Host
    from framework.virtual.system.pipes import Pipe


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (b"forward:tcp:7001;tcp:5001", b"OKAY00047001"),
        (b"forward:localabstract:app;tcp:5001", b"OKAY"),
        (b"forward:tcp:7001", b"FAIL0015bad forward: tcp:7001"),
        (b"forward:tcp:7001;*smartsocket*", b"FAIL0023bad forward: tcp:7001;*smartsocket*"),
        (b"forward:usb:1;tcp:1", b"FAIL003acannot bind listener: unknown socket specification 'usb:1'"),
        (b"killforward:tcp:7001", b"FAIL001dlistener 'tcp:7001' not found"),
        (b"killforward:", b"FAIL0011bad killforward: "),
        (b"killforward-all", b"OKAY"),
        (b"list-forward", b"0000"),
        (b"nonsense", b"FAIL0020not a reverse forwarding command"),
    ],
)
def test_requests_are_answered_in_adbds_words(host: Host, request_: bytes, answer: bytes) -> None:
    """One OKAY with a port that was opened, or FAIL with a reason; a list stands by itself."""
    assert host.ask(b"reverse:" + request_) == answer


def test_a_listener_may_be_led_elsewhere(host: Host) -> None:
    """Unless the host says that it must not be."""
    assert host.ask(b"reverse:forward:tcp:7001;tcp:1") == b"OKAY00047001"
    assert host.ask(b"reverse:forward:norebind:tcp:7001;tcp:2") == b"FAIL001dcannot rebind existing socket"
    assert host.ask(b"reverse:forward:tcp:7001;tcp:3") == b"OKAY"
    assert host.ask(b"reverse:list-forward") == b"0016host-1 tcp:7001 tcp:3\n"


def test_a_port_that_an_app_serves_is_taken(adbd: Adbd, host: Host) -> None:
    """The words of bind(2)."""

    async def listen() -> None:
        async def nothing(reader: Pipe, writer: Pipe) -> None: ...

        adbd.device.ports.listen(7002, nothing)

    adbd.call(listen())
    assert host.ask(b"reverse:forward:tcp:7002;tcp:1").endswith(b"cannot bind listener: Address already in use")


async def _connect(adbd: Adbd, port: int) -> tuple[Pipe, Pipe]:
    return adbd.device.ports.connect(port)


def test_who_connects_reaches_the_host(adbd: Adbd, host: Host) -> None:
    """The handset asks for the service, data go both ways, and the end of either side is the end."""
    host.ask(b"reverse:forward:tcp:7003;tcp:99")
    reader, writer = adbd.call(_connect(adbd, 7003))
    asked = host.hear()
    assert isinstance(asked, Open)
    assert asked.service == b"tcp:99"
    host.say(Ready(asked.stream))
    adbd.call(writer.write(b"out"))
    assert host.read(asked.stream) == b"out"
    host.write(asked.stream, b"in")
    assert adbd.call(reader.read()) == b"in"
    host.say(Close(asked.stream))
    assert adbd.call(reader.read()) == b""


def test_a_refusal_closes_the_connection(adbd: Adbd, host: Host) -> None:
    """As nobody listening on the host."""
    host.ask(b"reverse:forward:tcp:7003;tcp:99")
    reader, _ = adbd.call(_connect(adbd, 7003))
    asked = host.hear()
    assert isinstance(asked, Open)
    host.say(Close(asked.stream))
    assert adbd.call(reader.read()) == b""


def test_listeners_go_with_their_host(adbd: Adbd, connect: Callable[..., Host]) -> None:
    """Those of another stay; a connection under way ends."""
    leaving, staying = connect(), connect()
    leaving.ask(b"reverse:forward:tcp:7004;tcp:1")
    staying.ask(b"reverse:forward:tcp:7005;tcp:1")
    assert len(staying.ask(b"reverse:list-forward")) == 4 + 2 * len("host-1 tcp:7004 tcp:1\n")
    reader, _ = adbd.call(_connect(adbd, 7004))
    assert isinstance(leaving.hear(), Open)
    leaving.close()
    adbd.until(lambda: not adbd.device.ports.listening(7004))
    assert adbd.call(reader.read()) == b""
    assert adbd.device.ports.listening(7005)


def test_a_service_of_an_abstract_socket(adbd: Adbd, host: Host) -> None:
    """`localabstract:NAME` leads to what listens there."""

    async def listen() -> None:
        async def upper(reader: Pipe, writer: Pipe) -> None:
            await writer.write((await reader.readline()).upper())

        adbd.device.ports.listen("@chrome_devtools_remote", upper)

    adbd.call(listen())
    stream = host.open(b"localabstract:chrome_devtools_remote")
    host.say(Data(stream, b"hello\n"))
    heard = [host.hear(), host.hear()]
    assert Data(stream, b"HELLO\n") in heard


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text("tcpfowardkil:-;0123456789 é*", max_size=30))
def test_noise_is_answered(shared_adbd: Adbd, text: str) -> None:
    """OKAY or FAIL with its length, or a list; the connection lives."""
    host = shared_adbd.host()
    try:
        answer = host.ask(b"reverse:" + text.encode())
        assert answer[:4] in (b"OKAY", b"FAIL") or int(answer[:4], 16) == len(answer) - 4
        if answer.startswith(b"FAIL"):
            assert int(answer[4:8], 16) == len(answer) - 8
        assert host.ask(b"reverse:killforward-all") == b"OKAY"
    finally:
        host.close()


@given(st.text("tcplocalabstresvdfiym:0123456789@/", max_size=30))
def test_names_of_sockets(spec: str) -> None:
    """A port within its range, a name, or nothing."""
    address = local_address(spec)
    assert address is None or isinstance(address, str) or 0 <= address <= 65535
