"""`dumpsys gfxinfo` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.gfxinfo import Bucket, parse

DUMP = """Applications Graphics Acceleration Info:\r
Uptime: 5000 Realtime: 9000\r
\r
** Graphics info for pid 42 [com.example.assistant] **\r
\r
Stats since: 1234567890ns\r
Total frames rendered: 10\r
Janky frames: 2 (20.00%)\r
50th percentile: 5ms\r
99th percentile: 20ms\r
HISTOGRAM: 5ms=8 6ms=0 20ms=2\r
50th gpu percentile: 4950ms\r
GPU HISTOGRAM: 1ms=0 4950ms=0\r
com.example.assistant/.Main\r
---PROFILEDATA---\r
Flags,IntendedVsync,FrameCompleted,\r
0,1000,2000,\r
---PROFILEDATA---\r
"""


def test_counts_percentiles_and_frames() -> None:
    """What is not printed is None; line ends may be CRLF."""
    dump = parse(DUMP)
    (process,) = dump.processes
    assert (dump.uptime_ms, dump.realtime_ms) == (5000, 9000)
    assert (process.pid, process.process, process.stats_since_ns) == (42, "com.example.assistant", 1234567890)
    assert (process.total_frames, process.janky_frames, process.janky_percent) == (10, 2, 20.0)
    assert (process.janky_frames_legacy, process.missed_vsync) == (None, None)
    assert (process.cpu.p50_ms, process.cpu.p90_ms, process.cpu.p99_ms) == (5, None, 20)
    assert process.cpu.histogram == (Bucket(5, 8), Bucket(6, 0), Bucket(20, 2))
    assert [(window.window, len(window.frames)) for window in process.windows] == [("com.example.assistant/.Main", 1)]


def test_without_frames_there_are_no_percentiles() -> None:
    """Android prints the last bucket, 4950 ms, for no frame at all."""
    (process,) = parse(DUMP).processes
    assert process.gpu.p50_ms is None
    (empty,) = parse("** Graphics info for pid 1 [a] **\nTotal frames rendered: 0\n50th percentile: 4950ms\n").processes
    assert (empty.total_frames, empty.cpu.p50_ms) == (0, None)


def test_processes_are_kept_apart() -> None:
    """Without a package all processes are dumped."""
    dump = parse(DUMP + "** Graphics info for pid 43 [other] **\nTotal frames rendered: 3\n")
    assert [(process.pid, process.total_frames) for process in dump.processes] == [(42, 10), (43, 3)]


@pytest.mark.parametrize(("text", "line"), [("", 1), ("No process found for: com.example\n", 2)])
def test_other_text_is_refused(text: str, line: int) -> None:
    """The error tells where a process should have followed."""
    with pytest.raises(DumpError) as refusal:
        parse(text)
    assert refusal.value.line == line


@given(st.text(max_size=100), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise + DUMP[cut:]):
        assert read_or_refused("gfxinfo", text)


@pytest.mark.parametrize(
    ("name", "frames", "janky", "legacy", "percentiles", "missed"),
    [
        ("bamlab__android11_nolegacy", 35360, (23595, 66.73), None, (28, 48, 53, 57), (4838, 12149)),
        ("gracker__memorylab", 103, (50, 48.54), 43, (5, 24, 32, 150), (48, 50)),
        ("stephen_blog__pixel5_redfin_framestats_partial", 84, (4, 4.76), 6, (5, 10, 20, 105), (1, 4)),
    ],
)
def test_real_dumps(
    capture: Callable[[str], str],
    name: str,
    frames: int,
    janky: tuple[int, float],
    legacy: int | None,
    percentiles: tuple[int, int, int, int],
    missed: tuple[int, int],
) -> None:
    """Frames, jank, percentiles, missed vsyncs and deadlines of three real handsets."""
    (process,) = parse(capture(f"gfxinfo/{name}.txt")).processes
    assert (process.total_frames, process.janky_frames_legacy) == (frames, legacy)
    assert (process.janky_frames, process.janky_percent) == janky
    assert (process.cpu.p50_ms, process.cpu.p90_ms, process.cpu.p95_ms, process.cpu.p99_ms) == percentiles
    assert (process.missed_vsync, process.deadline_missed) == missed


def test_real_histograms_count_all_frames(capture: Callable[[str], str]) -> None:
    """The buckets add up to the frames, on the GPU too."""
    (process,) = parse(capture("gfxinfo/gracker__memorylab.txt")).processes
    assert sum(bucket.frames for bucket in process.cpu.histogram) == 103
    assert sum(bucket.frames for bucket in process.gpu.histogram) == 103
    assert (process.gpu.p50_ms, process.gpu.p99_ms) == (3, 8)
