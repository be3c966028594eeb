"""How late an emulated handset runs; absent on phones."""

from __future__ import annotations

from collections.abc import Mapping

from framework.trace.probes.probe import Probe, plain


def read(text: str) -> Mapping[str, float]:
    """`emulator_slipped_ms`: device time that the emulator has given up since it started, milliseconds."""
    words = text.split()
    return {"emulator_slipped_ms": float(words[0])} if words and words[0].replace(".", "", 1).isdecimal() else {}


PROBE = Probe(
    name="emulator",
    units={"emulator_slipped_ms": "ms"},
    available="[ -r /sys/kernel/emulator/slipped_ms ]",
    script="read -r text </sys/kernel/emulator/slipped_ms",
    reader=plain(read),
)
