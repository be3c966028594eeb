"""What each service name leads to, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.adb.services import SERVICES, find_service

if TYPE_CHECKING:
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
        b"tcpip:5555",
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


def test_reverse_is_refused_with_a_reason(host: Host) -> None:
    """FAIL, four hex digits, the text: what adb prints. There are none, so the list is empty."""
    assert host.ask(b"reverse:list-forward") == b"0000"
    assert host.ask(b"reverse:forward:tcp:1;tcp:2") == b"FAIL0023reverse forwarding is not supported"


def test_abb_arguments_are_separated_by_nul(host: Host) -> None:
    """Spaces and quotes stay inside an argument; the NULs that close the name make no empty ones."""
    assert host.ask(b"abb_exec:printf\0<%s>\0a b\0'c'\0\0") == b"<a b><'c'>"


def test_arguments_of_the_shell_service_that_nobody_knows_are_passed_over(host: Host) -> None:
    """As ShellService in services.cpp, for hosts newer than the handset."""
    assert host.ask(b"shell,future,TERM=xterm-256color:echo fine") == b"fine\n"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=40),
        st.builds(lambda row, rest: row[0].encode() + rest, st.sampled_from(SERVICES), st.binary(max_size=30)),
    )
)
def test_any_name_is_served_or_refused(adbd: Adbd, name: bytes) -> None:
    """No name, decodable or not, raises."""
    service = find_service(name, adbd.device)
    assert service is None or callable(service)
