"""`dumpsys gfxinfo`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from framework.dumps import gfxinfo

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.android.frame import Frame

HOME = "com.miui.home"


async def draw(bench: Bench, frames: int, rest_ms: int = 200) -> None:
    """Let the launcher draw, and time pass."""
    window = bench.device.activities.stack[0].window
    assert window is not None
    for _ in range(frames):
        await bench.device.clock.sleep(20_000_000)
        window.changed()
    await bench.device.clock.sleep(rest_ms * 1_000_000)


def drawn(bench: Bench) -> list[Frame]:
    surface = bench.device.frames.surface(bench.device.activities.stack[0])
    assert surface is not None
    return list(surface.drawn)


async def dump(bench: Bench, *words: str) -> str:
    return (await bench.run("dumpsys", "gfxinfo", *words)).out


def test_frames_are_read_as_they_were_drawn(on_bench: OnBench) -> None:
    """Vsync, deadline and completion of each, in the columns of that name; the clocks are tied in the head."""

    async def script(bench: Bench) -> tuple[str, list[Frame], int]:
        await draw(bench, 25)
        return await dump(bench, HOME, "framestats"), drawn(bench), bench.device.clock.slept_ns

    text, frames, slept_ns = on_bench(script)
    read = gfxinfo.parse(text)
    (process,) = read.processes
    assert (process.process, process.total_frames) == (HOME, len(frames))
    (window,) = process.windows
    assert [
        (row.intended_vsync_ns, row.draw_start_ns, row.frame_completed_ns, row.swap_buffers_ns, row.frame_start_ns)
        for row in window.frames
    ] == [
        (frame.intended_vsync_ns, frame.draw_ns, frame.completed_ns, frame.swap_ns, frame.vsync_ns) for frame in frames
    ]
    assert read.realtime_ms is not None
    assert read.uptime_ms is not None
    assert abs(read.realtime_ms - read.uptime_ms - slept_ns / 1e6) <= 1


@pytest.mark.parametrize(("profile", "columns"), [("xiaomi-10", 22), ("xiaomi-13", 23)])
def test_columns_are_those_of_the_release(on_bench: OnBench, profile: str, columns: int) -> None:
    """Android 12 has no CommandSubmissionCompleted; every line of the table ends with a comma."""

    async def script(bench: Bench) -> str:
        await draw(bench, 3)
        return await dump(bench, HOME, "framestats")

    fence = "---PROFILEDATA---\n"
    table = on_bench(script, profile).split(fence)[1].splitlines()
    assert all(line.endswith(",") and line.count(",") == columns for line in table)
    assert table[0].startswith("Flags,FrameTimelineVsyncId,IntendedVsync,Vsync,InputEventId,HandleInputStart,")


def test_at_most_120_frames(on_bench: OnBench) -> None:
    """As many as hwui remembers, the last ones; counts go on."""

    async def script(bench: Bench) -> str:
        await draw(bench, 150)
        return await dump(bench, HOME, "framestats")

    (process,) = gfxinfo.parse(on_bench(script)).processes
    assert len(process.windows[0].frames) == 120
    assert process.total_frames is not None
    assert process.total_frames > 150


def test_reset_begins_anew_after_the_dump(on_bench: OnBench) -> None:
    """The dump with `reset` still tells all; the next one what came since."""

    async def script(bench: Bench) -> list[str]:
        await draw(bench, 10)
        first = await dump(bench, HOME, "reset")
        await draw(bench, 4)
        return [first, await dump(bench, HOME, "framestats")]

    first, second = (gfxinfo.parse(text).processes[0] for text in on_bench(script))
    assert first.total_frames is not None
    assert first.total_frames > 10
    assert (second.total_frames, len(second.windows[0].frames)) == (4, 4)
    assert second.stats_since_ns is not None
    assert first.stats_since_ns is not None
    assert second.stats_since_ns > first.stats_since_ns


def test_a_frame_on_its_way_is_told_so_far(on_bench: OnBench) -> None:
    """What lies ahead of it is 0, as on a phone that is asked in between."""

    async def script(bench: Bench) -> list[str]:
        rows = []
        for _ in range(40):
            await draw(bench, 1, 0)
            await bench.device.clock.sleep(11_000_000)
            rows += (await dump(bench, HOME, "framestats")).split("---PROFILEDATA---\n")[1].splitlines()[-1:]
        return rows

    cells = [row.split(",") for row in on_bench(script)]
    assert any(row[13] != "0" and row[16] == "0" for row in cells if row[0] in "01")


def test_an_app_without_a_window_has_drawn_nothing(on_bench: OnBench) -> None:
    """Found by name or number; percentiles of no frames are Android's last bucket."""

    async def script(bench: Bench) -> list[str]:
        process = bench.device.processes.by_name("com.android.systemui")
        assert process is not None
        return [await dump(bench, wanted, "framestats") for wanted in (process.name, str(process.pid))]

    by_name, by_pid = on_bench(script)
    (process,) = gfxinfo.parse(by_name).processes
    assert (process.process, process.total_frames, process.windows) == ("com.android.systemui", 0, ())
    assert "50th percentile: 4950ms" in by_name
    assert gfxinfo.parse(by_pid).processes == (process,)


def test_without_a_name_every_app_is_told(on_bench: OnBench) -> None:
    """The launcher among them."""

    async def script(bench: Bench) -> str:
        return await dump(bench)

    names = [process.process for process in gfxinfo.parse(on_bench(script)).processes]
    assert HOME in names
    assert len(names) > 5


def test_a_package_that_does_not_run(on_bench: OnBench) -> None:
    """No head, one line."""

    async def script(bench: Bench) -> str:
        return await dump(bench, "org.nobody")

    assert on_bench(script) == "No process found for: org.nobody\n"


def test_it_has_the_lines_of_a_real_one(on_bench: OnBench, capture: object) -> None:
    """But for caches and buffers, whose lists differ from app to app."""

    async def script(bench: Bench) -> str:
        await draw(bench, 3)
        return await dump(bench, HOME)

    def kinds(text: str) -> list[str]:
        lines = [re.sub(r"\d[\d.]*", "#", line).rstrip() for line in text.splitlines()]
        begin = next(n for n, line in enumerate(lines) if line.startswith("Pipeline"))
        end = next(n for n, line in enumerate(lines) if line.startswith("Profile data"))
        kept = [re.sub(r"\S+/\S+/\S+|\[.*\]", "NAME", line) for line in (*lines[:begin], *lines[end:])]
        return [line.split("=")[0] for line in kept]

    real = capture("gfxinfo/gracker__memorylab.txt")  # type: ignore[operator]
    assert kinds(on_bench(script)) == kinds(real)[: len(kinds(on_bench(script)))]
