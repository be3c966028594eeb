"""Recording a virtual handset over the wire."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from support.waiting import until

from framework.contract.capabilities import Target
from framework.contract.trace import Trace, TracePiece
from framework.handset.handset import OpenHandset, open_handset
from framework.trace.recorder import Recorder, ask_offer
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

PACKAGE = "com.miui.home"
WITHIN_S = 30.0


@pytest.fixture(scope="module")
def handset() -> Iterator[OpenHandset]:
    with (
        virtual_handsets([VirtualRequest("traced", "xiaomi-mix-fold-3", speed=20)]) as handsets,
        open_handset(Target("traced", adbd=handsets.endpoint("traced").adb)) as opened,
    ):
        assert opened.shell.script(f"until pidof {PACKAGE}; do sleep 1; done").exit == 0
        yield opened


def recorded(handset: OpenHandset, pieces: list[TracePiece]) -> Trace:
    with Recorder(handset, PACKAGE) as recorder:
        recorder.grow(pieces.append)
        until(lambda: len(pieces) > 1, within_s=WITHIN_S)
        recorder.await_samples()
        return recorder.finish((), ())


def test_the_pieces_make_the_whole(handset: OpenHandset) -> None:
    """Every sample, unit, instant and note of the trace was told once, in pieces, until it ended."""
    pieces: list[TracePiece] = []
    trace = recorded(handset, pieces)
    points: dict[str, list[tuple[int, float]]] = {}
    for sample in (sample for piece in pieces for sample in piece.samples):
        for name, value in sample.values.items():
            points.setdefault(name, []).append((sample.device_ns, value))
    assert {name: tuple(sorted(each)) for name, each in points.items()} == {
        name: series.points for name, series in trace.series.items()
    }
    assert {name: unit for piece in pieces for name, unit in piece.units.items()} == {
        name: series.unit for name, series in trace.series.items()
    }
    assert tuple(note for piece in pieces for note in piece.notes) == trace.notes
    assert {instant for piece in pieces for instant in piece.instants} == set(trace.instants)


def test_a_recording_holds_every_kind_of_series(handset: OpenHandset) -> None:
    """With plausible values, all within the recording, and with the handset's other clocks."""
    trace = recorded(handset, [])
    last = {name: series.points[-1][1] for name, series in trace.series.items()}
    assert 50 < last["pss_mb"] <= last["rss_mb"] < last["mem_total_mb"]
    assert 10 < last["skin_c"] < 60
    assert 0 <= last["cpu_app_cores"] <= last["cpu_busy_cores"] < 9
    assert 3000 < last["battery_mv"] < 5000
    assert ("power_mw" in last) == (last["charging"] == 0)
    sampled = [at for name, series in trace.series.items() if name != "frame_ms" for at, _ in series.points]
    assert trace.start_ns - 20 * 10**6 - trace.clock.bound_ns <= min(sampled)
    assert max(sampled) <= trace.end_ns + trace.clock.bound_ns
    assert trace.clocks.wall
    assert trace.clocks.monotonic


def test_what_the_listener_raises_is_raised_where_the_recording_ends(handset: OpenHandset) -> None:
    """A full disk is not lost in a thread, and the handset is sampled on all the same."""
    told = threading.Event()

    def disk_is_full(piece: TracePiece) -> None:
        told.set()
        raise OSError("no space left")

    with Recorder(handset, PACKAGE) as recorder:
        recorder.grow(disk_is_full)
        assert told.wait(WITHIN_S)
        recorder.await_samples()
        assert "rss_mb" in recorder.gauges()
        with pytest.raises(OSError, match="no space left"):
            recorder.finish((), ())


def test_a_loop_that_was_killed_is_started_again(handset: OpenHandset) -> None:
    """The gap is an instant with its length and a note, and the series go on after it."""
    with Recorder(handset, PACKAGE) as recorder:
        recorder.await_samples()
        before = len(recorder.points("rss_mb"))
        shells = "for each in $(pidof sh); do [ $each = $$ ] || kill $each; done"
        handset.shell.script(shells)
        recorder.await_samples()
        assert len(recorder.points("rss_mb")) > before
        trace = recorder.finish((), ())
    (gap,) = [instant for instant in trace.instants if instant.kind == "reconnect"]
    assert [note for note in trace.notes if gap.text in note] == [f"the sampler's stream broke: {gap.text}"]
    times = [at for at, _ in trace.series["rss_mb"].points]
    assert not [at for at in times if abs(at - gap.device_ns) < gap.bound_ns]


def test_samples_that_do_not_come_are_told(handset: OpenHandset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a turn that the probes did not see in time is noted in the trace, and the one that they saw is not."""
    monkeypatch.setattr("framework.trace.recorder.ROUND_S", 1.0)
    shells = "for each in $(pidof sh); do [ $each = $$ ] || kill -%s $each; done"
    with Recorder(handset, PACKAGE) as recorder:
        recorder.await_samples()
        handset.shell.script(shells % "STOP")
        recorder.await_samples()
        handset.shell.script(shells % "CONT")
        trace = recorder.finish((), ())
    told = [note for note in trace.notes if note.startswith("the samples at the end of")]
    assert told == ["the samples at the end of turn 2 did not come in 1 s"]


def test_an_offer_is_asked_for_once(handset: OpenHandset) -> None:
    """What the handset refuses is noted in every recording that is made with the offer."""
    offer = ask_offer(handset, "no.such.package")
    refused = [note for note in offer.notes if note.startswith("surface")]
    assert refused == ["surface: refused by the handset"]
    with Recorder(handset, "no.such.package", offer=offer) as recorder:
        recorder.await_samples()
        trace = recorder.finish((), ())
    assert set(refused) <= set(trace.notes)
    assert "rss_mb" not in trace.series
    assert "skin_c" in trace.series
