"""When a handset is taken out of a run, and what is told as the reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.verdict import Verdict
from framework.fleet.health import LAB_IN_A_ROW, SUSPECT_ON, Health

VERDICTS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(list(Verdict))), max_size=12)


def health_after(*ended: tuple[str, Verdict]) -> Health:
    """One handset, `h`, on which tests ended so; each says its number as the reason."""
    health = Health()
    for number, (test, verdict) in enumerate(ended):
        health.ended("h", test, verdict, f"reason {number}")
    return health


def test_two_lab_verdicts_in_a_row() -> None:
    """The second one takes it out; what is told is what went wrong first."""
    assert health_after(("a", Verdict.LAB)).cause("h") is None
    assert health_after(("a", Verdict.LAB), ("b", Verdict.LAB)).quarantined == {"h": "reason 0"}


def test_a_pass_clears_doubts_and_nothing_else_does() -> None:
    """FAIL may have been the handset's doing, and the others tell nothing."""
    for verdict in Verdict:
        health = health_after(("a", Verdict.LAB), ("b", verdict), ("c", Verdict.LAB))
        assert (health.cause("h") is None) == (verdict is Verdict.PASS), verdict


def test_one_test_counts_once() -> None:
    """However often the same test ends LAB on a handset: it may be the test."""
    assert health_after(*[("a", Verdict.LAB)] * 5).quarantined == {}


def test_a_failed_check_takes_it_out_at_once() -> None:
    """Even after it did well; a doubt from before is told as the cause."""
    health = health_after(("a", Verdict.PASS))
    health.checked("h", None)
    assert health.cause("h") is None
    health.checked("h", "its storage is full")
    health.checked("h", "it does not answer")
    assert health.quarantined == {"h": "its storage is full"}
    doubted = health_after(("a", Verdict.LAB))
    doubted.checked("h", "it does not answer")
    assert doubted.cause("h") == "reason 0"


def test_a_test_that_breaks_every_handset_does_not_take_the_fleet_with_it() -> None:
    """After two handsets its LAB counts against no other."""
    health = Health()
    for handset in ("one", "two", "three", "four"):
        for test in ("a", "b"):
            health.ended(handset, test, Verdict.LAB, test)
    assert list(health.quarantined) == ["one", "two"][:SUSPECT_ON]


@given(VERDICTS)
def test_the_policy_is_what_it_says(ended: list[tuple[str, Verdict]]) -> None:
    """Out if and only if so many different tests ended LAB without a PASS between; never in again."""
    row: list[str] = []
    out = False
    for test, verdict in ended:
        row = [] if verdict is Verdict.PASS else row + [test] * (verdict is Verdict.LAB)
        out = out or len(set(row)) >= LAB_IN_A_ROW
    assert (health_after(*ended).cause("h") is not None) == out


@given(VERDICTS)
def test_handsets_are_judged_apart(ended: list[tuple[str, Verdict]]) -> None:
    """What ends on one says nothing of another, but for tests that break several."""
    health = health_after(*ended)
    assert health.cause("other") is None
    health.ended("other", "new", Verdict.LAB)
    assert health.cause("other") is None
