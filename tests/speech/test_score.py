from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.speech.score import Unit, error_rate, plain


@pytest.mark.parametrize(
    ("asked", "heard", "unit", "rate"),
    [
        ("What is the weather in Hanoi?", "what is the weather in hanoi", "wer", 0.0),
        ("What is the weather in Hanoi?", "what was the weather in", "wer", 2 / 6),
        ("后天呢？", "后天呢", "cer", 0.0),
        ("后天天气怎么样？", "后天天气怎样", "cer", 1 / 7),
        ("２４ degrees", "24 degrees", "wer", 0.0),
        ("Set a timer.", "", "wer", 1.0),
    ],
)
def test_errors_are_counted_over_the_question(asked: str, heard: str, unit: Unit, rate: float) -> None:
    """Words for English, characters for Chinese; case, punctuation and width do not count."""
    assert error_rate(asked, heard, unit) == pytest.approx(rate)


def test_a_question_without_words_has_no_rate() -> None:
    """Nothing to hear is a mistake of the caller, not a perfect transcript."""
    with pytest.raises(ValueError, match="no words"):
        error_rate("?!", "anything", "wer")


@given(st.text())
def test_plain_text_stays_plain(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert plain(plain(text)) == plain(text)
