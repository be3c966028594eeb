"""What devices.yaml says of a handset, beside what it says itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framework.contract.run import HandsetIdentity
from framework.handset.stated import Stated, merged

SAID = HandsetIdentity(
    "fold",
    "s",
    "Xiaomi",
    "MIX Fold 3",
    "SM8550",
    "14",
    34,
    16,
    True,
    True,
    "f",
    system="HyperOS 1.0.9.0",
    fold_states=("closed", "open"),
    free_gb=100.5,
)


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"ram_gb": 16.0, "foldable": True, "android": "14"},
        {"system": "HyperOS"},
        {"system": "hyperos 1.0"},
        {"soc": "sm8550", "model": "MIX Fold 3"},
        {"fold_states": ("open", "closed"), "free_gb": 256.0},
    ],
)
def test_what_agrees_changes_nothing(stated: dict[str, Stated]) -> None:
    """Text may be stated in part, and in any case; postures in any order; how much room there is changes."""
    found = merged(SAID, stated)
    assert (found, found.contradictions) == (SAID, ())


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"ram_gb": 12.0}, "devices.yaml says ram_gb: 12, the handset 16"),
        ({"foldable": False}, "devices.yaml says foldable: false, the handset true"),
        ({"fold_states": ("open",)}, "devices.yaml says fold_states: [open], the handset [closed, open]"),
        ({"android": "1"}, "devices.yaml says android: 1, the handset 14"),
        ({"system": "HyperOS 2"}, "devices.yaml says system: HyperOS 2, the handset HyperOS 1.0.9.0"),
    ],
)
def test_the_handsets_word_counts_and_the_difference_is_told(stated: dict[str, Stated], told: str) -> None:
    """It is what scenarios are matched against; who wrote the file learns of it."""
    found = merged(SAID, stated)
    assert (found, found.contradictions) == (SAID, (told,))


def test_what_it_does_not_say_is_taken_from_the_file() -> None:
    """An old system names no SoC, and a kernel may hide the memory."""
    silent = replace(SAID, soc="", ram_gb=0.0, system="")
    assert merged(silent, {"soc": "SM8550", "ram_gb": 16.0, "system": "HyperOS"}) == replace(SAID, system="HyperOS")
