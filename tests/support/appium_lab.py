"""The genuine Appium server beside an adb server and fresh virtual handsets, all of them ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framework.handset.appium.server import AppiumServer
from framework.handset.own_server import own_server
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from appium.webdriver.webdriver import WebDriver

    from framework.handset.appium.install import Installation

PROFILE = "xiaomi-13"
SPEED = 4.0
PACKAGE = "org.pocketfarm.assistant"
WEIGHTS = "/data/local/tmp/pocketfarm/models/compact-1.3b-q8_0.gguf"
DEBIAN_TOOLS = Path("/usr/lib/android-sdk/build-tools/debian")
"""Where Debian has aapt2, apksigner and zipalign."""

DEADLINE_S = 120
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class AppiumLab:
    """`url` is the Appium server's; the handsets by name, none of which adb knows before `serial` is asked for."""

    url: str
    adb_program: str
    adb_port: int
    handsets: dict[str, VirtualEndpoint]
    build: Path

    def serial(self, name: str) -> str:
        """By which adb knows the handset, from now on."""
        serial = self.handsets[name].adb
        assert "connected to" in self.adb("connect", serial)
        return serial

    def adb(self, *words: str) -> str:
        command = [self.adb_program, "-P", str(self.adb_port), *words]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def furnish(self, name: str) -> str:
        """The demonstration assistant and its weights on a handset; its serial."""
        serial = self.serial(name)
        self.adb("-s", serial, "install", str(self.apk))
        self.adb("-s", serial, "push", str(self.build / Path(WEIGHTS).name), WEIGHTS)
        return serial

    @property
    def apk(self) -> Path:
        return self.build / "assistant.apk"

    def capabilities(self, serial: str, **more: Any) -> dict[str, Any]:
        """The defaults, and more of `appium:`."""
        return {
            "platformName": "Android",
            "appium:automationName": "UiAutomator2",
            "appium:udid": serial,
            "appium:adbPort": self.adb_port,
            **{f"appium:{name}": value for name, value in more.items()},
        }

    @contextmanager
    def session(self, serial: str, **more: Any) -> Iterator[WebDriver]:
        """A session of the Python client."""
        from appium import webdriver
        from appium.options.android import UiAutomator2Options
        from appium.webdriver.client_config import AppiumClientConfig
        from selenium.webdriver.common.proxy import Proxy, ProxyType

        options = UiAutomator2Options().load_capabilities(self.capabilities(serial, **more))
        straight = Proxy({"proxyType": ProxyType.DIRECT})
        config = AppiumClientConfig(self.url, timeout=DEADLINE_S, proxy=straight)
        driver = webdriver.Remote(self.url, options=options, client_config=config)
        try:
            yield driver
        finally:
            driver.quit()


@contextmanager
def appium_lab(installation: Installation, adb: str, folder: Path, names: Sequence[str]) -> Iterator[AppiumLab]:
    """Everything started on entry and gone on exit; logs are in `folder`."""
    build = folder / "build"
    subprocess.run([sys.executable, ROOT / "suites/builds/compact/generate.py", "--out", build], check=True, cwd=ROOT)
    requests = [VirtualRequest(name, PROFILE, seed=number, speed=SPEED) for number, name in enumerate(names)]
    with (
        own_server(adb, usb=False) as address,
        virtual_handsets(requests) as handsets,
        AppiumServer(installation, Path(adb), folder / "appium.log", _sdk(Path(adb), folder)) as server,
    ):
        endpoints = {name: handsets.endpoint(name) for name in names}
        yield AppiumLab(server.url(), adb, int(address.rpartition(":")[2]), endpoints, build)


def _sdk(adb: Path, folder: Path) -> Path:
    """An Android SDK of what there is: adb, and Debian's build tools."""
    sdk = folder / "sdk"
    (sdk / "platform-tools").mkdir(parents=True)
    (sdk / "platform-tools/adb").symlink_to(adb)
    if DEBIAN_TOOLS.is_dir():
        (sdk / "build-tools").mkdir()
        (sdk / "build-tools/31.0.2").symlink_to(DEBIAN_TOOLS)
    return sdk
