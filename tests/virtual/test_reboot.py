"""A handset that restarts."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
from typing import TYPE_CHECKING

from framework.virtual import reboot
from framework.virtual.ui.w3c import W3cEndpoint

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_what_is_in_memory_is_gone_and_what_is_stored_stays(on_bench: OnBench) -> None:
    """Another boot_id, boot time and CPU time from 0, an empty log, no process of before; files and heat are kept."""

    async def story(bench: Bench) -> None:
        device = bench.device
        await bench.sh("echo kept >/data/local/tmp/file; log -t before gone")
        await device.clock.sleep(10**9)
        left = asyncio.create_task(bench.sh("sleep 1000000"))
        boot_id = await bench.sh("cat /proc/sys/kernel/random/boot_id")
        heat, wall_ns = device.physics.truth_values()["skin_c"], device.clock.wall_ns()
        await reboot.go_down(device)
        assert (device.processes.all(), device.log.lines()) == ([], [])
        assert device.clock.lines[-1].device_ns == 0
        assert device.clock.wall_ns() - wall_ns >= device.clock.now_ns()
        await device.clock.sleep(20 * 10**9)
        reboot.Boot(device, 0).finish()
        await bench.until_focused("com.miui.home")
        assert (await left).status == 128 + signal.SIGKILL
        assert (await bench.sh("cat /data/local/tmp/file")).out == "kept\n"
        assert (await bench.sh("cat /proc/sys/kernel/random/boot_id")).out != boot_id.out
        uptime = float((await bench.sh("cat /proc/uptime")).out.split()[0])
        assert 20 <= uptime <= device.clock.now_ns() / 1e9
        assert device.truth.boot == 1
        assert abs(device.physics.truth_values()["skin_c"] - heat) < 3
        assert max(device.physics.cpus.busy_ns(device.clock.now_ns())) < device.clock.now_ns()

    on_bench(story)


def test_a_session_of_the_ui_does_not_outlive_it(on_bench: OnBench) -> None:
    """As the server on the handset, which is gone: the session id is invalid."""

    def ask(url: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        answer = connection.getresponse()
        told = json.loads(answer.read())["value"]
        connection.close()
        return answer.status, told

    async def story(bench: Bench) -> None:
        endpoint = W3cEndpoint()
        url = await endpoint.start(bench.device)
        caps = {"capabilities": {"alwaysMatch": {"platformName": "Android", "appium:automationName": "UiAutomator2"}}}
        _, session = await asyncio.to_thread(ask, url, "POST", "/session", caps)
        await reboot.go_down(bench.device)
        reboot.Boot(bench.device, 0).finish()
        status, told = await asyncio.to_thread(ask, url, "GET", f"/session/{session['sessionId']}/source")
        await endpoint.close()
        assert (status, told["error"]) == (404, "invalid session id")

    on_bench(story)
