from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing, nearest

FOLD = HandsetIdentity(
    name="mix-fold-3",
    serial="s",
    manufacturer="Xiaomi",
    model="MIX Fold 3",
    soc="SM8550",
    android="14",
    sdk=34,
    ram_gb=15.5,
    foldable=True,
    emulated=True,
    fingerprint="f",
    tags=("flagship",),
    system="HyperOS 1.0.9.0",
    fold_states=("closed", "open"),
    free_gb=100.0,
)
SLAB = replace(FOLD, name="slab", model="Xiaomi 12", foldable=False, fold_states=(), android="12", ram_gb=8.0, tags=())


@pytest.mark.parametrize(
    ("needs", "lacks"),
    [
        (Needs(), ()),
        (Needs(foldable=True, ram_gb=">=8", android=">= 13", tags=("flagship",)), ()),
        (Needs(foldable=False), ("not foldable",)),
        (Needs(ram_gb="16"), ("ram_gb 16 (has 15.5)",)),
        (Needs(ram_gb="<8"), ("ram_gb <8 (has 15.5)",)),
        (Needs(android=">14"), ("android >14 (has 14)",)),
        (Needs(tags=("flagship", "lab-2")), ("tag lab-2",)),
        (Needs(fold_states=("closed", "half_open")), ("fold_states half_open (has closed, open)",)),
        (Needs(ram_gb=">=8 <12", free_gb=128), ("ram_gb >=8 <12 (has 15.5)", "free_gb 128 (has 100)")),
        (Needs(android=">=12 <14"), ("android >=12 <14 (has 14)",)),
        (Needs(system="HyperOS >=1"), ()),
        (Needs(system="MIUI 14"), ("system MIUI 14 (has HyperOS 1.0.9.0)",)),
        (Needs(soc="sm8550", model="xiaomi mix*"), ()),
        (Needs(soc=("SM8475", "SM8450")), ("soc SM8475 or SM8450 (has SM8550)",)),
        (Needs(model="Xiaomi 13"), ("model Xiaomi 13 (is Xiaomi MIX Fold 3)",)),
        (Needs(emulated=False), ("not emulated",)),
        (Needs(any_of=(Needs(tags="lab-2"), Needs(android="14"))), ()),
        (
            Needs(any_of=(Needs(tags="lab-2", android=15), Needs(any_of=(Needs(foldable=False),)))),
            ("any of [android 15 (has 14) and tag lab-2] or [any of [not foldable]]",),
        ),
    ],
)
def test_what_a_handset_lacks_is_told_in_words(needs: Needs, lacks: tuple[str, ...]) -> None:
    """Each need that the handset does not meet is named with what it has; a bare number means at least."""
    assert missing(needs, FOLD) == lacks


def test_what_a_handset_does_not_tell_meets_no_need() -> None:
    """Free storage and the maker's system may be unknown."""
    silent = replace(FOLD, free_gb=None, system="")
    assert missing(Needs(free_gb="<500", system="HyperOS"), silent) == (
        "free_gb <500 (it does not tell)",
        "system HyperOS (it does not tell)",
    )


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (Needs(foldable=True), ""),
        (Needs(tags="lab-2", android=13), "the nearest, fold, lacks tag lab-2"),
        (Needs(ram_gb="<6", foldable=False), "the nearest, slab, lacks ram_gb <6 (has 8)"),
        (
            Needs(any_of=(Needs(ram_gb=64, foldable=True), Needs(android="<12", foldable=True))),
            "the nearest, fold, lacks any of [ram_gb 64 (has 15.5)] or [android <12 (has 14)]",
        ),
    ],
)
def test_the_nearest_handset_lacks_least(needs: Needs, words: str) -> None:
    """Who comes closest is named with what it lacks; nothing is said where one of them can run it."""
    assert nearest(needs, [SLAB, replace(FOLD, name="fold")]) == words


def test_nothing_is_near_where_there_is_nothing() -> None:
    """A fleet without handsets says so."""
    assert nearest(Needs(), []) == "there is no handset"


SINGLE = st.one_of(
    st.builds(Needs, foldable=st.booleans()),
    st.builds(Needs, ram_gb=st.sampled_from([">=8", "<12", "==8", ">8 <15"])),
    st.builds(Needs, android=st.sampled_from([">=13", "12", "<14", "!=12"])),
    st.builds(Needs, tags=st.sampled_from(["flagship", "lab-2"])),
    st.builds(Needs, model=st.sampled_from(["*fold*", "Xiaomi 12"])),
)
HANDSETS = st.sampled_from([FOLD, SLAB])


@given(SINGLE, SINGLE, HANDSETS)
def test_alternatives_are_an_or(one: Needs, other: Needs, handset: HandsetIdentity) -> None:
    """any_of holds exactly where one of its members does, in whichever order they stand."""
    either = not missing(one, handset) or not missing(other, handset)
    assert (not missing(Needs(any_of=(one, other)), handset)) == either
    assert (not missing(Needs(any_of=(other, one)), handset)) == either


@given(SINGLE, SINGLE, HANDSETS)
def test_needs_are_an_and(one: Needs, other: Needs, handset: HandsetIdentity) -> None:
    """A need more never makes a handset fit; beside alternatives both must hold."""
    both = one.model_copy(update={"any_of": (other,)})
    assert (not missing(both, handset)) == (not missing(one, handset) and not missing(other, handset))


@given(SINGLE, st.lists(HANDSETS, min_size=1, max_size=4))
def test_something_is_near_exactly_where_nothing_fits(needs: Needs, fleet: list[HandsetIdentity]) -> None:
    """Words are only said about what no handset of the fleet can run."""
    assert (nearest(needs, fleet) == "") == any(not missing(needs, handset) for handset in fleet)


def test_an_unreadable_release_meets_no_need() -> None:
    """A handset whose Android release cannot be read is not taken for a new one."""
    assert missing(Needs(android=">=1"), replace(FOLD, android="Baklava")) == ("android >=1 (has Baklava)",)
