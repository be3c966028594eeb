"""The font of the screen, and lines that fit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.ui.fonts import font, font_file, text_width, wrap


def test_the_font_has_chinese() -> None:
    """It is the one that was installed with the project, and draws characters that differ from each other."""
    file = font_file()
    assert file is not None
    assert file.name == "wqy-microhei.ttc"
    shapes = {bytes(font(40).getmask(character)) for character in "河内明天气温度abc\U000e0000"}
    assert len(shapes) == 11


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("abcde  ,.?!河内明天，。？\n长words"), max_size=120), st.integers(60, 400))
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    """Every line is at most as wide as asked (unless it is one character), and only spaces at its ends are left out."""
    lines = wrap(text, 20, width)
    assert all(text_width(line, 20) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_lines_break_between_words_and_between_characters() -> None:
    """English between words, Chinese anywhere but before a closing punctuation mark."""
    assert wrap("one two three", 20, text_width("one two", 20)) == ("one two", "three")
    assert wrap("河内明天有雨。", 20, text_width("河内明天有雨", 20)) == ("河内明天有", "雨。")


def test_an_empty_text_is_one_line() -> None:
    """So that an empty bubble has a height."""
    assert wrap("", 20, 100) == ("",)
