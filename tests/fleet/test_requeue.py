"""Where a test runs next whose attempt was lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.fleet.requeue import ATTEMPTS, CRASHES, Again, Final, Lost, Present, where_next

A1, A2, B = Present("a1", "A"), Present("a2", "A"), Present("b", "B")
UNFIT = Present("c", "A", fits=False)
NAMES = st.sampled_from(["a1", "a2", "a3", "b1", "b2", "c1"])
LOST = st.lists(st.builds(Lost, NAMES, st.sampled_from("abc"), st.booleans()), min_size=1, max_size=4)
PRESENT = st.lists(st.builds(Present, NAMES, st.sampled_from("abc"), st.booleans()), unique_by=lambda one: one.name)


def test_a_twin_first() -> None:
    """The same model, but not the handset that has failed it."""
    assert where_next([Lost("a1", "A")], [A1, B, A2, UNFIT]) == Again(("a2",), ("a1",), "A")


def test_then_any_that_can() -> None:
    """A twin that lacks something, such as room, is none."""
    assert where_next([Lost("a1", "A")], [A1, B, UNFIT]) == Again(("b",), ("a1",))
    assert where_next([Lost("a1", "A"), Lost("a2", "A")], [A1, A2, B]) == Again(("b",), ("a1", "a2"))


def test_back_to_the_first_model_when_a_twin_has_come() -> None:
    """After another model failed it, too."""
    assert where_next([Lost("a1", "A"), Lost("b", "B")], [A1, A2, B]) == Again(("a2",), ("a1", "b"), "A")


def test_the_end() -> None:
    """Nothing left that can run it, or so many attempts."""
    assert where_next([Lost("a1", "A")], [A1, UNFIT]) == Final("no other handset is left that can run it")
    three = [Lost("a1", "A"), Lost("b", "B"), Lost("d", "D")]
    assert where_next(three, [A2]) == Final("it was run 3 times: on a1, b, d")


def test_a_crash_is_forgiven_once() -> None:
    """And is no fault of the handset."""
    crash = Lost("a1", "A", crashed=True)
    assert where_next([crash], [A1, B]) == Again(("a1",), (), "A")
    assert where_next([crash, crash], [A1, B]) == Final("its worker crashed in 2 attempts")


def test_a_twin_says_whose_fault_it_was_that_the_build_did_not_start() -> None:
    """Another model would prove nothing: what fails on one of them only is the build's failure there."""
    unstarted = Lost("a1", "A", unproven=True)
    assert where_next([unstarted], [A1, A2, B]) == Again(("a2",), ("a1",), "A")
    assert where_next([unstarted], [A1, B]) == Final("no other handset of its model is left to tell whose fault it was")
    assert where_next([Lost("b", "B"), unstarted], [A1, A2, B]) == Again(("a2",), ("b", "a1"), "A")


@given(LOST, PRESENT)
def test_never_where_it_was_lost_nor_where_it_cannot_run(lost: list[Lost], present: list[Present]) -> None:
    """Whatever has happened: what is proposed is there, can run it, has not failed it, and there is an end."""
    found = where_next(lost, present)
    failed = {attempt.handset for attempt in lost if not attempt.crashed}
    good = [one for one in present if one.fits and one.name not in failed]
    over = len(lost) >= ATTEMPTS or sum(attempt.crashed for attempt in lost) > CRASHES
    assert isinstance(found, Final) == (over or not good)
    if isinstance(found, Again):
        twins = [one.name for one in good if one.model == lost[0].model]
        assert found.on == tuple(twins or [one.name for one in good])
        assert set(found.avoid) == failed
