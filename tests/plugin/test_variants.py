"""Every test once for each model, or each handset: how such tests are called, and which handsets are theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import PROFILES, Handset, Stated, TcpHandset, VirtualHandset
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.plugin.collected import Test, fits
from framework.plugin.roll import Called, Roll, read_called
from framework.plugin.variants import Variant, variants_of
from framework.virtual.identity import identity_of


def handset(name: str, profile: str = "xiaomi-10") -> HandsetIdentity:
    assert profile in PROFILES
    return identity_of(VirtualHandset(name=name, kind="virtual", profile=profile))


FOLD, TEN, TWIN = handset("fold", "xiaomi-mix-fold-3"), handset("ten"), handset("twin")


def test_one_variant_a_model_or_a_handset() -> None:
    """Models in the order of their first handsets; units of one model are told apart by their names."""
    fleet = (TEN, FOLD, TWIN)
    assert [variant.label for variant in variants_of("model", fleet)] == ["Mi 10", "Xiaomi MIX Fold 3"]
    handsets = ["Mi 10, ten", "Xiaomi MIX Fold 3, fold", "Mi 10, twin"]
    assert [variant.label for variant in variants_of("handset", fleet)] == handsets


def test_labels_keep_to_what_ids_may_hold() -> None:
    """Whatever a handset calls itself, pytest can find the test by its id again."""
    assert Variant("a::b[c]/d\n").label == "a:b(c)-d\ufffd"


@pytest.mark.parametrize(
    ("test", "lacks"),
    [
        (Test("t", "t.py", Needs()), ()),
        (Test("t", "t.py", Needs(), model="Mi 10"), ()),
        (Test("t", "t.py", Needs(), model="Mi 11"), ("model Mi 11 (is Mi 10)",)),
        (Test("t", "t.py", Needs(), model="Mi 10", handset="twin"), ("name twin (is ten)",)),
        (Test("t", "t.py", Needs(foldable=True), model="Mi 10"), ("foldable",)),
    ],
    ids=["any", "its model", "other model", "other unit", "needs"],
)
def test_what_a_handset_lacks(test: Test, lacks: tuple[str, ...]) -> None:
    """The model, the unit, the capabilities."""
    assert fits(test, TEN) == lacks


def test_why_nothing_can_run_a_test() -> None:
    """The nearest handset and what it lacks; nothing is said while a handset that is silent might be the one."""
    folds, flat = Needs(foldable=True), Needs(foldable=False)
    assert Called((TEN, FOLD)).why_not(folds) == ""
    assert Called((TEN,)).why_not(folds) == "no handset can run it: the nearest, ten, lacks foldable"
    assert Called((TEN,), ("away",)).why_not(folds) == ""
    mi10 = Variant("Mi 10")
    assert Called((TEN, FOLD)).why_not(folds, mi10) == "no Mi 10 can run it: the nearest, ten, lacks foldable"
    assert Called((TEN, FOLD), ("away",)).why_not(flat, mi10) == ""
    assert Called((FOLD,), ("ten",), before=(TEN,)).why_not(flat, mi10) == ""


def test_a_run_that_is_continued_remembers_who_was_there() -> None:
    """A handset that has gone meanwhile still gives its tests their names."""
    called = Called((FOLD,), before=(replace(TEN),))
    assert [each.label for each in variants_of("model", (*called.present, *called.before))] == [
        "Xiaomi MIX Fold 3",
        "Mi 10",
    ]


def test_the_roll_is_called_once_and_kept(tmp_path: Path) -> None:
    """Virtual handsets are known without being started; who does not answer is told, with what the file says of it.

    A later call in the same folder remembers who was there.
    """
    asked: list[str] = []

    def away(handset: Handset) -> Target:
        asked.append(handset.name)
        raise HandsetError(handset.name, "away")

    ten = VirtualHandset(name="ten", kind="virtual", profile="xiaomi-10")
    stated = Stated(model="Pixel 8")
    p8 = TcpHandset(name="p8", kind="tcp", address="127.0.0.1:1", capabilities=stated)
    p9 = TcpHandset(name="p9", kind="tcp", address="127.0.0.1:2")
    roll = Roll((p8, ten, p9), away, tmp_path)
    called = roll.call()
    assert roll.call() is called
    assert (sorted(asked), sorted(roll.silent)) == (["p8", "p9"], ["p8", "p9"])
    assert (called.present, called.silent) == ((TEN,), ("p8", "p9"))
    assert [(handset.name, handset.model) for handset in called.before] == [("p8", "Pixel 8")]
    assert read_called(tmp_path).present == called.present
    again = Roll((p9,), away, tmp_path).call()
    assert (again.present, {handset.name for handset in again.before}) == ((), {"p8", "ten"})
