"""Error rates of what was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.speech.score import Unit, plain, score

WORDS = st.lists(st.sampled_from(["set", "a", "timer", "for", "ten", "minutes"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("asked", "heard", "unit", "rate"),
    [
        ("What is the weather in Hanoi?", "what is the weather in hanoi", "wer", 0.0),
        ("What is the weather in Hanoi?", "what was the weather in", "wer", 2 / 6),
        ("后天呢？", "后天呢", "cer", 0.0),
        ("后天天气怎么样？", "后天天气怎样", "cer", 1 / 7),
        ("２４ degrees", "24 degrees", "wer", 0.0),
        ("Set a timer.", "", "wer", 1.0),
        ("后天呢", "？", "cer", 1.0),
        ("Hello", "well hello there you", "wer", 3.0),
    ],
)
def test_errors_are_counted_over_the_question(asked: str, heard: str, unit: Unit, rate: float) -> None:
    """Words for English, characters for Chinese; case, punctuation and width do not count."""
    assert score(asked, heard, unit).rate == pytest.approx(rate)


@pytest.mark.parametrize(
    ("asked", "heard", "unit"),
    [
        ("Set a timer for 10 minutes.", "set a timer for ten minutes", "wer"),
        ("Is it 24°C at 7:30?", "is it twenty-four degrees celsius at seven thirty", "wer"),
        ("湿度30%吗？", "湿度百分之三十吗", "cer"),
        ("设一个10分钟的计时器。", "设一个十分钟的计时器", "cer"),
    ],
)
def test_digits_and_words_are_the_same_number(asked: str, heard: str, unit: Unit) -> None:
    """How a recogniser writes numbers and units says nothing about how well it hears."""
    assert score(asked, heard, unit).rate == 0.0
    assert score(heard, asked, unit).rate == 0.0


@pytest.mark.parametrize(
    ("asked", "heard", "unit", "shown"),
    [
        ("What is the weather in Hanoi?", "what was the weather in", "wer", "0.333 (is → was, hanoi → ∅)"),
        ("后天天气怎么样？", "后天天气怎样", "cer", "0.143 (么 → ∅)"),
        ("Hello", "hello there", "wer", "1.000 (∅ → there)"),
        ("Hello", "Hello!", "wer", "0.000"),
    ],
)
def test_differences_are_shown(asked: str, heard: str, unit: Unit, shown: str) -> None:
    """What was asked and what was heard in its place, in order."""
    assert str(score(asked, heard, unit)) == shown


@given(WORDS, WORDS)
def test_differences_account_for_the_rate(asked: list[str], heard: list[str]) -> None:
    """Each difference costs the longer of its sides, and together they are the edits."""
    scored = score(" ".join(asked), " ".join(heard), "wer")
    edits = sum(max(len(one.asked.split()), len(one.heard.split())) for one in scored.differences)
    assert edits / len(asked) == pytest.approx(scored.rate)


def test_a_question_without_words_has_no_rate() -> None:
    """Nothing to hear is a mistake of the caller, not a perfect transcript."""
    with pytest.raises(ValueError, match="no words"):
        score("?!", "anything", "wer")


@given(st.text())
def test_plain_text_stays_plain(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert plain(plain(text)) == plain(text)
