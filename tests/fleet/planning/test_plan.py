"""What a fleet would make of a workload."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing
from framework.fleet.planning.plan import USUAL_S, Task, plan

FOLD = HandsetIdentity(
    name="fold",
    serial="s",
    manufacturer="Xiaomi",
    model="MIX Fold 3",
    soc="SM8550",
    android="14",
    sdk=34,
    ram_gb=16,
    foldable=True,
    emulated=True,
    fingerprint="f",
)
SLAB = replace(FOLD, name="slab", model="Xiaomi 10", android="12", ram_gb=8, foldable=False)
FLEET = (FOLD, SLAB, replace(SLAB, name="slab-2", serial="t"))


def test_a_test_for_one_model_runs_there() -> None:
    """Whatever else could run it; where that model is not, that is why it cannot run."""
    made = plan([Task("a", model="Xiaomi 10"), Task("b", model="Xiaomi 14"), Task("c", Needs(foldable=True))], FLEET)
    assert [[entry.job for entry in row.planned] for row in made.rows] == [["c"], ["a"], []]
    assert made.unrunnable == {"b": "there is no Xiaomi 14"}


def test_a_test_for_one_handset_runs_there() -> None:
    """Though others are like it, and have nothing to do."""
    made = plan([Task("a", model="Xiaomi 10", handset="slab-2"), Task("b", model="Xiaomi 10", handset="x")], FLEET)
    assert [[entry.job for entry in row.planned] for row in made.rows] == [[], [], ["a"]]
    assert made.unrunnable == {"b": "there is no x"}


def test_a_test_for_one_model_that_lacks_something() -> None:
    """Only handsets of that model count as near."""
    made = plan([Task("a", Needs(foldable=True), model="Xiaomi 10")], FLEET)
    assert made.unrunnable == {"a": "the nearest, slab, lacks foldable"}


def test_durations_may_differ_by_model() -> None:
    """Where a test runs decides how long it takes."""
    took = {"MIX Fold 3": 10.0, "Xiaomi 10": 30.0}
    made = plan([Task("a", Needs(foldable=True), took), Task("b", Needs(foldable=False), took)], FLEET)
    assert [row.end_s for row in made.rows] == [10, 30, 0]


def test_where_nothing_is_known_a_usual_duration_is_taken() -> None:
    """And said for which tests."""
    made = plan([Task("a"), Task("b")], FLEET)
    assert (made.guess_s, made.guessed, made.makespan_s) == (USUAL_S, ("a", "b"), USUAL_S)


def test_free_storage_counts_though_handsets_are_alike() -> None:
    """Two handsets that differ in nothing else."""
    fleet = [replace(SLAB, name="full", free_gb=1), replace(SLAB, name="empty", free_gb=90)]
    made = plan([Task("a", Needs(free_gb=">=8"))], fleet)
    assert [len(row.planned) for row in made.rows] == [0, 1]


NEEDS = st.sampled_from([Needs(), Needs(foldable=True), Needs(ram_gb="<12"), Needs(android=">=13"), Needs(tags="no")])
TASKS = st.lists(st.tuples(NEEDS, st.one_of(st.none(), st.floats(0.1, 100))), max_size=20)


@given(TASKS, st.permutations(FLEET))
def test_every_test_is_planned_or_told(drawn: list[tuple[Needs, float | None]], fleet: list[HandsetIdentity]) -> None:
    """Once, on a handset that can run it, one at a time; else with a reason; never in less time than the bound."""
    tasks = [Task(f"t{n}", needs, {} if s is None else {"": s}) for n, (needs, s) in enumerate(drawn)]
    made = plan(tasks, fleet)
    needs = {task.id: task.needs for task in tasks}
    runs = [(entry.job, row.handset) for row in made.rows for entry in row.planned]
    assert sorted([job for job, _ in runs] + list(made.unrunnable)) == sorted(needs)
    assert [job for job, handset in runs if missing(needs[job], handset)] == []
    assert all(made.unrunnable.values())
    assert all(
        before.end_s <= after.begin_s
        for row in made.rows
        for before, after in zip(row.planned, row.planned[1:], strict=False)
    )
    assert made.ratio >= 1 - 1e-9
