"""Recognition of a closed list of phrases, in noise, by comparison with synthesised templates.

It hears synthesised speech in steady noise or babble; it is no recogniser of real speech. The noise of the
utterance is estimated and added to the clean templates, so that both sides of the comparison lie in the same noise.
A phrase that is not in the list differs from its nearest in a word: the mean distance hides that, the worst fifth of a
second of the path shows it, and is what rejects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from framework.media.dtw import align
from framework.media.features import CEPSTRA, Bands, Frames, loudness, mel_power, mfcc, noise_power, speech_frames
from framework.media.wav import Sound

if TYPE_CHECKING:
    from framework.contract.scenario import Language

REJECT_ABOVE = 2.8
"""Greatest worst stretch that is accepted.

Calibrated by tests/benchmarks/recognition.py in five rooms from quiet to 10 dB of babble: half of the genuine
utterances lie under 1.6 (quiet) to 2.3 (babble), 95 % of phrases with one or two other words above 2.5 to 3.0.
"""

STRETCH_FRAMES = 10
"""Length of the stretch, 0.2 s: about a short word."""

MARGIN_FRAMES = 8
"""Noise that is kept around the speech on both sides, for bounds that the noise has eaten into."""

LONGEST_RATIO = 1.5
"""Phrases longer or shorter than the utterance by more are not compared."""

MASKING = 2.0
"""Times the noise's own power that both sides are covered with: the swing of babble is hidden, not compared."""

SLOPE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A phrase as one voice says it: mel power of the clean speech, (frames, BANDS)."""

    text: str
    language: Language
    power: Frames


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was heard.

    `text` and `language` are None where the utterance was rejected; `nearest` is the phrase it came nearest to.
    `distance` is the mean along that phrase's path, `worst` the mean of its worst 0.2 s, `margin` how much farther
    the next phrase is; in units of the phrases' own spread in this noise, infinite where nothing could be compared.
    """

    text: str | None
    language: Language | None
    nearest: str | None
    distance: float
    worst: float
    margin: float


NOTHING = Recognition(None, None, None, np.inf, np.inf, np.inf)


class PhraseRecognizer:
    """Ears for the phrases of `templates`; several templates of one text are its voices.

    Keeps no state between utterances; threads may share it.
    """

    def __init__(self, templates: Sequence[Template], reject_above: float = REJECT_ABOVE) -> None:
        self._templates = tuple(templates)
        self._reject_above = reject_above

    def recognize(self, sound: Sound) -> Recognition:
        """The phrase that `sound` holds: one utterance, any rate and level, best with the room's noise around it."""
        power = mel_power(sound)
        noise = noise_power(power)
        bounds = speech_frames(power, noise)
        speech = power[bounds]
        near = [template for template in self._templates if _comparable(len(template.power), len(speech))]
        level = loudness(speech) - float(noise.sum())
        if not near or level <= 0:
            return NOTHING
        query = mfcc(_with_margins(power, noise, bounds) + MASKING * noise)
        references = [mfcc(_in_noise(template.power, level, noise)) for template in near]
        return self._judge(query, references, near)

    def _judge(self, query: Frames, references: list[Frames], near: list[Template]) -> Recognition:
        spread = _spread(np.vstack(references))
        alignments = align(query / spread, [reference / spread for reference in references])
        best = int(np.argmin(alignments.distances))
        distance, chosen = float(alignments.distances[best]), near[best]
        if not np.isfinite(distance):
            return NOTHING
        others = [
            float(other)
            for other, template in zip(alignments.distances, near, strict=True)
            if template.text != chosen.text
        ]
        worst = _worst_stretch(alignments.local_costs(best))
        accepted = worst <= self._reject_above
        return Recognition(
            text=chosen.text if accepted else None,
            language=chosen.language if accepted else None,
            nearest=chosen.text,
            distance=distance,
            worst=worst,
            margin=min(others, default=np.inf) - distance,
        )


def _comparable(length: int, other: int) -> bool:
    return length <= LONGEST_RATIO * other and other <= LONGEST_RATIO * length


def _with_margins(power: Frames, noise: Bands, bounds: slice) -> Frames:
    """The speech with frames around it; where the sound has none, the mean noise stands in."""
    stand_in = np.tile(noise, (MARGIN_FRAMES, 1))
    return np.vstack((stand_in, power, stand_in))[bounds.start : bounds.stop + 2 * MARGIN_FRAMES]


def _in_noise(power: Frames, level: float, noise: Bands) -> Frames:
    """A clean template at the level of the utterance, in its noise and under its mask."""
    clean = np.pad(power * (level / loudness(power)), ((MARGIN_FRAMES, MARGIN_FRAMES), (0, 0)))
    return clean + (1 + MASKING) * noise


def _spread(features: Frames) -> npt.NDArray[np.float64]:
    """What features are divided by: one root mean square for cepstra, one for slopes, (2 * CEPSTRA,).

    Noise flattens features; with the templates' spread as the unit, a distance means the same in quiet and in noise.
    """
    cepstra, slopes = (np.sqrt(np.mean(block**2)) for block in np.split(features, 2, axis=1))
    return np.repeat([cepstra, slopes / SLOPE_WEIGHT], CEPSTRA)


def _worst_stretch(costs: npt.NDArray[np.float64]) -> float:
    length = min(STRETCH_FRAMES, len(costs))
    return float(np.convolve(costs, np.full(length, 1 / length), "valid").max())
