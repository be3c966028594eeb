from __future__ import annotations

from framework.contract.trace import Sample
from framework.trace.probes.probe import Probe, Reading, plain
from framework.trace.recording import STRIKES, Recording

S = 10**9


def read(text: str) -> dict[str, float]:
    return {"size": float(text)} if text else {}


PROBE = Probe("sizes", "true", "text=1", plain(read), units=lambda series: "MB")


def test_a_probe_that_cannot_be_read_is_dropped_once_with_its_reason() -> None:
    """One bad output is bad luck; several in a row are a handset that does not speak our language."""
    dropped: list[Probe] = []
    recording = Recording("app", [PROBE], dropped.append)
    texts = ["1", "x", "2", *["y"] * STRIKES, "3", "z"]
    for at, text in enumerate(texts):
        recording.sampled(PROBE, at * S, text)
    assert dropped == [PROBE]
    assert recording.points("size") == ((0, 1.0), (2 * S, 2.0))
    assert recording.notes() == ("sizes: dropped: could not convert string to float: 'y'",)


def test_a_refusal_in_the_middle_is_heeded() -> None:
    """A reader may find out late that the handset does not give its signal."""
    dropped: list[Probe] = []
    refuser = Probe("frozen", "true", "", lambda scene: lambda at, text: Reading(refused="it is frozen"))
    recording = Recording("app", [refuser], dropped.append)
    recording.sampled(refuser, S, "")
    recording.sampled(refuser, 2 * S, "")
    assert (dropped, recording.notes()) == ([refuser], ("frozen: dropped: it is frozen",))


def test_an_interruption_is_told_when_samples_come_again() -> None:
    """Its length is that of the gap between two samples on the handset's own clock."""
    recording = Recording("app", [PROBE], lambda probe: None)
    recording.sampled(PROBE, 10 * S, "1")
    recording.interrupted("the cable", 2.5)
    assert recording.instants() == ()
    recording.sampled(PROBE, 14 * S, "1")
    (instant,) = recording.instants()
    assert (instant.kind, instant.device_ns, instant.bound_ns) == ("reconnect", 12 * S, 2 * S)
    assert instant.text == "no samples for 4.0 s, reconnected after 2.5 s: the cable"


def test_after_a_reboot_there_are_no_samples() -> None:
    """Boot time began anew: a value of then has no place on the axis."""
    recording = Recording("app", [PROBE], lambda probe: None)
    recording.booted("a")
    recording.sampled(PROBE, 10 * S, "1")
    recording.booted("b")
    recording.sampled(PROBE, 2 * S, "7")
    assert recording.points("size") == ((10 * S, 1.0),)
    assert [instant.kind for instant in recording.instants()] == ["reboot"]
    assert recording.notes() == ("no samples any more: the handset was restarted",)
    assert recording.await_round(1, 0)


def test_a_piece_holds_what_is_new() -> None:
    """Units are told with the first sample of a series."""
    recording = Recording("app", [PROBE], lambda probe: None)
    recording.sampled(PROBE, S, "1")
    recording.note("a")
    first = recording.piece()
    assert (first.samples, first.units, first.notes) == ((Sample("sizes", S, {"size": 1.0}),), {"size": "MB"}, ("a",))
    recording.sampled(PROBE, 2 * S, "2")
    second = recording.piece()
    assert (second.samples, second.units, second.notes) == ((Sample("sizes", 2 * S, {"size": 2.0}),), {}, ())
