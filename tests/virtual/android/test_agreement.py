"""Whatever is done to a handset, all that tells of its screen tells the same."""

from __future__ import annotations

import asyncio
import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel
from framework.virtual.ui.hierarchy import source_xml

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.device import Device

ASSISTANT = "org.pocketfarm.assistant"
MAIN = f"{ASSISTANT}/.ConversationActivity"
DUMPS = ("window", "activity activities", "activity top", "activity processes", "input_method", "power")
CONTROLLER = "com.android.permissioncontroller"

ACTIONS = (
    f"am start -W -n {MAIN}",
    f"am start -n {MAIN}",
    f"am force-stop {ASSISTANT}",
    f"am start -n {MAIN} -a {ASSISTANT}.LISTEN",
    f"pm revoke {ASSISTANT} android.permission.RECORD_AUDIO",
    f"am crash {ASSISTANT}",
    "am crash com.miui.home",
    "input keyevent HOME",
    "input keyevent BACK",
    "input keyevent APP_SWITCH",
    "input keyevent POWER",
    "input keyevent WAKEUP",
    "input keyevent 82",
    "input tap 540 1200",
    "input tap 540 2200",
    "input tap 60 2260",
    "input swipe 540 1900 540 700 100",
    "input swipe 540 4 540 900 100",
    "cmd statusbar expand-notifications",
    "cmd statusbar collapse",
    "wm dismiss-keyguard",
    "wm user-rotation lock 1",
    "wm user-rotation free",
    "locksettings set-pin 1234",
    "locksettings clear --old 1234",
    "sleep 1",
)


@lru_cache
def demonstration() -> bytes:
    model = ScaledModel("Tiny", "1B", 2, 2048, 6144, 16, 4, 64000, 4096, Fraction(1, 64))
    return Demonstration("Assistant", 1, "1.0", model).apk()


async def install(bench: Bench) -> None:
    content = demonstration()
    assert (await bench.cmd("package", "install", "-S", str(len(content)), stdin=content)).status == 0


def one(pattern: str, text: str) -> str | None:
    """What the pattern catches; None for null."""
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in\n{text}"
    return None if found[1] == "null" else found[1]


def standing(device: Device) -> tuple[object, ...]:
    """What must not change while the dumps are taken, one after the other."""
    windows = device.windows
    return windows.focused, windows.resumed, device.activities.focused, windows.layers, device.screen.display


async def dumped(bench: Bench) -> dict[str, str]:
    """All dumps of one moment: again, if an app has come up in between."""
    while True:
        before = standing(bench.device)
        dumps = {name: (await bench.run("dumpsys", *name.split())).out for name in DUMPS}
        if before == standing(bench.device):
            return dumps


async def agree(bench: Bench) -> None:
    """Every dump against the screen that a finger and Appium meet."""
    device, dumps = bench.device, await dumped(bench)
    window, activities = dumps["window"], dumps["activity activities"]
    focus = one(r"mCurrentFocus=(?:Window\{[0-9a-f]+ u0 )?([^}\n]+)", window)
    app = one(r"mFocusedApp=(?:ActivityRecord\{[0-9a-f]+ u0 )?([^ \n]+)", window)
    resumed = one(r"\n  ResumedActivity: (?:ActivityRecord\{[0-9a-f]+ u0 )?([^ \n]+)", activities)
    in_task = set(re.findall(r"topResumedActivity=ActivityRecord\{[0-9a-f]+ u0 ([^ ]+)", activities))
    shown = "mInputShown=true" in dumps["input_method"]
    awake, locked = device.power.awake, device.keyguard.showing

    assert ("mWakefulness=Awake" in dumps["power"]) == awake == ("mScreenOnFully=true" in window)
    assert ("mShowingLockscreen=true" in window) == ("mIsShowing=true" in window) == locked
    assert in_task == ({resumed} if resumed else set())
    assert (resumed is None) == (not awake or locked or app is None)
    assert resumed in (None, app)
    assert activities.count("state=RESUMED") == (1 if resumed else 0)
    assert "mIsInputViewShown=true" in dumps["input_method"] if shown else True

    foreground = device.screen.foreground
    source = source_xml(device.screen.source())
    packages = set(re.findall(r' package="([^"]+)"', source))
    assert (focus is None) == (foreground is None)
    if foreground is not None:
        assert packages == {foreground.package}
        title = foreground.title or f"{foreground.package}/{foreground.activity}"
        assert focus == title
    if foreground is not None and not foreground.title:  # an activity's window
        assert resumed is not None
        assert resumed.partition("/")[0] == foreground.package
        assert f"ACTIVITY {resumed} " in dumps["activity top"]
    if locked:
        assert foreground is not None
        assert foreground.package == "com.android.systemui"
    width, height = device.screen.size
    assert f'width="{width}" height="{height}"' in source
    assert f"cur={width}x{height} " in window
    listed = re.findall(r"Window #\d+ Window\{[0-9a-f]+ u0 ([^}]+)\}", window)
    assert focus is None or focus in listed
    assert ("InputMethod" in listed) == shown
    if shown:
        assert foreground is not None
        assert not foreground.title


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTIONS), min_size=4, max_size=14))
def test_the_dumps_agree_with_the_screen(on_bench: OnBench, actions: list[str]) -> None:
    """After each of some random commands, also while an app is still starting."""

    async def script(bench: Bench) -> None:
        await install(bench)
        await agree(bench)
        for action in actions:
            await bench.sh(action)
            await asyncio.sleep(0)
            await agree(bench)

    on_bench(script)


def test_dialog_and_switcher_on_the_way(on_bench: OnBench) -> None:
    """A dialog over its app in one task, which comes back with it; the switcher leads back, and closes."""

    async def script(bench: Bench) -> list[Any]:
        device = bench.device
        await install(bench)
        await bench.sh(f"am start -W -n {MAIN} -a {ASSISTANT}.LISTEN")
        await device.clock.sleep(1_000_000_000)
        seen: list[Any] = []

        async def note() -> None:
            await agree(bench)
            assert device.screen.foreground is not None
            seen.append(device.screen.foreground.package)

        await note()
        tasks = {record.package.name: record.task for record in device.activities.stack}
        seen.append(tasks[ASSISTANT] == tasks[CONTROLLER])
        for keys in ("HOME", "APP_SWITCH"):
            await bench.sh(f"input keyevent {keys}")
            await note()
        card = next(node for node in device.screen.tree().walk() if node.content_desc == "Assistant")
        await bench.sh("input tap {} {}".format(*card.bounds.center))
        await note()
        await bench.sh("input keyevent BACK")
        await note()
        await bench.sh("input keyevent APP_SWITCH APP_SWITCH")
        await note()
        await bench.sh("input keyevent APP_SWITCH")
        clear = next(node for node in device.screen.tree().walk() if node.text == "Clear all")
        await bench.sh("input tap {} {}".format(*clear.bounds.center))
        await note()
        return [*seen, device.activities.running(ASSISTANT)]

    home = "com.miui.home"
    expected = [CONTROLLER, True, home, home, CONTROLLER, ASSISTANT, ASSISTANT, home, None]
    assert on_bench(script) == expected
