from __future__ import annotations

from dataclasses import replace

import pytest

from framework.contract.run import HandsetIdentity
from framework.contract.scenario import Needs
from framework.fleet.match import missing

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
)


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
    ],
)
def test_what_a_handset_lacks_is_told_in_words(needs: Needs, lacks: tuple[str, ...]) -> None:
    """Each need that the handset does not meet is named with what it has; a bare number means at least."""
    assert missing(needs, FOLD) == lacks


def test_an_unreadable_release_meets_no_need() -> None:
    """A handset whose Android release cannot be read is not taken for a new one."""
    assert missing(Needs(android=">=1"), replace(FOLD, android="Baklava")) == ("android >=1 (has Baklava)",)
