"""Which rung is next: decisions without a handset."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from framework.handset.ladder import (
    ANDROID,
    LADDER,
    REBOOT,
    RECONNECT,
    SERVER,
    STREAM,
    Android,
    Link,
    Mends,
    Rung,
    Situation,
    next_rung,
    server_step,
)

SITUATIONS = [
    Situation(link, android, *flags)
    for link, android, flags in product(get_args(Link), get_args(Android), product((False, True), repeat=4))
]


def climbed(situation: Situation) -> list[Rung]:
    """All that is tried when nothing helps."""
    tried: list[Rung] = []
    while (rung := next_rung(situation, tried)) is not None:
        tried.append(rung)
    return tried


def test_the_ladder_ends_and_goes_up() -> None:
    """In each situation: from mild to grave, nothing twice, and each rung has a deadline."""
    for situation in SITUATIONS:
        tried = climbed(situation)
        assert tried == [rung for rung in LADDER if rung in tried], situation
        assert all(0 < rung.within_s <= 180 for rung in tried)


def test_nothing_is_restarted_in_the_middle_of_a_measurement() -> None:
    """Nor where nobody has allowed it, nor without a connection to it."""
    restarted = [each for each in SITUATIONS if REBOOT in climbed(each)]
    assert restarted
    assert all(each.may_reboot and each.link == "up" for each in restarted)


@pytest.mark.parametrize(
    ("situation", "rungs"),
    [
        (Situation("lost"), [RECONNECT]),
        (Situation("offline"), [RECONNECT]),
        (Situation("lost", server=True), [RECONNECT, SERVER]),
        (Situation("offline", server=True), [RECONNECT]),
        (Situation("offline", server=True, ours=True), [RECONNECT, SERVER]),
        (Situation("lost", server=True, tcp=False), [RECONNECT]),
        (Situation("unauthorized", server=True, ours=True), []),
        (Situation(android="starting"), [STREAM, ANDROID]),
        (Situation(android="dead", may_reboot=True), [STREAM, ANDROID, REBOOT]),
        (Situation(), [STREAM]),
    ],
    ids=str,
)
def test_what_is_tried(situation: Situation, rungs: list[Rung]) -> None:
    """Nothing that cannot help."""
    assert climbed(situation) == rungs


def test_what_an_adb_server_is_asked() -> None:
    """Another's never to disconnect: that would take everybody's forwards away."""
    steps = {each: server_step(each) for each in SITUATIONS if each.server}
    assert {step for each, step in steps.items() if not each.ours} == {"wait", "connect"}
    assert steps[Situation("offline", server=True, ours=True)] == "disconnect and connect"


def test_what_was_done_is_told_from_a_mark_on() -> None:
    """With whether it helped, how long it took, and what was wrong."""
    mends = Mends()
    mends.note(RECONNECT.name, 1.24, "the connection is gone")
    mark = mends.mark()
    mends.note(SERVER.name, 15, "not found", worked=False)
    assert mends.since(0)[0] == "reconnect: done after 1.2 s: the connection is gone"
    assert mends.since(mark) == ("adb server reconnect: of no use for 15.0 s: not found",)
