"""The tokenizer: nothing is lost, and texts have about as many tokens as in real vocabularies."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.apps.assistant.dialogue.stories import _CHINESE, _ENGLISH
from framework.virtual.apps.assistant.tokens import tokenize


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    """Whatever the text, no character is lost, doubled or moved, and no token is empty."""
    tokens = tokenize(text)
    assert "".join(tokens) == text
    assert all(tokens)


def test_english_prose_has_more_tokens_than_words() -> None:
    """About 1.2 to 1.4 tokens a word, as in vocabularies of 32 to 64 thousand entries."""
    text = " ".join(_ENGLISH)
    assert 1.1 < len(tokenize(text)) / len(text.split()) < 1.5


def test_chinese_prose_has_fewer_tokens_than_characters() -> None:
    """Common words of two characters are one token."""
    text = "".join(_CHINESE)
    assert 0.6 < len(tokenize(text)) / len(text) < 1.0


def test_digits_are_single_tokens() -> None:
    """As in Llama's and Qwen's vocabularies."""
    assert tokenize("It is 23%.") == ("It", " is", " ", "2", "3", "%", ".")
