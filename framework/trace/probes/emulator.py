"""How late an emulated handset runs; absent on phones."""

from __future__ import annotations

from collections.abc import Mapping

from framework.trace.probes.probe import Probe, plain


def read(text: str) -> Mapping[str, float]:
    """`emulator_slipped_ms`: device time that the emulator has given up since it started, milliseconds.

    `emulator_late_ms`: host time by which it was behind at most in the last half second, also if it has caught up.
    """
    words = text.split()
    return {name: float(word) for name, word in zip(UNITS, words, strict=False) if word.replace(".", "", 1).isdecimal()}


UNITS = {"emulator_slipped_ms": "ms", "emulator_late_ms": "ms"}

PROBE = Probe(
    name="emulator",
    units=UNITS,
    available="[ -r /sys/kernel/emulator/slipped_ms ]",
    script="""read -r text </sys/kernel/emulator/slipped_ms
read -r late </sys/kernel/emulator/late_ms && text+=" $late\"""",
    reader=plain(read),
)
