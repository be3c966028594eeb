"""Text as it is said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.media.spoken import spoken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30%", "thirty percent"),
        ("24 ℃", "twenty four degrees Celsius"),
        ("-5°C", "minus five degrees Celsius"),
        ("20°C-25°C", "twenty degrees Celsius to twenty five degrees Celsius"),
        ("at 7:30 pm", "at seven thirty pm"),
        ("7:05", "seven oh five"),
        ("14:00", "fourteen o'clock"),
        ("2024-05-01", "May first two thousand twenty four"),
        ("$5 & ¥3", "five dollars and three yuan"),
        ("1,234.5 km", "one thousand two hundred thirty four point five kilometers"),
        ("3-5", "three to five"),
        ("2+2=4", "two plus two equals four"),
        ("1.3B", "one point three B"),
        ("the 22nd", "the twenty second"),
        ("x-ray", "x-ray"),
    ],
)
def test_english(text: str, words: str) -> None:
    """Dates, times, units, money, ranges."""
    assert spoken(text, "en") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("湿度30%", "湿度百分之三十"),
        ("２４度", "二十四度"),
        ("24°C", "二十四摄氏度"),
        ("-5°C", "零下五摄氏度"),
        ("-0.5", "负零点五"),
        ("10-15度", "十到十五度"),
        ("2024年5月1日", "二零二四年五月一日"),
        ("2024-05-01", "二零二四年五月一日"),
        ("7:30", "七点三十分"),
        ("7:05", "七点零五分"),
        ("2:00", "两点"),
        ("2个人", "两个人"),
        ("12个", "十二个"),
        ("60 km/h", "六十公里每小时"),
        ("¥20", "二十元"),
    ],
)
def test_chinese(text: str, words: str) -> None:
    """No digit and no symbol is left for eSpeak to read in English."""
    assert spoken(text, "zh") == words


@given(st.text(alphabet="0123456789.,:-/%°C年月$¥+= ab天", max_size=20), st.sampled_from(["en", "zh"]))
def test_no_digit_is_left(text: str, language: str) -> None:
    """Whatever stands around it."""
    assert re.search(r"\d", spoken(text, "zh" if language == "zh" else "en")) is None


@given(st.text(alphabet="abc déf你好，。!?' ", max_size=20))
def test_words_stay_as_they_are(text: str) -> None:
    """Plain words with their punctuation are only brought to half width."""
    assert spoken(text.replace("，", ","), "en") == text.replace("，", ",")
