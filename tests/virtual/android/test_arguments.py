"""Reading words as Android's commands do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.arguments import ArgumentError, Arguments


def test_options_end_at_the_first_other_word() -> None:
    """What follows is no option any more, whatever it begins with."""
    words = Arguments(["-r", "-S", "12", "file", "-x"])
    assert [words.option(), words.option(), words.option()] == ["-r", "-S", None]
    assert words.rest() == ("12", "file", "-x")


def test_two_dashes_end_the_options() -> None:
    """And are taken away."""
    words = Arguments(["--", "-n"])
    assert words.option() is None
    assert words.required() == "-n"


def test_a_value_may_be_glued_to_a_short_option() -> None:
    """`-S12` is `-S 12`; asked for an option instead, it is an error."""
    words = Arguments(["-S12", "x"])
    assert (words.option(), words.required(), words.required()) == ("-S", "12", "x")
    glued = Arguments(["-S12"])
    glued.option()
    with pytest.raises(ArgumentError, match='No argument expected after "-S12"'):
        glued.option()


def test_a_missing_word_names_the_one_before() -> None:
    """As Java's message does."""
    words = Arguments(["-n"])
    words.option()
    with pytest.raises(ArgumentError, match='Argument expected after "-n"'):
        words.required()


@given(st.integers(-(2**31), 2**31 - 1))
def test_numbers_are_read_in_every_base(number: int) -> None:
    """Decimal, hexadecimal, and octal for a leading zero."""
    assert Arguments([str(number)]).number() == number
    if number >= 0:
        assert Arguments([f"0x{number:x}"]).number() == number
        assert Arguments([f"0{number:o}"]).number() == number


def test_what_is_no_number_is_said() -> None:
    """In Java's words."""
    with pytest.raises(ArgumentError, match='For input string: "seven"'):
        Arguments(["seven"]).number()
