"""The control endpoint: what it tells and does for who knows its token, and that it is closed to everybody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from framework.virtual.control.endpoint import MOST_BODY_BYTES

if TYPE_CHECKING:
    from conftest import OnEndpoint, Visitor

MS = 1_000_000


def test_the_truth_is_told(on_endpoint: OnEndpoint[None]) -> None:
    """Who the handset is, its clock at one instant, what happened, the physics, and faults."""

    async def look(visitor: Visitor) -> None:
        device = visitor.device
        await device.clock.sleep(2_000 * MS)
        device.truth.record("token", device.clock.now_ns(), n=1, text="Xin chào 你好")
        status, told = await visitor.ask("GET", "truth")
        assert (status, told["name"], told["profile"], told["seed"]) == (200, "bench", "xiaomi-13", 1)
        assert told["speed"] == device.clock.speed
        assert [event for event in told["events"] if event["kind"] == "token"][-1]["text"] == "Xin chào 你好"
        recorded = device.truth.samples(0, device.truth.boot)["skin_c"]
        assert tuple(told["samples"]["skin_c"][-1]) in recorded  # which goes on meanwhile
        line, clock = told["clock"]["lines"][-1], told["clock"]
        assert clock["device_ns"] == line["device_ns"] + (clock["host_ns"] - line["host_ns"]) * clock["speed"]
        assert told["faults"] == []

    on_endpoint(look)


def test_the_truth_since_a_time(on_endpoint: OnEndpoint[None]) -> None:
    """No event from before it, and of each series at most the beginning of a stretch that reaches over it."""

    async def look(visitor: Visitor) -> None:
        clock = visitor.device.clock
        await clock.sleep(2_000 * MS)
        since = clock.now_ns()
        await clock.sleep(2_000 * MS)
        _, told = await visitor.ask("GET", f"truth?since_ns={since}")
        assert told["samples"]["drawn_w"][1][0] >= since
        assert all(event["ns"] >= since for event in told["events"])

    on_endpoint(look)


def test_faults_are_begun_listed_and_ended(on_endpoint: OnEndpoint[None]) -> None:
    """Each has an id; clearing one leaves the others."""

    async def run(visitor: Visitor) -> None:
        assert await visitor.ask("POST", "faults", {"kind": "status", "size": 3}) == (200, {"id": 1})
        assert await visitor.ask("POST", "faults", {"kind": "clock_cap"}) == (200, {"id": 2})
        assert await visitor.ask("DELETE", "faults/1") == (200, {})
        _, told = await visitor.ask("GET", "faults")
        assert [(each["kind"], each["end_ns"] is None) for each in told["faults"]] == [
            ("status", False),
            ("clock_cap", True),
        ]
        assert "reboot" in {each["kind"] for each in told["kinds"]}
        await visitor.ask("DELETE", "faults")
        _, told = await visitor.ask("GET", "faults")
        assert [each["end_ns"] is None for each in told["faults"]] == [False, False]

    on_endpoint(run)


@pytest.mark.parametrize(
    ("method", "what", "body", "status", "said"),
    [
        ("POST", "faults", {"kind": "clok_step"}, 400, 'did you mean "clock_step"?'),
        ("POST", "faults", {"kind": "status", "size": 9}, 400, "9 cannot be"),
        ("POST", "faults", {"kind": "status", "size": "9"}, 400, "size: expected a number"),
        ("POST", "faults", {"kind": "status", "size": True}, 400, "size: expected a number"),
        ("POST", "faults", {"kind": "status", "for_s": 0}, 400, "more than 0"),
        ("POST", "faults", {"kind": "reboot", "size": 8, "for_s": 9}, 400, "lasts its size"),
        ("POST", "faults", {"kind": "status", "second": 1}, 400, "status has no second size"),
        ("POST", "faults", {"kind": "slow_link", "second": -1}, 400, "-1 ms cannot be"),
        ("POST", "faults", {"kind": "kill_app", "size": 9}, 400, "kill_app has no size"),
        ("POST", "faults", {"kind": "kill_app"}, 400, "no app is in front"),
        ("POST", "faults", {"kind": 7}, 400, "expected {kind, size, for_s, second}"),
        ("POST", "faults", {"kind": "status", "sise": 1}, 400, "expected {kind, size, for_s, second}"),
        ("POST", "faults", [], 400, "not a JSON object"),
        ("POST", "faults", b"{", 400, "not JSON"),
        ("POST", "faults", b"\xff\xfe", 400, "not JSON"),
        ("POST", "faults", b"[" * 60_000, 400, "not JSON"),
        ("POST", "faults", b'{"kind": "status", "size": NaN}', 400, "cannot be"),
        ("POST", "faults", b'{"kind": "status", "size": 1e999}', 400, "expected a number"),
        ("POST", "faults/1", {"kind": "status"}, 404, "there is no POST"),
        ("DELETE", "faults/7", None, 400, "there is no fault 7"),
        ("DELETE", "faults/x", None, 400, "id: expected a whole number"),
        ("DELETE", "truth", None, 405, "there is no DELETE truth"),
        ("PUT", "faults", None, 405, "there is no PUT faults"),
        ("GET", "truth?since_ns=-1", None, 400, "since_ns: expected a whole number"),
        ("GET", f"truth?since_ns={'9' * 5000}", None, 400, "since_ns: expected a whole number"),
        ("GET", "truth?boot=1", None, 400, "no truth of boot 1"),
        ("GET", "secrets", None, 404, "there is no GET secrets"),
        ("GET", "", None, 404, "there is no GET"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    on_endpoint: OnEndpoint[tuple[int, Any, int]], method: str, what: str, body: object, status: int, said: str
) -> None:
    """And leaves no fault behind."""

    async def ask(visitor: Visitor) -> tuple[int, Any, int]:
        answered, told = await visitor.ask(method, what, body)
        _, faults = await visitor.ask("GET", "faults")
        return answered, told["error"], len(faults["faults"])

    answered, error, begun = on_endpoint(ask)
    assert (answered, begun) == (status, 0)
    assert said in error


def test_who_does_not_know_the_token_is_refused(on_endpoint: OnEndpoint[list[int]]) -> None:
    """Whatever is in its place: nothing, part of it, more than it, another one."""

    async def ask(visitor: Visitor) -> list[int]:
        token = visitor.path.removeprefix("/")
        wrong = ["", token[:-1], f"{token}x", token.swapcase(), "truth", "..", "%00"]
        return [(await visitor.request("GET", f"/{each}/truth"))[0] for each in wrong]

    assert set(on_endpoint(ask)) == {403}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:80", "[::1]:80", ""])
def test_a_page_that_rebinds_its_name_is_refused(on_endpoint: OnEndpoint[tuple[int, Any]], host: str) -> None:
    """The browser of a user says whose page asks in the Host header; even the right token does not help it."""

    async def ask(visitor: Visitor) -> tuple[int, Any]:
        return await visitor.ask("POST", "faults", {"kind": "status"}, Host=host)

    assert on_endpoint(ask) == (403, {"error": "the Host header is not this endpoint's"})


def test_hostile_bytes_cost_only_their_own_connection(on_endpoint: OnEndpoint[None]) -> None:
    """A huge body, garbage, half a request, a tunnel, a head without end: the handset is served as before."""

    async def attack(visitor: Visitor) -> None:
        head = f"POST {visitor.path}/faults HTTP/1.1\r\nHost: {visitor.host}\r\n"
        huge = await visitor.send(f"{head}Content-Length: {1 << 40}\r\n\r\n".encode() + bytes(MOST_BODY_BYTES + 1))
        assert huge == b"" or huge.startswith(b"HTTP/1.1 413")
        for wire in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300),
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
            f"{head}Content-Length: 50\r\n\r\n{{".encode(),
            f"{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}".encode(),
            f"CONNECT 127.0.0.1:5555 HTTP/1.1\r\nHost: {visitor.host}\r\n\r\n".encode(),
            b"",
        ):
            assert not (await visitor.send(wire)).startswith(b"HTTP/1.1 2")
        status, told = await visitor.ask("GET", "faults")
        assert (status, told["faults"]) == (200, [])

    on_endpoint(attack)


def test_tokens_are_random(on_endpoint: OnEndpoint[str]) -> None:
    """Long, and another for every handset."""

    async def path(visitor: Visitor) -> str:
        return visitor.path

    first, second = on_endpoint(path), on_endpoint(path)
    assert (len(first) > 30, first != second) == (True, True)


def test_the_handset_goes_on_while_a_long_truth_is_told(on_endpoint: OnEndpoint[int]) -> None:
    """Its encoding takes turns with everything else."""

    async def look(visitor: Visitor) -> int:
        device = visitor.device
        for number in range(20_000):
            device.truth.record("token", number, n=number, text="word")
        asking = asyncio.ensure_future(visitor.ask("GET", "truth"))
        turns = 0
        while not asking.done():
            await device.clock.sleep(MS)
            turns += 1
        _, told = asking.result()
        assert sum(event["kind"] == "token" for event in told["events"]) == 20_000
        return turns

    assert on_endpoint(look) > 5
