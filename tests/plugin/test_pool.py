"""The handsets of one process: which is used, which is not any more, and why; with sessions that do as told."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import AssistantError, HandsetError
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.fleet.requeue import Present
from framework.fleet.usable import Found
from framework.plugin import pool as pool_module
from framework.plugin.pool import Pool, Waiting
from framework.session import Checkup


def identity(name: str) -> HandsetIdentity:
    return HandsetIdentity(name, name, "Xiaomi", name[0], "soc", "14", 34, 8.0, name[0] == "f", False, "fingerprint")


@dataclass
class Fake:
    """A session on a handset; `fails` at opening, `wrong` is what a check finds."""

    name: str
    fails: Exception | None = None
    wrong: str | None = None
    rests: int = 0
    """Looks for which it rests."""
    checks: int = 0
    closed: threading.Event = field(default_factory=threading.Event)
    stuck: threading.Event | None = None
    unit: str = ""

    @property
    def identity(self) -> HandsetIdentity:
        return identity(self.name)

    @property
    def handset(self) -> Any:
        return SimpleNamespace(target=Target(self.name), unit=lambda: self.unit)

    kept = ()

    def open(self, *, lease_timeout_s: float) -> None:
        if self.fails is not None:
            raise self.fails

    def check(self) -> Checkup:
        self.checks += 1
        if self.rests > 0:
            self.rests -= 1
            return Checkup(self.name, {}, time_scale=100, rests_s=1.0)
        return Checkup(self.name, {}, None if self.wrong is None else f"{self.name}: {self.wrong}")

    def __exit__(self, *_: object) -> None:
        if self.stuck is not None:
            self.stuck.wait(30)
        self.closed.set()


@dataclass
class Lab:
    pool: Pool
    fakes: dict[str, Fake]

    def found(self, *, foldable: bool | None = None, **rest: Any) -> str | None:
        session = self.pool.find(lambda handset: foldable in (None, handset.foldable), **rest)
        return None if session is None else session.identity.name


def lab(*fakes: Fake, known: bool = False) -> Lab:
    made = {fake.name: fake for fake in fakes}

    def begin(target: Target) -> Any:
        return made[target.name]

    waiting = [Waiting(lambda name=name: Target(name), identity(name) if known else None) for name in made]  # type: ignore[misc]
    return Lab(Pool(waiting, begin), made)


@pytest.fixture(autouse=True)
def looked_at_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pool._is_well, "__defaults__", (0.0,))


def test_the_first_that_can() -> None:
    """One that is known to lack something is not even opened."""
    made = lab(Fake("fold"), Fake("ten"), known=True)
    assert (made.found(foldable=False), made.found(), made.found(foldable=True)) == ("ten", "ten", "fold")
    assert made.found(foldable=True, avoided=("fold",)) is None


def test_one_that_others_have_is_waited_for_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is free comes first, what is another one of ours is not used, and of the others the first is waited for."""
    units = {"a": "1", "b": "2", "c": "3", "d": "3"}
    made, had = {name: Fake(name, unit=unit) for name, unit in units.items()}, {"a", "b"}

    def ask(where: Target, lease_timeout_s: float) -> Found:
        return Found(identity(where.name), where.name not in had, units[where.name])

    monkeypatch.setattr(pool_module, "identify", ask)
    waiting = [Waiting(lambda name=name: Target(name), shared=True) for name in made]  # type: ignore[misc]
    wait = Lab(Pool(waiting, lambda target: made[target.name]), made)  # type: ignore[arg-type, return-value]
    assert [wait.found(avoided=tuple(used)) for used in ("", "c", "ca", "cab")] == ["c", "a", "b", None]
    assert [error.handset for error in wait.pool.unavailable] == ["d"]


def test_one_that_cannot_be_used_is_passed_over() -> None:
    """And told."""
    made = lab(Fake("fold", HandsetError("fold", "held by Mai")), Fake("ten"))
    assert (made.found(), list(map(str, made.pool.unavailable))) == ("ten", ["fold: held by Mai"])
    assert [str(error) for error in made.pool.lost(lambda handset: handset.foldable)] == ["fold: held by Mai"]


