"""What each service name leads to, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.adb.connection import Connection
from framework.virtual.adb.services import PEER_SERVICES, SERVICES, find_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Adbd, Host


@pytest.mark.parametrize(
    "service",
    [
        b"",
        b"\0",
        b"host:version",
        b"host-serial:x:get-state",
        b"nonsense",
        b"shell",
        b"shell,v2",
        b"jdwp:1",
        b"jdwp:",
        b"tcpip:",
        b"tcpip:five",
        b"local:",
        b"localabstract:nobody",
        b"dev:/nothing/here",
        b"reconnect",
    ],
)
def test_what_a_handset_does_not_have_is_closed(host: Host, service: bytes) -> None:
    """An unknown name gets CLSE, and the connection goes on."""
    assert host.refused(service)
    assert host.ask(b"exec:echo on") == b"on\n"


@pytest.mark.parametrize("service", [b"tcp:7001", b"tcp:example.org:80", b"tcp:", b"tcp:-1", b"tcp:" + b"9" * 5000])
def test_a_tcp_port_where_nobody_listens_is_closed(host: Host, service: bytes) -> None:
    """As a refused connect; and adbd connects to no other machine."""
    assert host.refused(service)


def test_abb_arguments_are_separated_by_nul(host: Host) -> None:
    """Spaces and quotes stay inside an argument; the NULs that close the name make no empty ones."""
    assert host.ask(b"abb_exec:printf\0<%s>\0a b\0'c'\0\0") == b"<a b><'c'>"


def test_arguments_of_the_shell_service_that_nobody_knows_are_passed_over(host: Host) -> None:
    """As ShellService in services.cpp, for hosts newer than the handset."""
    assert host.ask(b"shell,future,TERM=xterm-256color:echo fine") == b"fine\n"


PREFIXES = (*SERVICES, *PEER_SERVICES)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=40),
        st.builds(
            lambda row, rest: row[0].encode() + rest,
            st.sampled_from((*SERVICES, *PEER_SERVICES)),
            st.binary(max_size=30),
        ),
    )
)
def test_any_name_is_served_or_refused(adbd: Adbd, name: bytes) -> None:
    """No name, decodable or not, raises."""
    service = find_service(name, adbd.device, Connection("host-1", adbd.device, adbd.server, list))
    assert service is None or callable(service)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (b"root:", b"adbd cannot run as root in production builds\n"),
        (b"unroot:", b"adbd not running as root\n"),
        (b"tcpip:0", b"invalid port 0\n"),
        (b"tcpip:-7x", b"invalid port -7\n"),
    ],
)
def test_what_a_user_build_refuses(host: Host, service: bytes, words: bytes) -> None:
    """In adbd's words, and the connection goes on."""
    assert host.ask(service) == words
    assert host.ask(b"exec:echo on") == b"on\n"


def test_remount_is_a_program(host: Host) -> None:
    """Which this machine does not have."""
    assert b"/system/bin/remount" in host.ask(b"remount:")


@pytest.mark.parametrize(
    ("service", "words", "port"),
    [(b"tcpip:5555", b"restarting in TCP mode port: 5555\n", "5555"), (b"usb:", b"restarting in USB mode\n", "0")],
)
def test_adbd_restarts(
    adbd: Adbd, host: Host, connect: Callable[..., Host], service: bytes, words: bytes, port: str
) -> None:
    """It says so, drops every connection, and takes new ones."""
    assert host.read(host.open(service)) == words
    with pytest.raises((EOFError, ConnectionError)):
        host.hear()
    assert adbd.device.properties == {"service.adb.tcp.port": port}
    assert connect().ask(b"exec:echo on") == b"on\n"


def test_a_reboot_is_asked_for(adbd: Adbd, host: Host) -> None:
    """The stream stays open until the handset goes down."""
    host.open(b"reboot:")
    adbd.until(lambda: adbd.device.reboots == 1)


@dataclass(frozen=True)
class App:
    pid: int


def test_debuggable_processes_are_listed_and_followed(adbd: Adbd, host: Host, connect: Callable[..., Host]) -> None:
    """jdwp once; track-jdwp and track-app whenever the list changes."""

    def run(*pids: int) -> None:
        adbd.device.apps[:] = [App(pid) for pid in pids]
        adbd.call(_tell(adbd))

    run(12, 345)
    assert host.ask(b"jdwp") == b"12\n345\n"
    other = connect()
    pids, apps = host.open(b"track-jdwp"), other.open(b"track-app")
    assert host.read(pids) == b"000712\n345\n"
    assert other.read(apps) == b"001f" + b"\x0a\x0d\x08\x0c\x10\x01\x18\x01\x22\x05arm64" + (
        b"\x0a\x0e\x08\xd9\x02\x10\x01\x18\x01\x22\x05arm64"
    )
    run(12, 345)  # nothing new is told
    run()
    assert (host.read(pids), other.read(apps)) == (b"0000", b"0000")


async def _tell(adbd: Adbd) -> None:
    for tell in adbd.device.watchers:
        tell()


def test_a_device_file_is_read_and_written(adbd: Adbd, host: Host) -> None:
    """`dev:` opens it for both, and closes at its end."""
    (adbd.root / "dev").mkdir()
    (adbd.root / "dev/file").write_bytes(b"content")
    assert host.ask(b"dev:/dev/file") == b"content"
