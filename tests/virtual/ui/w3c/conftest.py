"""The real Appium client, in a thread, against the endpoint of an emulated handset with the assistant on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel
from framework.virtual.clock import DeviceClock
from framework.virtual.device import Device, build_device
from framework.virtual.system.pipes import BytesReader, BytesWriter
from framework.virtual.system.store import BlobStore
from framework.virtual.ui.w3c import W3cEndpoint

if TYPE_CHECKING:
    from appium.webdriver.webdriver import WebDriver

SPEED = 20.0
MODEL = ScaledModel("Tiny", "1B", 2, 2048, 6144, 16, 4, 64000, 4096, Fraction(1, 64))


class Lab:
    """One handset's endpoint, as clients see it from their own thread."""

    def __init__(self, device: Device, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.device = device
        self.url = url
        self._loop = loop

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def on_device(self, act: Callable[[Device], Any]) -> Any:
        """Call `act(device)` in the handset's own loop."""

        async def call() -> Any:
            return act(self.device)

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(10)

    @contextmanager
    def driver(self, **capabilities: Any) -> Iterator[WebDriver]:
        """A session in which the assistant is in front."""
        from appium import webdriver
        from appium.options.android import UiAutomator2Options
        from appium.webdriver.client_config import AppiumClientConfig
        from selenium.webdriver.common.proxy import Proxy, ProxyType

        options = UiAutomator2Options()
        options.app_package = "org.pocketfarm.assistant"
        options.app_activity = ".ConversationActivity"
        options.load_capabilities(capabilities)
        config = AppiumClientConfig(self.url, timeout=20, proxy=Proxy({"proxyType": ProxyType.DIRECT}))
        driver = webdriver.Remote(self.url, options=options, client_config=config)
        try:
            yield driver
        finally:
            driver.quit()


async def _installed(device: Device) -> None:
    apk, out, err = Demonstration("Assistant", 1, "1.0", MODEL).apk(), BytesWriter(), BytesWriter()
    words = ("package", "install", "-S", str(len(apk)))
    assert await device.binder(words, BytesReader(apk), out, err) == 0, bytes(out.data + err.data)


InLab = Callable[..., Any]
"""in_lab(script, profile=…): runs `script(lab)` in a thread and returns what it returns."""


@pytest.fixture
def in_lab(tmp_path: Path) -> InLab:
    async def emulate(script: Callable[[Lab], Any], profile: str) -> Any:
        with BlobStore(tmp_path) as store:
            device = build_device(profile, name="bench", seed=1, clock=DeviceClock(SPEED), store=store)
            endpoint = W3cEndpoint()
            try:
                await _installed(device)
                lab = Lab(device, await endpoint.start(device), asyncio.get_running_loop())
                return await asyncio.wait_for(asyncio.to_thread(script, lab), 60)
            finally:
                await endpoint.close()
                await device.close()

    def run(script: Callable[[Lab], Any], profile: str = "xiaomi-mix-fold-3") -> Any:
        return asyncio.run(emulate(script, profile))

    return run
