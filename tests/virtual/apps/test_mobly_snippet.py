"""Mobly's snippet server: handshakes, requests and what is no request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framework.formats.apk_writer import build_apk
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.virtual.apps.mobly_snippet import MoblySnippet

if TYPE_CHECKING:
    from conftest import Bench, OnBench

RUNNER = f"{MoblySnippet.package}/{MoblySnippet.runner}"


def apk() -> bytes:
    key = demonstration_key()
    manifest = element(
        "manifest",
        {"package": MoblySnippet.package, "android:versionCode": 1},
        element("uses-sdk", {"android:minSdkVersion": 26, "android:targetSdkVersion": 34}),
        element(
            "instrumentation",
            {"android:name": MoblySnippet.runner, "android:targetPackage": MoblySnippet.package},
        ),
        element("application", {"android:hasCode": False}),
    )
    return build_apk(manifest, {}, key, demonstration_certificate(key))


class Client:
    """A connection to the server."""

    def __init__(self, bench: Bench, port: int) -> None:
        self.reader, self.writer = bench.device.ports.connect(port)

    async def ask(self, told: object) -> Any:
        await self.writer.write((told if isinstance(told, str) else json.dumps(told)).encode() + b"\n")
        line = await self.reader.readline()
        return json.loads(line) if line else None


async def started(bench: Bench) -> int:
    """The port of a server that has just been started."""
    data = apk()
    assert (await bench.cmd("package", "install", "-S", str(len(data)), stdin=data)).status == 0
    running = bench.start("am", "instrument", "-w", "-e", "action", "start", RUNNER)
    await running.out.wait_for("PORT ")
    lines = running.out.text.splitlines()
    assert lines[0] == "SNIPPET START, PROTOCOL 1 0"
    return int(lines[1].removeprefix("SNIPPET SERVING, PORT "))


def test_sessions(on_bench: OnBench) -> None:
    """Each initiation begins one; another connection continues it; there is none that was never begun."""

    async def story(bench: Bench) -> list[Any]:
        port = await started(bench)
        asked = [{"cmd": "initiate", "uid": -1}, {"cmd": "initiate", "uid": -1}, {"cmd": "continue", "uid": 2}]
        return [await Client(bench, port).ask(each) for each in [*asked, {"cmd": "continue", "uid": 9}]]

    told = on_bench(story)
    assert [(each["status"], each["uid"]) for each in told] == [(True, 1), (True, 2), (True, 2), (False, -1)]


def test_requests(on_bench: OnBench) -> None:
    """Each answer has the number of its request; what is no request ends the connection, not the server."""

    async def story(bench: Bench) -> list[Any]:
        port = await started(bench)
        client, again = Client(bench, port), Client(bench, port)
        for each in (client, again):
            await each.ask({"cmd": "initiate", "uid": -1})
        return [
            await client.ask({"id": 1, "method": "wifiIsEnabled", "params": []}),
            await client.ask({"id": 2, "method": "wifiIsEnabled", "params": [1]}),
            await client.ask({"id": 3, "method": "scheduleRpc", "params": ["wifiIsEnabled", 10, []]}),
            await client.ask({"id": 4, "method": "eventWaitAndGet", "params": ["1-3", "wifiIsEnabled", 5000]}),
            await client.ask("no JSON"),
            await again.ask({"id": 5, "method": "networkIsTcpConnectable", "params": ["localhost", port]}),
        ]

    good, wrong, scheduled, event, ended, still = on_bench(story)
    assert good == {"id": 1, "result": True, "callback": None, "error": None}
    assert "Invalid number of parameters" in wrong["error"]
    assert scheduled["callback"] == "1-3"
    assert (event["result"]["name"], event["result"]["data"]) == ("wifiIsEnabled", {"callback": "True"})
    assert (ended, still["result"]) == (None, True)


def test_stopping_ends_the_server(on_bench: OnBench) -> None:
    """Its port is free again; an action is needed."""

    async def story(bench: Bench) -> tuple[str, str, bool]:
        port = await started(bench)
        stopped = (await bench.sh(f"am instrument -w -e action stop {RUNNER}")).out
        without = (await bench.sh(f"am instrument -w {RUNNER}")).out
        return stopped, without, bench.device.ports.listening(port)

    stopped, without, listening = on_bench(story)
    assert "OK (0 tests)" in stopped
    assert "INSTRUMENTATION_RESULT: shortMsg=Process crashed." in without
    assert not listening
