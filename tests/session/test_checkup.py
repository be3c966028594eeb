"""What keeps a test from running on a handset: by its vitals alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framework.contract.vitals import AndroidState, Vitals
from framework.session.checkup import Mend, wrongs

UP = AndroidState("boot-1", "1254", completed=True, missing=())
WELL = Vitals(UP, True, 9000.0, 80.0, True, 28.0, 30.0, 0, True, False)
UNKNOWN = Vitals(UP)


@pytest.mark.parametrize("vitals", [WELL, UNKNOWN, replace(WELL, battery=3.0), replace(WELL, thermal_status=4)])
def test_nothing_is_wrong(vitals: Vitals) -> None:
    """With one that is well, that charges, that is hot but not beyond use, or that does not tell."""
    assert list(wrongs(vitals, screen=True)) == []


@pytest.mark.parametrize(
    ("vitals", "said", "mend", "excuses"),
    [
        (replace(WELL, android=replace(UP, missing=("package",))), "Android is dead", Mend.LADDER, True),
        (replace(WELL, android=replace(UP, completed=False)), "Android is starting", Mend.LADDER, True),
        (replace(WELL, free_mb=19.0, writable=False), "its storage is full: 19 MB are left", Mend.NOTHING, True),
        (replace(WELL, writable=False), "nothing can be written", Mend.NOTHING, True),
        (replace(WELL, battery=5.0, charging=False), "its battery is at 5 % and does not charge", Mend.REST, False),
        (replace(WELL, thermal_status=5, skin_c=61.0), "status is 5 (emergency): its skin has 61", Mend.REST, False),
        (replace(WELL, awake=False, locked=True), "its screen is dark", Mend.UNLOCK, True),
        (replace(WELL, locked=True), "its screen is locked", Mend.UNLOCK, True),
    ],
)
def test_what_is_wrong(vitals: Vitals, said: str, mend: Mend, *, excuses: bool) -> None:
    """Told in words, with what may help, and whether a build can fail because of it."""
    (found,) = wrongs(vitals, screen=True)
    assert (said in found.what, found.mend, found.excuses) == (True, mend, excuses), found


def test_a_screen_that_is_not_ours_may_be_dark() -> None:
    """With --no-prepare the handset is taken as it is."""
    assert list(wrongs(replace(WELL, awake=False, locked=True), screen=False)) == []


def test_what_explains_most_comes_first() -> None:
    """A handset that has restarted shows its lock screen, too."""
    both = replace(WELL, android=replace(UP, completed=False), locked=True)
    assert [found.mend for found in wrongs(both, screen=True)] == [Mend.LADDER, Mend.UNLOCK]