def test_one_that_is_found_sick_is_not_used_any_more() -> None:
    """It is looked at before each use; given back at once, and its cause is the first."""
    made = lab(Fake("fold"), Fake("ten"))
    assert made.found() == "fold"
    made.fakes["fold"].wrong = "its storage is full"
    assert made.found() == "ten"
    assert (made.pool.quarantined, made.fakes["fold"].closed.is_set()) == ({"fold": "its storage is full"}, True)
    assert [str(error) for error in made.pool.lost(lambda _: True)] == ["fold: its storage is full"]


def test_one_that_rests_is_passed_over_and_waited_for() -> None:
    """Another one is used meanwhile; where there is none, it is looked at until it is well, or quarantined."""
    made = lab(Fake("fold"), Fake("ten"))
    assert made.found() == "fold"
    made.fakes["fold"].rests = 2
    assert (made.found(), made.found(foldable=True), made.pool.quarantined) == ("ten", "fold", {})
    made.fakes["fold"].rests, made.fakes["fold"].wrong = 2, "it is too hot, after 10 min of rest"
    assert made.found(foldable=True) is None
    assert made.pool.quarantined == {"fold": "it is too hot, after 10 min of rest"}


def test_one_that_loses_two_tests_is_not_used_any_more() -> None:
    """Whatever a check of it finds."""
    made = lab(Fake("fold"), Fake("ten"))
    for test in "ab":
        session = made.pool.find(lambda _: True)
        assert session is not None
        assert session.identity.name == "fold"
        made.pool.ended(session, test, Verdict.LAB, f"LAB: fold: no answer to {test}")
    assert (made.found(), made.pool.quarantined) == ("ten", {"fold": "no answer to a"})


def test_a_lost_test_goes_where_it_is_sent() -> None:
    """That handset is looked at however short a time ago it was; failing it, any but those that have lost it."""
    made = lab(Fake("fold"), Fake("ten"), Fake("two"), known=True)
    assert made.found() == "fold"
    assert made.found(wanted=("two",), avoided=("fold",)) == "two"
    made.fakes["two"].wrong = "its battery is at 1 %"
    assert made.found(wanted=("two",), avoided=("fold",)) == "ten"


def test_a_build_that_does_not_start_is_told_once() -> None:
    """By the test that meets it, asked beforehand or not; the next one goes elsewhere, or nowhere."""
    broken = AssistantError("compact 1.0.0", "no ready event within 60 s")
    made = lab(Fake("fold", broken), Fake("ten"))
    assert made.pool.ready()
    with pytest.raises(AssistantError, match="no ready event"):
        made.found()
    assert (made.pool.start_failure, made.found()) == ((broken, identity("fold")), "ten")
    assert made.pool.quarantined == {
        "fold": "the build does not start on it: compact 1.0.0: no ready event within 60 s"
    }
    alone = lab(Fake("fold", broken))
    with pytest.raises(AssistantError):
        alone.found()
    assert (alone.found(), alone.pool.ready()) == (None, False)


def test_who_is_present_is_asked_without_being_opened() -> None:
    """Open ones and waiting ones alike, with what they can."""
    made = lab(Fake("fold"), Fake("ten"), known=True)
    made.found()
    present = list(made.pool.present(lambda handset: not handset.foldable))
    assert present == [Present("fold", "f", fits=False), Present("ten", "t")]


def test_a_dead_handset_is_given_back_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long closing it takes: the next one is used meanwhile."""
    monkeypatch.setattr(pool_module, "CLOSE_S", 0.2)
    made = lab(Fake("fold", stuck=threading.Event()), Fake("ten"))
    assert made.found() == "fold"
    began = time.monotonic()
    made.pool.change(Waiting(lambda: Target("ten")))
    assert (made.found(), time.monotonic() - began < 5, made.fakes["fold"].closed.is_set()) == ("ten", True, False)
    stuck = made.fakes["fold"].stuck
    assert stuck is not None
    stuck.set()
    assert made.fakes["fold"].closed.wait(5)
