"""`dumpsys SurfaceFlinger`: layers and their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.dumps import sf_latency

if TYPE_CHECKING:
    from conftest import Bench, OnBench

PENDING = str(2**63 - 1)


async def home_layer(bench: Bench) -> str:
    """The name of the launcher's buffers, as a script finds it."""
    listed = (await bench.run("dumpsys", "SurfaceFlinger", "--list")).out.splitlines()
    return next(line for line in listed if line.startswith("com.miui.home/com.miui.home.launcher.Launcher#"))


async def latency(bench: Bench, *layer: str) -> str:
    return (await bench.run("dumpsys", "SurfaceFlinger", "--latency", *layer)).out


async def draw(bench: Bench, frames: int, rest_ms: int = 200) -> None:
    """Let the launcher draw, and time pass."""
    window = bench.device.activities.stack[0].window
    assert window is not None
    for _ in range(frames):
        await bench.device.clock.sleep(20_000_000)
        window.changed()
    await bench.device.clock.sleep(rest_ms * 1_000_000)


def test_layers_of_visible_windows(on_bench: OnBench) -> None:
    """The activity's container, its window's, and the one with the buffers, each with a number of its own."""

    async def script(bench: Bench) -> list[str]:
        return (await bench.run("dumpsys", "SurfaceFlinger", "--list")).out.splitlines()

    lines = on_bench(script)
    assert sum("com.miui.home/" in line for line in lines) == 3
    numbers = [line.rpartition("#")[2] for line in lines]
    assert len(set(numbers)) == len(lines)
    assert "StatusBar#71" in lines


def test_frames_of_a_layer(on_bench: OnBench) -> None:
    """127 rows after the period, the unused ones first; what is shown has waited for its vsync."""

    async def script(bench: Bench) -> tuple[str, list[int]]:
        await draw(bench, 30)
        text = await latency(bench, await home_layer(bench))
        events = bench.device.truth.events(0, bench.device.truth.boot)
        slept_ns = bench.device.clock.slept_ns
        return text, [event.ns - slept_ns for event in events if event.kind == "frame"]

    text, presented = on_bench(script)
    lines = text.splitlines()
    assert (lines[0], len(lines), lines[1], lines[-1]) == ("8333333", 129, "0\t0\t0", "")
    read = sf_latency.parse(text)
    assert [frame.actual_present_ns for frame in read.frames] == presented
    for frame in read.frames:
        assert frame.desired_present_ns
        assert frame.frame_ready_ns
        assert frame.actual_present_ns
        assert frame.desired_present_ns < frame.frame_ready_ns < frame.actual_present_ns


def test_more_frames_than_it_remembers(on_bench: OnBench) -> None:
    """The last 127."""

    async def script(bench: Bench) -> str:
        await draw(bench, 140)
        return await latency(bench, await home_layer(bench))

    read = sf_latency.parse(on_bench(script))
    assert len(read.frames) == 127


def test_a_frame_on_its_way_has_no_time_yet(on_bench: OnBench) -> None:
    """Taken by the compositor, not yet on the glass: its fence has not signalled."""

    async def script(bench: Bench) -> set[str]:
        seen = set()
        layer = await home_layer(bench)
        for _ in range(60):
            await draw(bench, 1, 0)
            await bench.device.clock.sleep(3_000_000)
            seen |= {line.split("\t")[1] for line in (await latency(bench, layer)).splitlines()[1:] if line}
        return seen

    assert PENDING in on_bench(script)


def test_clear_forgets(on_bench: OnBench) -> None:
    """For one layer by name, or for all."""

    async def script(bench: Bench) -> list[int]:
        counts = []
        layer = await home_layer(bench)
        for words in (["StatusBar#71"], [layer], []):
            await draw(bench, 3)
            assert (await bench.run("dumpsys", "SurfaceFlinger", "--latency-clear", *words)).out == ""
            counts.append(len(sf_latency.parse(await latency(bench, layer)).frames))
        return counts

    counts = on_bench(script)
    assert counts[0] > 3
    assert counts[1:] == [0, 0]


@pytest.mark.parametrize(("profile", "rows"), [("xiaomi-13", 0), ("xiaomi-10", 127)])
def test_without_a_layer(on_bench: OnBench, profile: str, rows: int) -> None:
    """The period; before Android 14 the empty rows of window animations too. An unknown layer has the period only."""

    async def script(bench: Bench) -> list[str]:
        return [await latency(bench), await latency(bench, "nobody#1")]

    without, unknown = on_bench(script, profile)
    assert without.count("0\t0\t0\n") == rows
    assert unknown == without.splitlines()[0] + "\n"
