"""The sound of a spoken reply, judged as sound: is there any, when does it begin, is it clipped?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.contract.verdict import Check, Verdict

if TYPE_CHECKING:
    from framework.media.wav import Sound

AUDIBLE_DB = -50.0
"""Level from which a hundredth of a second counts as sound, dB of full scale."""

CLIPPED_RUN = 3
"""Samples in a row at full scale that count as clipped: one or two may be a true peak."""

CLIPPED_SHARE = 0.001
"""Clipped samples that a reply may have."""


@dataclass(frozen=True, slots=True)
class ReplySound:
    """What a reply's sound is like; times in seconds, the level in dB of full scale.

    `first_sound_s` is None where nothing is audible. `clipped` is a share of the samples.
    """

    duration_s: float
    first_sound_s: float | None
    level_db: float
    clipped: float

    @property
    def fault(self) -> str | None:
        """What is wrong with it, if anything is."""
        if self.first_sound_s is None:
            return "silent"
        return "clipped" if self.clipped > CLIPPED_SHARE else None

    def __str__(self) -> str:
        if self.first_sound_s is None:
            return f"{self.duration_s:.2f} s of silence"
        clipped = f", {self.clipped:.1%} clipped" if self.clipped else ""
        return f"{self.duration_s:.2f} s from {self.first_sound_s:.2f} s at {self.level_db:.0f} dB{clipped}"


def examine(sound: Sound) -> ReplySound:
    """Measure a reply."""
    import numpy as np

    from framework.media.levels import HOP_S, frame_levels, rms_db

    audible = np.flatnonzero(frame_levels(sound) > AUDIBLE_DB)
    first_sound_s = float(audible[0] * HOP_S) if len(audible) else None
    return ReplySound(sound.duration_s, first_sound_s, rms_db(sound), _clipped(sound))


def check_reply(sound: Sound | None, turn: int) -> Check:
    """A spoken question is answered audibly: FAIL where there is no sound, only silence, or clipped sound."""
    found = None if sound is None else examine(sound)
    audible = found is not None and found.fault is None
    return Check(
        "reply sound", Verdict.PASS if audible else Verdict.FAIL, "audible, not clipped", str(found or "none"), turn
    )


def _clipped(sound: Sound) -> float:
    """Share of the samples that lie in runs at full scale."""
    import numpy as np

    from framework.media.wav import FULL_SCALE

    full = np.abs(sound.samples) >= (FULL_SCALE - 1) / FULL_SCALE
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False]))))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= CLIPPED_RUN].sum() / max(1, len(full)))
