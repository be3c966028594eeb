"""What is loaded for good is out of the garbage collector's way; what comes later is not."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from framework.contract.loading import loading_for_good


class Ring:
    """Refers to itself: only a search for garbage frees it."""

    def __init__(self, told: list[str]) -> None:
        self.itself, self.told = self, told

    def __del__(self) -> None:
        self.told.append("freed")


def test_what_comes_later_is_searched() -> None:
    """Garbage made afterwards is found as ever, and nothing is searched while things are loaded."""
    gc.collect()
    try:
        with loading_for_good():
            searched = gc.isenabled()
        frozen = gc.get_freeze_count()
        told: list[str] = []
        Ring(told)
        gc.collect()
    finally:
        gc.unfreeze()
    assert (searched, frozen > 0, gc.isenabled(), told) == (False, True, True, ["freed"])


def test_after_an_error_garbage_is_searched_for() -> None:
    """What could not be loaded leaves the collector as it was."""
    try:
        with pytest.raises(ImportError), loading_for_good():
            raise ImportError
    finally:
        gc.unfreeze()
    assert gc.isenabled()


def test_who_searches_for_none_is_left_alone() -> None:
    """A process that has switched the collector off keeps it off."""
    code = (
        "import gc; gc.disable()\n"
        "from framework.contract.loading import loading_for_good\n"
        "with loading_for_good(): pass\n"
        "print(gc.isenabled())"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
