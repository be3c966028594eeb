"""ip, ifconfig and svc: forms that scripts read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


def test_addresses_of_one_interface(sh: RunScript) -> None:
    """The link, then each address with its lifetime."""
    lines = sh("ip addr show wlan0").out.splitlines()
    assert lines[0] == "27: wlan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 3000"
    assert re.fullmatch(r"    link/ether (..:){5}.. brd ff:ff:ff:ff:ff:ff", lines[1])
    assert re.fullmatch(r"    inet (\d+\.\d+\.\d+)\.\d+/24 brd \1\.255 scope global wlan0", lines[2])
    assert lines[3] == "       valid_lft forever preferred_lft forever"
    assert re.fullmatch(r"    inet6 fe80::[0-9a-f:]+/64 scope link ", lines[4])


def test_one_line_for_each_address(sh: RunScript) -> None:
    """`-o`, with a family."""
    assert sh("ip -o -4 addr show lo").out == (
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
    )


def test_routes(sh: RunScript) -> None:
    """The way to the network, and out of it; none without a network."""
    out = sh(
        "ip route; ip route get 8.8.8.8; svc wifi disable; svc data disable; ip route; ip route get 1.1.1.1; echo $?"
    )
    lines = out.out.splitlines()
    assert re.fullmatch(r"192\.168\.31\.0/24 dev wlan0 proto kernel scope link src 192\.168\.31\.\d+ ", lines[0])
    assert re.fullmatch(
        r"8\.8\.8\.8 via 192\.168\.31\.1 dev wlan0 table 1027 src 192\.168\.31\.\d+ uid 2000 ", lines[1]
    )
    assert (lines[2:], out.err) == (["    cache ", "2"], "RTNETLINK answers: Network is unreachable\n")


@pytest.mark.parametrize(
    ("script", "error", "status"),
    [
        ("ip addr show nosuch", 'Device "nosuch" does not exist.\n', 1),
        ("ip link set wlan0 down", "RTNETLINK answers: Operation not permitted\n", 2),
        ("ip frobnicate", 'Object "frobnicate" is unknown, try "ip help".\n', 1),
        ("ifconfig nosuch", "ifconfig: nosuch: No such device\n", 1),
        ("ifconfig wlan0 down", "ifconfig: ioctl 8914: Permission denied\n", 1),
        ("svc wifi", "Control the wifi manager\n\nusage: svc wifi [enable|disable]\n", 1),
    ],
)
def test_what_cannot_be_done_is_said(sh: RunScript, script: str, error: str, status: int) -> None:
    """In the words of the program, with its status."""
    result = sh(script)
    assert (result.err, result.status) == (error, status)


def test_interfaces_that_are_down_have_no_address(sh: RunScript) -> None:
    """And ifconfig shows them only when asked for all."""
    script = """svc wifi disable; ip -4 addr show wlan0; ifconfig | grep -c wlan0
ifconfig -a | grep -c wlan0; cmd wifi status"""
    assert sh(script).out.splitlines()[:3] == ["0", "1", "Wifi is disabled"]
