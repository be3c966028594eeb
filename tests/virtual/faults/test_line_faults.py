"""Faults of the line between adbd and its hosts, as a client of ours meets them; device time is host time here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.handset import open_handset
from framework.handset.shell import HandsetShell
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("line", "xiaomi-13", speed=1)]) as started:
        yield started.endpoint("line")


@pytest.fixture
def control(endpoint: VirtualEndpoint) -> Iterator[Control]:
    made = Control(endpoint.control)
    yield made
    made.clear()


@pytest.fixture
def connection(endpoint: VirtualEndpoint) -> Iterator[AdbdConnection]:
    with closing(AdbdConnection("line", endpoint.adb, 5)) as made:
        yield made


def answers(endpoint: VirtualEndpoint, timeout_s: float = 0.3) -> str:
    try:
        with closing(AdbdConnection("line", endpoint.adb, timeout_s)) as made:
            return HandsetShell("line", made).run("echo", "hello", timeout_s=timeout_s).text
    except DeadlineError:
        return "silent"
    except HandsetError:
        return "refused"


def test_unplugged_nobody_gets_in(endpoint: VirtualEndpoint, control: Control, connection: AdbdConnection) -> None:
    """What was open ends, connections are refused, the battery is not charged; after `for_s` all is as before."""
    with HandsetShell("line", connection).stream("sleep 100") as stream:
        number = control.fault("unplug", for_s=0.6)
        with pytest.raises(HandsetError, match="is gone"):
            stream.read_line(5)
    assert answers(endpoint) == "refused"
    while control.faults()[number - 1]["end_ns"] is None:
        time.sleep(0.02)
    shell = HandsetShell("line", connection)
    assert "USB powered: true" in shell.run("dumpsys", "battery").text


def test_offline_it_takes_connections_and_says_nothing(
    endpoint: VirtualEndpoint, control: Control, connection: AdbdConnection
) -> None:
    """Deadline, not refusal; then it answers again."""
    number = control.fault("offline")
    assert answers(endpoint) == "silent"
    control.clear(number)
    assert answers(endpoint, 5) == "hello"


def test_unauthorized_until_somebody_accepts(endpoint: VirtualEndpoint, control: Control) -> None:
    """A handset that let everybody in asks for a key; in the end it is as open as before."""
    number = control.fault("unauthorized")
    with pytest.raises(HandsetError, match=r"unauthorized .accept this computer's key"):
        AdbdConnection("line", endpoint.adb, 0.3)
    control.clear(number)
    assert (answers(endpoint, 5), control.auth()["policy"]) == ("hello", "open")


def test_a_handset_without_room_is_not_leased(endpoint: VirtualEndpoint, control: Control) -> None:
    """Told why and what to do; the number of its leases is not lost with that."""
    with open_handset(Target("line", adbd=endpoint.adb)) as handset:
        with handset.lease("tests", "room") as lease:
            counter = lease.counter
        control.fault("storage_full")
        with pytest.raises(HandsetError, match=r"cannot be leased: .*No space left on device .free space on it"):
            handset.lease("tests", "room")
        control.clear()
        with handset.lease("tests", "room") as lease:
            assert lease.counter == counter + 1


def test_a_stalled_stream_stands_still_and_a_new_one_does_not(control: Control, connection: AdbdConnection) -> None:
    """Nothing comes of it, nothing is lost; what is written to it arrives when it goes on."""
    shell = HandsetShell("line", connection)
    with shell.stream("while read x; do echo got $x; done") as stream:
        stream.write(b"1\n")
        assert stream.read_line(5) == "got 1"
        number = control.fault("stalled_stream")
        stream.write(b"2\n")
        with pytest.raises(DeadlineError):
            stream.read_line(0.2)
        assert shell.run("echo", "hello").text == "hello"
        control.clear(number)
        assert stream.read_line(5) == "got 2"


def test_a_stalled_stream_can_be_closed(control: Control, connection: AdbdConnection) -> None:
    """What ran behind it ends."""
    shell = HandsetShell("line", connection)
    with shell.stream("echo $$; exec sleep 987") as stream:
        pid = stream.read_line(5)
        control.fault("stalled_stream")
    deadline = time.monotonic() + 5
    while shell.run("test", "-d", f"/proc/{pid}").exit == 0:
        assert time.monotonic() < deadline, "the program behind a closed stream runs on"


def test_a_slow_link_is_slow_and_loses_nothing(control: Control, connection: AdbdConnection) -> None:
    """100 KB at 200 KB/s take half a second; a round trip twice the latency."""
    shell = HandsetShell("line", connection)
    script = "head -c 100000 /dev/zero"
    assert len(shell.script(script).stdout) == 100_000
    control.fault("slow_link", 200, second=100)
    began = time.monotonic()
    assert len(shell.script(script).stdout) == 100_000
    took_s = time.monotonic() - began
    control.clear()
    assert 0.5 + 0.2 <= took_s < 3
    assert shell.run("echo", "hello").text == "hello"
