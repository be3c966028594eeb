"""What is drawn on the screen of an emulated handset, and when."""

from __future__ import annotations

from collections import deque
from itertools import accumulate, pairwise
from random import Random
from typing import TYPE_CHECKING, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.android.frame import Cause, Frame, Renderer
from framework.virtual.android.frames import HANDLER_NS, Surface
from framework.virtual.android.jank import JankTracker
from framework.virtual.android.vsync import panel_vsync

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.ui.tree import Window

MS = 1_000_000


async def rest(bench: Bench, ms: float = 200) -> int:
    """Some time later, when all that was drawn is shown."""
    return await bench.device.clock.sleep(int(ms * MS))


def front(bench: Bench) -> tuple[Window, Surface]:
    """The launcher's window and what was drawn of it."""
    focused = bench.device.activities.focused
    assert focused is not None
    assert focused.window is not None
    surface = bench.device.frames.surface(focused)
    assert surface is not None
    return focused.window, surface


def test_a_change_is_drawn_at_the_next_vsync(on_bench: OnBench) -> None:
    """One frame for each, woken by the first vsync after the UI thread knew of it."""

    async def script(bench: Bench) -> tuple[list[int], list[int], int]:
        window, surface = front(bench)
        await rest(bench)
        known = len(front(bench)[1].drawn)
        changed = []
        for _ in range(20):
            changed.append(await rest(bench, 37.3) - bench.device.clock.slept_ns)
            window.changed()
        await rest(bench)
        front(bench)
        vsyncs = [frame.intended_vsync_ns for frame in surface.drawn]
        return changed, vsyncs[known:], bench.device.frames.vsync.period_ns

    changed, vsyncs, period_ns = on_bench(script)
    assert len(vsyncs) == 20
    assert all(0 < vsync - at - HANDLER_NS <= period_ns for at, vsync in zip(changed, vsyncs, strict=True))


def test_changes_between_two_vsyncs_share_a_frame(on_bench: OnBench) -> None:
    """The frame shows the last of them."""

    async def script(bench: Bench) -> list[int]:
        window, surface = front(bench)
        lengths = iter(range(100, 105))
        window.text_length = lambda: next(lengths)
        await rest(bench)
        known = len(front(bench)[1].drawn)
        for _ in range(5):
            window.changed()
        await rest(bench)
        front(bench)
        return [frame.text_length for frame in surface.drawn][known:]

    assert on_bench(script) == [104]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40 * MS), min_size=1, max_size=60), st.lists(st.integers(0, 1500 * MS), max_size=20))
def test_frames_do_not_depend_on_who_looks_when(gaps: list[int], looks: list[int]) -> None:
    """Looked at again and again or once at the end, the same changes give the same frames."""
    causes = [Cause(at, 0.9, at // MS) for at in accumulate(gaps)]
    end = causes[-1].at_ns + 1000 * MS

    def drawn(times: list[int]) -> list[Frame]:
        surface = Surface(cast("ActivityRecord", None), Renderer(Random(1)), JankTracker(0))
        frames: list[Frame] = []
        waiting = deque(causes)
        for now in sorted(times):
            while waiting and waiting[0].at_ns <= now:
                surface.changes.append(waiting.popleft())
            frames += surface.draw(panel_vsync(120.0, 1), now)
        return frames

    often, once = drawn([*looks, end]), drawn([end])
    assert often == once
    assert often[-1].text_length == causes[-1].text_length


def test_the_truth_has_every_frame(on_bench: OnBench) -> None:
    """In boot time, with the present time that the compositor prints in monotonic time."""

    async def script(bench: Bench) -> tuple[list[int], list[int]]:
        window, surface = front(bench)
        for _ in range(50):
            await rest(bench, 20)
            window.changed()
        await rest(bench)
        bench.device.frames.settle()
        events = bench.device.truth.events(0, bench.device.truth.boot)
        told = [event.ns for event in events if event.kind == "frame"]
        return told, [frame.present_ns + bench.device.clock.slept_ns for frame in surface.layer]

    told, printed = on_bench(script)
    assert told == printed
    assert all(after > before for before, after in pairwise(told))


def test_only_the_window_in_front_is_drawn(on_bench: OnBench) -> None:
    """And none while the screen is off."""

    async def script(bench: Bench) -> tuple[int, int]:
        window, _surface = front(bench)
        await rest(bench)
        before = len(front(bench)[1].drawn)
        bench.device.power.awake = False
        window.changed()
        await rest(bench)
        return before, len(front(bench)[1].drawn)

    before, after = on_bench(script)
    assert before == after > 0


def test_waking_draws_what_was_changed_in_the_dark(on_bench: OnBench) -> None:
    """One frame when the screen lights up again, none when it goes dark."""

    async def script(bench: Bench) -> list[int]:
        await rest(bench)
        window, surface = front(bench)
        counts = [len(surface.drawn)]
        for keys in (("SLEEP",), ("WAKEUP", "MENU")):
            await bench.run("input", "keyevent", *keys)
            window.changed()
            await rest(bench)
            counts.append(len(front(bench)[1].drawn))
        return counts

    before, dark, lit = on_bench(script)
    assert (dark - before, lit - before) == (0, 1)


def test_folding_draws_on_the_other_panel(on_bench: OnBench) -> None:
    """With a beat of its own."""

    async def script(bench: Bench) -> tuple[bool, int, int]:
        await rest(bench)
        before, open_ = len(front(bench)[1].drawn), bench.device.frames.vsync
        bench.device.posture.request("CLOSED")
        await rest(bench)
        return bench.device.frames.vsync != open_, before, len(front(bench)[1].drawn)

    other, before, after = on_bench(script, "xiaomi-mix-fold-3")
    assert (other, after) == (True, before + 1)
