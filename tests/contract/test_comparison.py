"""What is asked of numbers and versions, beside `packaging`, which compares those of Python packages."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from framework.contract.comparison import (
    NUMBERS,
    SIGNS,
    SYSTEM,
    VERSIONS,
    number_holds,
    numbers_empty,
    system_holds,
    version_holds,
    versions_empty,
)

RELEASES = st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
TERMS = st.lists(st.tuples(st.sampled_from(sorted(SIGNS)), RELEASES), min_size=1, max_size=3)


def written(terms: list[tuple[str, str]], sep: str = " ") -> str:
    return sep.join(sign + value for sign, value in terms)


@given(TERMS, RELEASES)
def test_versions_are_compared_as_packaging_compares_them(terms: list[tuple[str, str]], has: str) -> None:
    """Part by part as numbers, with zeros for missing parts, and every comparison must hold."""
    assert re.fullmatch(VERSIONS, written(terms))
    assert version_holds(written(terms), has) == SpecifierSet(written(terms, ",")).contains(has)


@given(TERMS, RELEASES)
def test_what_is_called_impossible_is_met_by_nothing(terms: list[tuple[str, str]], has: str) -> None:
    """A range that some version meets is never refused."""
    assert not (versions_empty(written(terms)) and version_holds(written(terms), has))


@given(st.sampled_from(sorted(SIGNS)), st.floats(0, 100).map(lambda n: round(n, 2)), st.floats(0, 100))
def test_numbers_are_compared_as_numbers(sign: str, limit: float, has: float) -> None:
    """Not as versions: 15.5 is more than 15.25. A number that is not known meets nothing."""
    asked = f"{sign} {limit:.2f}"
    assert re.fullmatch(NUMBERS, asked)
    assert number_holds(asked, has) == SIGNS[sign](has, limit)
    assert not number_holds(asked, math.nan)


@pytest.mark.parametrize(
    ("asked", "impossible"),
    [(">=8", False), (">8 <8.01", False), (">=16 <12", True), ("!=0 <=0", True), (">8 <=8", True), ("<0", True)],
)
def test_a_range_of_numbers_that_nothing_meets(asked: str, impossible: bool) -> None:
    """It is told when the file is read, not when no handset is found."""
    assert numbers_empty(asked) == impossible


@pytest.mark.parametrize(
    ("asked", "has", "holds"),
    [
        ("10", "8.1.0", False),
        ("8", "8.1.0", True),
        (">=12 <15", "14", True),
        (">=12 <15", "15", False),
        ("==13", "13.0", True),
        ("<14", "Baklava", False),
        (">=0", "", False),
    ],
)
def test_releases_of_android(asked: str, has: str, holds: bool) -> None:
    """8.1.0 is older than 10; a bare version means at least; what is no version meets nothing."""
    assert version_holds(asked, has) == holds


@pytest.mark.parametrize(
    ("asked", "has", "holds"),
    [
        ("HyperOS", "HyperOS 1.0.7.0", True),
        ("hyperos >=1 <2", "HyperOS 1.0.7.0", True),
        ("HyperOS >=1.0.8", "HyperOS 1.0.7.0", False),
        ("MIUI >=12", "HyperOS 13", False),
        ("One UI 6", "One UI 6.1", True),
        ("HyperOS", "", False),
        ("HyperOS >=1", "HyperOS", False),
    ],
)
def test_systems_of_makers(asked: str, has: str, holds: bool) -> None:
    """The name must be the same but for letter case, and the version within what is asked."""
    assert re.fullmatch(SYSTEM, asked)
    assert system_holds(asked, has) == holds
