from __future__ import annotations

import numpy as np
import pytest

from framework.contract.scenario import Noise, Speech
from framework.media.levels import speech_bounds
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
