"""Holds and quarantines on the handset, with a real mksh and toybox; whether one is over, by which clock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from framework.contract.errors import HandsetError
from framework.contract.marks import Marks
from framework.handset import marks
from framework.handset.adbd import AdbdConnection
from framework.handset.shell import HandsetShell


@pytest.fixture
def shell(straight: AdbdConnection) -> HandsetShell:
    return HandsetShell("phone", straight)


def hold_text(*, for_s: float | None = 100, boot: str = "b1", now: str = "now 50.5 b1 2000", **more: Any) -> str:
    """What the handset prints of a hold that began at boot time 10 and wall time 1000."""
    times = {"boot_id": boot, "since_boot_s": 10.0, "since_wall_s": 1000, "for_s": for_s}
    return f"{now}\nhold\n{json.dumps({'who': 'a@b', 'why': 'c', **times, **more})}"


def test_marks_stay_without_us_until_released(shell: HandsetShell) -> None:
    """Put by one connection, they are told to whoever asks, whatever is in their words, until they are taken away."""
    assert marks.ask(shell, 1) == Marks()
    held = marks.put("phone", shell, 1, "hold", 'Jin "上海"@host', "it's $HOME; \\x", for_s=7200)
    quarantined = marks.put("phone", shell, 1, "quarantine", "a@b", "battery is swollen")
    told = marks.ask(shell, 1)
    assert told.hold is not None
    assert told.hold.left_s is not None
    assert (told.hold.who, told.hold.why, told.hold.raw) == ('Jin "上海"@host', "it's $HOME; \\x", held.raw)
    assert 7190 < told.hold.left_s <= 7200
    assert told.quarantine == quarantined
    assert (quarantined.left_s, told.lease) == (None, None)
    marks.remove("phone", shell, told.hold)
    assert marks.ask(shell, 1) == Marks(quarantine=quarantined)


def test_a_mark_of_somebody_else_is_not_overwritten(shell: HandsetShell) -> None:
    """Who has not seen the mark that is there neither puts another in its place nor takes it away."""
    first = marks.put("phone", shell, 1, "hold", "a@b", "first", for_s=60)
    with pytest.raises(HandsetError, match=r"phone: its hold was changed at the same time by somebody else .try again"):
        marks.put("phone", shell, 1, "hold", "c@d", "second", for_s=60)
    second = marks.put("phone", shell, 1, "hold", "a@b", "longer", for_s=120, over=first)
    with pytest.raises(HandsetError, match="changed at the same time"):
        marks.remove("phone", shell, first)
    marks.remove("phone", shell, second)
    assert marks.ask(shell, 1) == Marks()


@pytest.mark.parametrize(
    ("text", "left_s"),
    [
        (hold_text(), 59.5),  # by the boot clock, whatever the wall clock says
        (hold_text(now="now 50.5 b1 99999999"), 59.5),
        (hold_text(now="now 110.0 b1 1000"), None),  # over
        (hold_text(boot="b0", now="now 5.0 b1 1030"), 70.0),  # restarted: by the wall clock
        (hold_text(boot="b0", now="now 5.0 b1 1100"), None),
        (hold_text(boot="b0", now="now 5.0 b1 3"), 100.0),  # set back: no longer than it was to be
        (hold_text(now="now nonsense"), 100.0),
    ],
)
def test_by_which_clock_a_hold_ends(text: str, left_s: float | None) -> None:
    """None where it is over."""
    hold = marks.read_marks(text, 1).hold
    assert (None if hold is None else hold.left_s) == left_s


def test_a_hold_is_in_host_time() -> None:
    """Where the handset's time runs ten times as fast, ten of its seconds are one of ours."""
    hold = marks.read_marks(hold_text(), 10).hold
    assert hold is not None
    assert hold.left_s == 5.95


@pytest.mark.parametrize("raw", ["", "{", "[]", '{"who":"a"}', '{"for_s":"x","since_wall_s":1e999,"who":1,"why":2}'])
def test_what_cannot_be_read_stays_until_it_is_released(raw: str) -> None:
    """Another version, or a person, may have written it: better held too long than taken from somebody."""
    hold = marks.read_marks(f"now 1.0 b 2\nhold\n{raw}", 1).hold
    assert hold is not None
    assert (hold.who, hold.left_s, hold.raw) == ("someone", None, raw)


def test_the_lease_is_told_with_them() -> None:
    """All in one question."""
    holder = '{"who":"a@b","why":"c","since_wall_s":5,"counter":1}'
    told = marks.read_marks(f"{hold_text()}\nHELD\n{holder}", 1)
    assert told.hold is not None
    assert told.lease is not None
    assert (told.lease.who, told.hold.who) == ("a@b", "a@b")
    assert marks.read_marks("now 1.0 b 2\nHELD", 1).lease is not None  # just being taken
