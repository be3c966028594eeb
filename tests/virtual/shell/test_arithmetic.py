"""Arithmetic: mksh's 32 bits, precedence, assignments, errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.shell.arithmetic import ArithmeticFault, evaluate, wrap


class Names(dict[str, str]):
    """Variables in a dictionary."""

    def set(self, name: str, value: str, /) -> None:
        self[name] = value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1+2*3", 7),
        ("(1+2)*3", 9),
        ("-7/2", -3),
        ("-7%3", -1),
        ("2147483647+1", -2147483648),
        ("1<<31", -2147483648),
        ("0x1f", 31),
        ("16#ff", 255),
        ("010", 10),
        ("5>3 && 2<1 || 0", 0),
        ("1 ? 2 : 3", 2),
        ("!5", 0),
        ("~0", -1),
        ("5 & 3 ^ 1", 0),
        ("x + y", 7),
        ("unset", 0),
        ("e", 14),
        ("1,2", 2),
        ("", 0),
    ],
)
def test_values(expression: str, expected: int) -> None:
    """As mksh calculates; variables may hold expressions."""
    assert evaluate(expression, Names(x="3", y="4", e="x+y+7")) == expected


@pytest.mark.parametrize(
    ("expression", "value", "x"),
    [
        ("x++", 3, "4"),
        ("--x", 2, "2"),
        ("x+=2", 5, "5"),
        ("x = 7, x * 2", 14, "7"),
        ("0 && x++", 0, "3"),
        ("1?x:x++", 3, "3"),
        ("1?x:0+x=9", 3, "3"),
    ],
)
def test_assignments(expression: str, value: int, x: str) -> None:
    """What is not evaluated changes nothing."""
    names = Names(x="3")
    assert (evaluate(expression, names), names["x"]) == (value, x)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("1/0", "1/0: zero divisor"),
        ("1 +", "1 +: unexpected 'end of expression'"),
        ("2 = 3", "2 = 3: = requires lvalue"),
        ("1 2", "1 2: unexpected '2'"),
        ("(1", "(1: missing )"),
        ("loop", "loop: expression recurses"),
        ("(" * 500 + "1", "(" * 500 + "1: nested too deeply"),
        ("1#1", "1#1: bad number '1#1'"),
        ("1 $ 2", "1 $ 2: unexpected '$'"),
    ],
)
def test_errors_are_told_in_mkshs_words(expression: str, message: str) -> None:
    """The expression, then what is wrong with it."""
    with pytest.raises(ArithmeticFault) as caught:
        evaluate(expression, Names(loop="loop"))
    assert str(caught.value) == message


@given(a=st.integers(-(2**31), 2**31 - 1), b=st.integers(-(2**31), 2**31 - 1))
def test_sums_and_products_wrap_around(a: int, b: int) -> None:
    """Any result lies in 32 bits and is congruent to the true one."""
    for operator, true in (("+", a + b), ("-", a - b), ("*", a * b)):
        value = evaluate(f"({a}){operator}({b})", Names())
        assert value == wrap(true)
        assert (value - true) % 2**32 == 0
