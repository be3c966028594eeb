"""The instrumentation that runs the server: a test that lasts until its session is deleted (AndroidJUnitRunner)."""

from __future__ import annotations

from typing import ClassVar

from framework.virtual.android.keys import press_key
from framework.virtual.android.power import KEYCODE_WAKEUP
from framework.virtual.apps.base import Instrumentation, Intent, Outcome
from framework.virtual.apps.uiautomator2_server.server import Server

PORT = 6790
TARGET = "io.appium.uiautomator2.server"
TEST_CLASS = "io.appium.uiautomator2.server.test.AppiumUiAutomator2Server"
TEST = "startServer"
POWER_DISCONNECTED = "android.intent.action.ACTION_POWER_DISCONNECTED"
STARTED, PASSED = 1, 0
"""AndroidJUnitRunner's REPORT_VALUE_RESULT_*"""


class UiAutomator2Server(Instrumentation):
    """`startServer`, the one test of the package."""

    package: ClassVar[str] = "io.appium.uiautomator2.server.test"
    runner: ClassVar[str] = "androidx.test.runner.AndroidJUnitRunner"

    _server: Server | None = None

    def on_broadcast(self, intent: Intent) -> None:
        """Without power it stops, unless its settings say otherwise (PowerConnectionReceiver)."""
        if intent.action == POWER_DISCONNECTED and self._server is not None and self._server.needs_power:
            self._server.stopped.set()

    async def run(self) -> Outcome:
        clock = self.context.device.clock
        begun_ns = clock.now_ns()
        self._report(STARTED, f"\n{TEST_CLASS}:")
        await self._serve()
        self._report(PASSED, ".")
        took_s = (clock.now_ns() - begun_ns) / 1e9
        return Outcome({"stream": f"\n\nTime: {took_s:,.3f}\n\nOK (1 test)\n\n"})

    async def _serve(self) -> None:
        device = self.context.device
        package = device.packages.get(TARGET)
        assert package is not None  # it is what is instrumented
        server = self._server = Server(device, package.version_name, package.version_code)
        listener = device.ports.listen(PORT, server.http.serve)
        self._log("Starting ServerInstrumentation")
        try:
            if not device.power.awake:
                press_key(device, KEYCODE_WAKEUP)
            await server.stopped.wait()
        finally:
            listener.close()
            server.close()
        self._log("ServerInstrumentation stopped")

    def _report(self, code: int, stream: str) -> None:
        what = {"class": TEST_CLASS, "test": TEST, "id": "AndroidJUnitRunner", "current": "1", "numtests": "1"}
        self.send_status(code, what | {"stream": stream})

    def _log(self, message: str) -> None:
        process = self.context.process
        self.context.device.log.write("appium", "I", message, pid=process.pid, uid=process.uid)
