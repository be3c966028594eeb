"""The genuine Appium 3 on virtual handsets: do its sessions open, what does the farm's add, does the smoke suite pass?

`appium_sessions.py [SESSIONS [PAIRS [ROUNDS]]]` (50, 25 and 3): so many sessions of the Python client with default
capabilities, each on a handset that nobody has used; so many pairs of the farm's session and the client's with the same
capabilities, in turn, each on a handset of its own; the smoke suite through Appium, once, and so many times on four
handsets in parallel (none of both for less than 0). Last line: one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framework.contract.capabilities import Target
from framework.handset.adb_binary import bundled
from framework.handset.appium.install import obtain
from framework.handset.appium.server import AppiumServer
from framework.handset.own_server import own_server
from framework.handset.ui import HandsetUi, capabilities
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from appium.webdriver.webdriver import WebDriver

SESSIONS, PAIRS, ROUNDS = 50, 25, 3
PROFILE = "xiaomi-13"
IN_PARALLEL = ("xiaomi-mix-fold-3", "xiaomi-13", "xiaomi-12", "xiaomi-11")
AT_ONCE = 10
"""Handsets in one process, one of which is used at a time."""

MOST_RATIO = 1.2
ROOT = Path(__file__).resolve().parents[2]
ANSWER_S = 120


@dataclass(frozen=True)
class Lab:
    """An Appium server, and the adb server that knows the handsets."""

    url: str
    adb: Path
    adb_server: str

    @property
    def adb_port(self) -> int:
        return int(self.adb_server.rpartition(":")[2])

    def connect(self, serial: str, word: str = "connect") -> None:
        subprocess.run([self.adb, "-P", str(self.adb_port), word, serial], check=True, capture_output=True)


def main(sessions: int = SESSIONS, pairs: int = PAIRS, rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as folder, lab(Path(folder)) as made:
        opened, seconds = open_sessions(made, sessions)
        farm, plain = open_pairs(made, pairs)
    smoke = [] if rounds < 0 else [run_smoke(), *(run_smoke("-n", str(len(IN_PARALLEL))) for _ in range(rounds))]
    ratio = statistics.median(farm) / statistics.median(plain) if pairs else None
    tell(sessions, opened, seconds, farm, plain, smoke)
    holds = opened == sessions and (ratio is None or ratio <= MOST_RATIO) and all(smoke)
    print(
        json.dumps(
            {
                "sessions": sessions,
                "opened": opened,
                "session_p50_s": round(statistics.median(seconds), 3) if seconds else None,
                "farm_p50_s": round(statistics.median(farm), 3) if farm else None,
                "plain_p50_s": round(statistics.median(plain), 3) if plain else None,
                "ratio": round(ratio, 3) if ratio is not None else None,
                "smoke": smoke,
                "holds": holds,
            }
        )
    )


def tell(
    sessions: int, opened: int, seconds: list[float], farm: list[float], plain: list[float], smoke: list[bool]
) -> None:
    if seconds:
        print(
            f"{opened} of {sessions} sessions opened: p50 {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s"
        )
    if farm:
        medians = statistics.median(farm), statistics.median(plain)
        ratios = sorted(one / other for one, other in zip(farm, plain, strict=True))
        print(
            f"{len(farm)} pairs: the farm's session {medians[0]:.2f} s, the client's {medians[1]:.2f} s, ratio "
            f"{medians[0] / medians[1]:.2f} (single pairs {ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    words = ", ".join("green" if each else "RED" for each in smoke)
    print(f"smoke suite through Appium, then on {len(IN_PARALLEL)} handsets in parallel: {words}")


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    adb = bundled()
    with own_server(str(adb), usb=False) as address, AppiumServer(obtain(print), adb, folder / "log") as server:
        yield Lab(server.url(), adb, address)


def fresh(made: Lab, count: int, purpose: str) -> Iterator[str]:
    """Serials of handsets that nobody has used, one after the other."""
    for first in range(0, count, AT_ONCE):
        names = [f"{purpose}-{number}" for number in range(first, min(count, first + AT_ONCE))]
        with virtual_handsets([VirtualRequest(name, PROFILE, seed=first) for name in names]) as handsets:
            for name in names:
                serial = handsets.endpoint(name).adb
                made.connect(serial)
                yield serial
                made.connect(serial, "disconnect")


def open_sessions(made: Lab, count: int) -> tuple[int, list[float]]:
    """How many of so many sessions with default capabilities opened and saw the launcher, and their seconds."""
    from selenium.common.exceptions import WebDriverException

    seconds = []
    for number, serial in enumerate(fresh(made, count, "session")):
        wanted = {"platformName": "Android", "appium:automationName": "UiAutomator2", "appium:udid": serial}
        try:
            took, driver = timed(lambda wanted=wanted: client(made, {**wanted, "appium:adbPort": made.adb_port}))
            if "com.miui.home" in driver.page_source:
                seconds.append(took)
            driver.quit()
        except WebDriverException as error:
            print(f"session {number} of {count}: {error}")
    return len(seconds), seconds


def open_pairs(made: Lab, count: int) -> tuple[list[float], list[float]]:
    """Seconds until the source of the screen is there, by the farm's session and by the client's, in turn."""
    farm: list[float] = []
    plain: list[float] = []
    for number, serial in enumerate(fresh(made, 2 * count, "pair")):
        target = Target(serial, serial=serial, adb_server=made.adb_server, appium_url=made.url)
        farms_turn = number % 4 in (0, 3)  # neither is always the first
        (farm if farms_turn else plain).append(farms(target) if farms_turn else clients(made, target))
    return farm, plain


def farms(target: Target) -> float:
    ui = HandsetUi(target)
    try:
        return timed(ui.source)[0]
    finally:
        ui.close()


def clients(made: Lab, target: Target) -> float:
    began = time.perf_counter()
    driver = client(made, capabilities(target))
    try:
        assert driver.page_source
        return time.perf_counter() - began
    finally:
        driver.quit()


def client(made: Lab, wanted: dict[str, Any]) -> WebDriver:
    from appium import webdriver
    from appium.options.android import UiAutomator2Options
    from appium.webdriver.client_config import AppiumClientConfig

    options = UiAutomator2Options().load_capabilities(wanted)
    return webdriver.Remote(made.url, options=options, client_config=AppiumClientConfig(made.url, timeout=ANSWER_S))


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = act()
    return time.perf_counter() - began, done


def run_smoke(*arguments: str) -> bool:
    """Whether every scenario passed with Appium in between; on several handsets, each has all of them."""
    command = [sys.executable, "-m", "pytest", "suites/smoke", "--appium", "auto", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            devices = Path(folder) / "devices.yaml"
            names = "".join(f"  - {{name: {each}, kind: virtual, profile: {each}}}\n" for each in IN_PARALLEL)
            devices.write_text(f"handsets:\n{names}")
            command += ["--devices", str(devices)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-2000:])
    return done.returncode == 0


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
