"""The server of the Python client uiautomator2: requests and their answers, without a network."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from framework.virtual.apps.u2.rpc import answer, methods
from framework.virtual.ui.automation import Automation

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def told(on_bench: OnBench, *requests: object) -> list[Any]:
    """What each request is answered, one after the other on one handset."""

    async def story(bench: Bench) -> list[Any]:
        table = methods(Automation(bench.device))
        bodies = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in requests]
        return [json.loads(await answer(table, body)) for body in bodies]

    result: list[Any] = on_bench(story)
    return result


def call(name: str, *params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 7, "method": name, "params": params}


def test_a_result_has_the_number_of_its_request(on_bench: OnBench) -> None:
    """JSON-RPC 2.0."""
    assert told(on_bench, call("ping")) == [{"jsonrpc": "2.0", "id": 7, "result": "pong"}]


@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        (b"{", -32700),
        ([], -32600),
        (call("nosuch"), -32601),
        (call("pressKey"), -32602),
        (call("count", 5), -32602),
        (call("objInfo", {"text": "no such text"}), -32002),
        (call("getText", "no such object"), -32002),
        (call("setText", {"className": "android.widget.FrameLayout"}, "x"), -32001),
        (call("setOrientation", "sideways"), -32001),
    ],
)
def test_what_goes_wrong_has_a_code(on_bench: OnBench, request_body: object, code: int) -> None:
    """And nothing that a client sends ends the server."""
    (error,) = told(on_bench, request_body)
    assert error["error"]["code"] == code


def test_selectors(on_bench: OnBench) -> None:
    """Conditions, children, siblings, instances: counted on the launcher."""
    text = {"className": "android.widget.TextView"}
    child = {"childOrSibling": ["child"], "childOrSiblingSelector": [text]}
    sibling = {"childOrSibling": ["sibling"], "childOrSiblingSelector": [text]}
    answers = told(
        on_bench,
        call("count", text),
        call("count", {"index": 0, "className": "android.widget.FrameLayout", **child}),
        call("count", {"instance": 0, **text, **sibling}),
        call("count", {"instance": 1000, **text}),
        call("exist", {"textContains": '\\"quoted\\"'}),
    )
    everything, children, siblings, none, odd = (each["result"] for each in answers)
    assert everything > 0
    assert 0 <= children <= everything
    assert 1 <= siblings <= everything
    assert (none, odd) == (0, False)


def test_waiting_takes_the_handsets_time(on_bench: OnBench) -> None:
    """What never comes is waited for as long as the client said."""

    async def story(bench: Bench) -> int:
        clock = bench.device.clock
        begun_ns = clock.now_ns()
        body = json.dumps(call("waitForExists", {"text": "no such text"}, 3000)).encode()
        assert json.loads(await answer(methods(Automation(bench.device)), body))["result"] is False
        return clock.now_ns() - begun_ns

    assert on_bench(story) >= 3_000_000_000


def test_the_program_serves_a_port_until_it_is_killed(on_bench: OnBench) -> None:
    """And a class that is not there, or a jar that is not, is an abort."""

    async def story(bench: Bench) -> tuple[str, bool]:
        script = """cd /data/local/tmp; echo jar >u2.jar
CLASSPATH=/data/local/tmp/u2.jar app_process / com.wetest.uia2.Main -p 9100 & sleep 2
printf 'GET /ping HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | nc 127.0.0.1 9100 | tail -n 1; echo
kill $!; wait; nc 127.0.0.1 9100 </dev/null; echo $?
CLASSPATH=/data/local/tmp/nosuch app_process / com.wetest.uia2.Main; echo $?
CLASSPATH=/data/local/tmp/u2.jar app_process / org.example.Main; echo $?; logcat -d -s appproc -v raw"""
        text = (await asyncio.wait_for(bench.sh(script), 30)).out
        return text, bench.device.ports.listening(9100)

    text, listening = on_bench(story)
    assert text.splitlines() == [
        "[server] INFO: [UiAutomator2Server] Starting Server",
        *("pong", "1", "134", "134"),
        "--------- beginning of main",
        "ERROR: could not find class 'com.wetest.uia2.Main'",
        "ERROR: could not find class 'org.example.Main'",
    ]
    assert not listening
