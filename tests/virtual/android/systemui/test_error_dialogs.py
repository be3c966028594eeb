"""The dialogs of apps that fail: when they are there, and what their buttons do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.ui.tree import Window

HOME = "com.miui.home"


def front(bench: Bench) -> str:
    window = bench.device.screen.foreground
    assert window is not None
    return window.title or window.package


async def crash(bench: Bench) -> None:
    """A crash of the launcher, which is started again."""
    await bench.run("am", "crash", HOME)
    bench.device.activities.home()
    await bench.until_focused(HOME)


def test_an_app_that_keeps_crashing(on_bench: OnBench) -> None:
    """The second crash within a minute is told of; the focus is the dialog's in every dump; a tap closes it."""

    async def script(bench: Bench) -> list[str]:
        fronts = []
        for _ in range(2):
            await crash(bench)
            fronts.append(front(bench))
        dump = (await bench.run("dumpsys", "window")).out
        assert re.search(r"mCurrentFocus=Window\{\w+ u0 Application Error: com\.miui\.home\}", dump)
        close = next(node for node in bench.device.screen.tree().walk() if node.resource_id == "android:id/aerr_close")
        bench.device.screen.tap(*close.bounds.center)
        return [*fronts, front(bench)]

    assert on_bench(script) == [HOME, f"Application Error: {HOME}", HOME]


def test_error_dialogs_can_be_hidden(on_bench: OnBench) -> None:
    """As test labs do; an app that does not respond is then killed, since nobody can be asked."""

    async def script(bench: Bench) -> tuple[str, bool]:
        await bench.run("settings", "put", "global", "hide_error_dialogs", "1")
        for _ in range(3):
            await crash(bench)
        seen, record = front(bench), bench.device.activities.running(HOME)
        assert record is not None
        bench.device.activities.failures.anr(record.process, hung_ns=20_000_000_000)
        await bench.device.clock.sleep(14_000_000_000)
        return seen, record.process.running

    assert on_bench(script) == (HOME, False)


def test_an_app_that_does_not_respond(on_bench: OnBench) -> None:
    """The dialog goes by itself when it does again; closing the app ends its process."""

    async def script(bench: Bench) -> tuple[list[str], bool]:
        device = bench.device
        record = device.activities.running(HOME)
        assert record is not None
        fronts = []
        device.activities.failures.anr(record.process, hung_ns=20_000_000_000)
        for seconds in (14, 8):
            await device.clock.sleep(seconds * 1_000_000_000)
            fronts.append(front(bench))
        device.activities.failures.anr(record.process, hung_ns=20_000_000_000)
        await device.clock.sleep(14_000_000_000)
        window: Window | None = device.screen.foreground
        close = next(node for node in device.screen.tree().walk() if node.resource_id == "android:id/aerr_close")
        device.screen.tap(*close.bounds.center)
        return [*fronts, window.title if window else ""], record.process.running

    fronts, running = on_bench(script)
    assert fronts == [f"Application Not Responding: {HOME}", HOME, f"Application Not Responding: {HOME}"]
    assert not running
