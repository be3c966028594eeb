"""Recognition of a closed list of phrases."""

from __future__ import annotations

import numpy as np
import pytest

from framework.media.noise import NoiseKind, add_floor, add_noise
from framework.media.recognize import NOTHING, PhraseRecognizer
from framework.media.resample import resample
from framework.media.templates import make_templates
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES
from framework.media.wav import Sound

EN = (
    "What is the weather in Hanoi tomorrow?",
    "What is the weather in Hanoi today?",
    "Set a timer for ten minutes.",
    "Turn on the flashlight.",
    "Turn off the flashlight.",
)
ZH = ("河内明天天气怎么样？", "河内今天天气怎么样？", "后天呢？", "设一个十分钟的计时器。", "打开手电筒。")


@pytest.fixture(scope="module")
def ears() -> PhraseRecognizer:
    return PhraseRecognizer(make_templates({"en": EN, "zh": ZH}))


def said(text: str) -> Sound:
    """By the suites' speaker, whom the templates do not know."""
    return speak(text, QUESTION_VOICES["en" if text.isascii() else "zh"]).padded(0.3, 0.6)


@pytest.mark.parametrize(("kind", "snr_db"), [("white", 45), ("white", 10), ("babble", 15), ("hum", 5)])
def test_every_phrase_is_recognised_in_noise(ears: PhraseRecognizer, kind: NoiseKind, snr_db: float) -> None:
    """Phrases that differ in one word or one syllable, too, each in its language."""
    heard = [ears.recognize(add_noise(said(text), kind, snr_db, 20)) for text in EN + ZH]
    assert [(one.text, one.language) for one in heard] == [(text, "en") for text in EN] + [(text, "zh") for text in ZH]


@pytest.mark.parametrize(
    "text", ["Turn up the volume.", "Set a timer for five minutes.", "北京明天天气怎么样？", "昨天呢？"]
)
def test_a_phrase_with_another_word_is_rejected(ears: PhraseRecognizer, text: str) -> None:
    """One or two words that are not in the list betray it; what it came nearest to is said all the same."""
    heard = ears.recognize(add_floor(said(text), 20))
    assert heard.text is None
    assert heard.nearest in EN + ZH
    assert heard.worst > heard.distance


def test_loudness_and_rate_do_not_matter(ears: PhraseRecognizer) -> None:
    """A quiet recording at 44.1 kHz is heard like the original."""
    original = add_floor(said(EN[2]), 1)
    other = resample(Sound(original.samples / np.float32(20), original.rate), 44_100)
    assert ears.recognize(other).text == EN[2]
    assert ears.recognize(other).distance == pytest.approx(ears.recognize(original).distance, abs=0.1)


def test_the_threshold_is_the_callers_choice() -> None:
    """Ears that accept nothing, and ears that accept anything."""
    templates = make_templates({"en": EN})
    sound = add_floor(said("The moon is far away today."), 1)
    assert PhraseRecognizer(templates, reject_above=0).recognize(add_floor(said(EN[0]), 1)).text is None
    assert PhraseRecognizer(templates, reject_above=np.inf).recognize(sound).text in EN


def test_the_margin_is_the_way_to_the_next_phrase(ears: PhraseRecognizer) -> None:
    """Small between two phrases that differ in a word, greater where no other is like it; other voices do not count."""
    close, alone = (ears.recognize(add_floor(said(text), 1)).margin for text in (EN[3], EN[2]))
    assert 0 < close < alone


@pytest.mark.parametrize("samples", [0, 10, 16_000, 160_000])
def test_silence_is_nothing(ears: PhraseRecognizer, samples: int) -> None:
    """Digital silence of any length is compared with nothing."""
    assert ears.recognize(Sound(np.zeros(samples, np.float32), 16_000)) == NOTHING


def test_noise_alone_is_no_phrase(ears: PhraseRecognizer) -> None:
    """Nothing is taken out of it."""
    noise = add_noise(Sound(np.full(32_000, 1e-4, np.float32), 16_000), "babble", -60, 3)
    assert ears.recognize(noise).text is None


def test_ears_without_phrases_hear_nothing() -> None:
    """An empty list is no error."""
    assert PhraseRecognizer(()).recognize(said(EN[0])) == NOTHING
