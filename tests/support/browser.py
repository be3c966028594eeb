"""A real Chromium without a window, driven by Selenium: what it draws, what it runs, and what its console says."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

DESKTOP, PHONE = (1280, 900), (390, 844)
CHROMIUM, DRIVER = ("chromium", "chromium-browser", "google-chrome"), "chromedriver"
WITHIN_S = 15.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Browser:
    """One window."""

    driver: Chrome

    def open(self, address: str) -> None:
        """Returns when the page has loaded; what the console said before is forgotten."""
        self.driver.get_log("browser")
        self.driver.get(address)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of a function's body, in the frame that is looked at."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str, *arguments: Any, within_s: float = WITHIN_S) -> Any:
        """The first value of the function that counts as true."""
        return waited(lambda: self.run(script, *arguments), f"never true in the page: {script}", within_s)

    def everywhere(self, script: str, *arguments: Any) -> list[Any]:
        """The value in the page, and in every frame within, also where the page itself may not look in."""
        found = [self.run(script, *arguments)]
        for frame in self.driver.find_elements("tag name", "iframe"):
            self.driver.switch_to.frame(frame)
            try:
                found += self.everywhere(script, *arguments)
            finally:
                self.driver.switch_to.parent_frame()
        return found

    def until_somewhere(self, script: str, *arguments: Any) -> Any:
        """As `until`, in the page or in a frame of it."""
        wanted = f"never true in a page or frame: {script}"
        return waited(lambda: next(filter(None, self.everywhere(script, *arguments)), None), wanted)

    def drawn_s(self, address: str) -> float:
        """Seconds from the beginning of loading a page until it has been drawn: the second frame after `load`."""
        self.open(address)
        drawn = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))"
        return float(self.driver.execute_async_script(drawn)) / 1000

    def complaints(self) -> list[str]:
        """What the console says of errors and warnings, but for addresses outside that could not be reached."""
        said = [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        return [entry["message"] for entry in said if not outside(entry["message"])]

    def settle(self) -> None:
        """Returns when fonts are there and two more frames have been drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; document.fonts.ready.then(() =>"
            " requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300))))"
        )

    def resize(self, size: tuple[int, int], dots: float = 1) -> None:
        """The size of the page itself, as a phone's screen has it: windows cannot be that narrow."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": dots, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    @contextmanager
    def as_(self, size: tuple[int, int], scheme: str) -> Iterator[None]:
        """Of another size and colour scheme for a while."""
        try:
            self.resize(size)
            self.prefer(scheme)
            yield
        finally:
            self.resize(DESKTOP)
            self.prefer("light")

    def prefer(self, scheme: str) -> None:
        """`light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        assert self.driver.save_screenshot(str(path))
        return path


def outside(message: str) -> bool:
    """Whether a message of the console is about an address of other machines, which nothing here can reach."""
    address = message.partition(" ")[0]
    local = address.startswith(("http://127.0.0.1:", "file:", "data:", "blob:", "about:", "javascript:"))
    return address.startswith(("http://", "https://")) and not local


def waited(what: Callable[[], T], else_: str, within_s: float = WITHIN_S) -> T:
    """The first value that counts as true."""
    ends = time.monotonic() + within_s
    while not (found := what()):
        assert time.monotonic() < ends, else_
        time.sleep(0.02)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """LookupError: there is none. Names other than this machine's are not even looked up."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    driver_program = shutil.which(DRIVER)
    if program is None or driver_program is None:
        raise LookupError("no Chromium with its driver: apt install chromium chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = program
    for argument in (
        "--headless=new",
        "--no-sandbox",  # as root, which CI is
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--mute-audio",
        "--autoplay-policy=no-user-gesture-required",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(driver_program))
    try:
        browser = Browser(driver)
        browser.resize(DESKTOP)
        yield browser
    finally:
        driver.quit()
