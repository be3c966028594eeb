from __future__ import annotations

import numpy as np
import pytest

from framework.contract.scenario import Noise, Speech
from framework.media.levels import rms_db, speech_bounds
from framework.media.noise import FLOOR_SNR_DB
from framework.speech.question import BEFORE_S, QuestionVoice


def test_a_question_is_said_the_same_every_time() -> None:
    """Two voices say the same question with the same samples; one voice synthesises it once."""
    question = Speech(zh="后天呢？", noise=Noise(kind="babble", snr_db=15))
    first = QuestionVoice()
    assert np.array_equal(first.say(question).samples, QuestionVoice().say(question).samples)
    assert first.say(question) is first.say(question)


def test_there_is_room_before_the_speech() -> None:
    """An assistant that has just begun to listen does not miss the first word."""
    bounds = speech_bounds(QuestionVoice().say(Speech(en="Set a timer for ten minutes.")))
    assert bounds is not None
    assert bounds[0] == pytest.approx(BEFORE_S, abs=0.1)


def test_noise_lies_under_the_whole_question() -> None:
    """It begins before the first word, at the distance that the scenario asks for."""
    noisy = QuestionVoice().say(Speech(en="Set a timer for ten minutes.", noise=Noise(kind="white", snr_db=10)))
    quiet = QuestionVoice().say(Speech(en="Set a timer for ten minutes."))
    assert rms_db(noisy.cut(0, 0.2)) - rms_db(quiet.cut(0, 0.2)) == pytest.approx(FLOOR_SNR_DB - 10, abs=1)


def test_languages_have_speakers_of_their_own() -> None:
    """The same digits are said in the language under which they are written."""
    voice = QuestionVoice()
    assert not np.array_equal(voice.say(Speech(en="30%")).samples, voice.say(Speech(zh="30%")).samples)
