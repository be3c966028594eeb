from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.first_choice import preferred
from framework.fleet.match import missing

PLAIN = HandsetIdentity("plain", "1", "Xiaomi", "Xiaomi 10", "soc", "13", 33, 8.0, False, True, "print")
BIG = replace(PLAIN, name="big", ram_gb=12.0)
FOLD = replace(PLAIN, name="fold", ram_gb=16.0, foldable=True)
ANY, ROOMY, FOLDABLE = Needs(), Needs.model_validate({"ram_gb": ">=12"}), Needs.model_validate({"foldable": "true"})


def names(handsets: list[HandsetIdentity]) -> list[str]:
    return [handset.name for handset in handsets]


def test_scarce_needs_come_first() -> None:
    """The one foldable is among the first, although it stands last in the file and one test in four needs it."""
    assert names(preferred([PLAIN, BIG, FOLD], [ANY, ANY, ANY, FOLDABLE]))[0] == "fold"


def test_one_that_can_run_both_is_enough() -> None:
    """The foldable has room, too: with two workers the second may be any; the file's order decides among equals."""
    assert names(preferred([PLAIN, BIG, FOLD], [FOLDABLE, ROOMY])) == ["fold", "big", "plain"]
    assert names(preferred([BIG, PLAIN], [ANY])) == ["big", "plain"]
    assert names(preferred([PLAIN, BIG], [ANY])) == ["plain", "big"]


def test_among_equals_one_that_holds_the_build() -> None:
    """It costs no deployment."""
    assert names(preferred([PLAIN, BIG], [ANY], {"big"})) == ["big", "plain"]


@given(
    handsets=st.permutations([PLAIN, BIG, FOLD]),
    needs=st.lists(st.sampled_from([ANY, ROOMY, FOLDABLE])),
    count=st.integers(1, 3),
)
def test_all_are_there_and_what_can_be_run_is(handsets: list[HandsetIdentity], needs: list[Needs], count: int) -> None:
    """Each once; with as many workers as there are kinds of needs, every test has a handset."""
    order = preferred(handsets, needs)
    assert sorted(names(order)) == sorted(names(handsets))
    first = order[: len({str(each) for each in needs})]
    assert all(any(not missing(each, handset) for handset in first) for each in needs)
