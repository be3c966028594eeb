from __future__ import annotations

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset, TcpHandset
from framework.contract.run import HandsetIdentity
from framework.fleet.usable import Found
from framework.plugin import assignment as assignment_module
from framework.plugin.assignment import Assignment


def away(handset: Handset) -> Target:
    raise HandsetError(handset.name, "away")


def test_the_first_cause_is_kept() -> None:
    """Each handset is tried once; every worker that gets none is told the first reason, and all reasons are kept."""
    handsets = [TcpHandset(name=name, kind="tcp", address="127.0.0.1:1") for name in ("one", "two")]
    assignment = Assignment(handsets, away)
    for worker in ("gw0", "gw1"):
        with pytest.raises(HandsetError, match="one: away"):
            assignment.give(worker)
    assert [str(error) for error in assignment.unavailable] == ["one: away", "two: away"]


def test_a_handset_that_nobody_has_is_given_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that others have is waited for only when there is no other, and then the first of them."""
    identities = {name: HandsetIdentity(name, "", "", "", "", "14", 34, 8, False, True, "") for name in "abcd"}
    had = {"a", "b"}

    def ask(where: Target, lease_timeout_s: float) -> Found:
        return Found(identities[where.name], where.name not in had, where.name)

    monkeypatch.setattr(assignment_module, "identify", ask)
    handsets = [TcpHandset(name=name, kind="tcp", address="127.0.0.1:1") for name in "abcd"]
    assignment = Assignment(handsets, lambda handset: Target(handset.name))
    assert [assignment.give(f"gw{number}").name for number in range(2)] == ["c", "d"]
    assert list(assignment.known) == ["c", "d"]
    assert [assignment.give(f"gw{number}").name for number in range(2, 4)] == ["a", "b"]
    assignment.take_back("gw2")
    assert assignment.give("gw4").name == "a"


def test_a_successor_does_not_wait_for_a_handset_that_may_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a run goes on, a worker that replaces a dead one has that one's handset, or none until one has answered."""
    identity = HandsetIdentity("a", "", "", "", "", "14", 34, 8, False, True, "")
    monkeypatch.setattr(assignment_module, "identify", lambda where, lease_timeout_s: Found(identity, True, ""))
    handsets = [TcpHandset(name=name, kind="tcp", address="127.0.0.1:1") for name in "ab"]
    sick: set[str] = set()
    assignment = Assignment(handsets, lambda handset: Target(handset.name), lambda name: name not in sick)
    assignment.give("gw0")
    assignment.take_back("gw0")
    assert assignment.give_again("gw1").name == "a"
    assignment.take_back("gw1")
    sick.add("a")
    with pytest.raises(HandsetError, match="all are quarantined or in use"):
        assignment.give_again("gw2")
    assert [handset.name for handset in assignment.free] == ["b"]
