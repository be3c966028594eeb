"""`input`: fingers and keys, and what is on the screen to take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.ui.tree import Bounds, Display, Node, Window

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


class Paper:
    """A window with one field over the whole screen that scrolls and remembers."""

    def __init__(self) -> None:
        self.text, self.scrolled, self.entered = "", 0, 0
        self.steps: list[int] = []
        self.window = Window("com.miui.home", "Launcher", self._build)

    def _build(self, display: Display) -> Node:
        return Node(
            "field",
            "android.widget.EditText",
            Bounds(0, 0, display.width, display.height),
            text=self.text,
            on_text=self._write,
            on_scroll=self._scroll,
            on_enter=self._enter,
        )

    def _write(self, text: str) -> None:
        self.text = text
        self.window.changed()

    def _scroll(self, pixels: int) -> None:
        self.scrolled += pixels
        self.steps.append(pixels)

    def _enter(self) -> None:
        self.entered += 1


def on_paper(on_bench: OnBench, *commands: str) -> tuple[Paper, list[Result], Bench]:
    async def script(bench: Bench) -> tuple[Paper, list[Result], Bench]:
        paper = Paper()
        home = bench.device.activities.foreground
        assert home is not None
        home._window = paper.window  # type: ignore[attr-defined]
        return paper, [await bench.run("input", *command.split()) for command in commands], bench

    return on_bench(script)


def test_text_goes_where_the_finger_was(on_bench: OnBench) -> None:
    """Nothing has the focus before; `%s` is a space; DEL takes a character."""
    paper, results, _ = on_paper(on_bench, "text lost", "tap 100 200", "text hi%syou", "keyevent DEL", "keyevent 66")
    assert (paper.text, paper.entered) == ("hi yo", 1)
    assert {result.status for result in results} == {0}


def test_the_content_follows_the_finger_frame_by_frame(on_bench: OnBench) -> None:
    """At 120 Hz a swipe of 200 ms is drawn some twenty times."""
    paper, _, _ = on_paper(on_bench, "touchscreen swipe 500 1500 500 900 200")
    assert len(paper.steps) == 24
    assert max(paper.steps) - min(paper.steps) <= 1


def test_a_swipe_moves_the_content(on_bench: OnBench) -> None:
    """By the way of the finger, after the time it takes."""
    paper, _, _ = on_paper(on_bench, "touchscreen swipe 500 1500 500 900 200")
    assert paper.scrolled == 600


def test_nothing_happens_asleep(on_bench: OnBench) -> None:
    """The power key wakes it up again, and MENU opens a lock screen without secret."""
    paper, _, bench = on_paper(
        on_bench, "tap 9 500", "keyevent 223", "text a", "keyevent KEYCODE_POWER", "text b", "keyevent MENU", "text c"
    )
    assert paper.text == "c"
    assert bench.device.power.awake


def test_a_finger_that_stays_between_commands(on_bench: OnBench) -> None:
    """`motionevent`: what lies under it follows; without a way it is a tap; a cancelled one is nothing."""
    moves = ("motionevent DOWN 500 1500", "motionevent MOVE 500 1400", "motionevent UP 500 1200")
    paper, _, _ = on_paper(on_bench, *moves, "text a", "motionevent DOWN 5 500", "motionevent UP 5 500", "text b")
    assert (paper.scrolled, paper.text) == (300, "b")
    paper, _, _ = on_paper(on_bench, "motionevent DOWN 5 500", "motionevent CANCEL 5 500", "text a")
    assert paper.text == ""


def test_keys_write(on_bench: OnBench) -> None:
    """Digits and letters by code; Shift in a combination; volume is the system's."""
    keys = ("tap 9 500", "keyevent 8 KEYCODE_B 55", "keycombination SHIFT_LEFT A", "keyevent VOLUME_UP VOLUME_UP")
    paper, _, bench = on_paper(on_bench, *keys)
    assert (paper.text, bench.device.settings.get("system", "volume_music")) == ("1b,A", "11")


def test_back_and_home_are_the_systems(on_bench: OnBench) -> None:
    """What the screen does not take brings the launcher."""

    async def script(bench: Bench) -> list[str]:
        fronts = []
        for key in ("BACK", "HOME"):
            bench.device.activities.force_stop("com.miui.home")
            await bench.run("input", "keyevent", key)
            await bench.until_focused("com.miui.home")
            focused = bench.device.activities.focused
            assert focused is not None
            fronts.append(focused.package.name)
        return fronts

    assert on_bench(script) == ["com.miui.home"] * 2


def test_keys_cannot_write_chinese(on_bench: OnBench) -> None:
    """As on a phone: the key map has no such characters."""
    _, (result,), _ = on_paper(on_bench, "text 你好")
    assert result.status == 255
    assert "java.lang.NullPointerException" in result.err


def test_wrong_calls(on_bench: OnBench) -> None:
    """Unknown keys and numbers that are none."""
    _, (key, number, nothing), _ = on_paper(on_bench, "keyevent FLY", "tap here 1", "")
    assert "Unknown keycode: FLY" in key.err
    assert 'For input string: "here"' in number.err
    assert nothing.status == 255
