from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.fleet.planning.queue import Bound, Job, Queue, Station
from framework.fleet.planning.schedule import play
from framework.fleet.planning.sets import unions

Fits = Callable[[str, str], bool]

A, B, C = (Station(name, model) for name, model in (("a", "13"), ("b", "13"), ("c", "12")))


def everything(job: str, station: str) -> bool:
    return True


def test_the_longest_goes_first() -> None:
    """Among jobs that everybody can run the longest is taken first, and each once."""
    queue = Queue([Job("x", 1), Job("y", 3), Job("z", 2)], [A, B], everything)
    assert [queue.take("a"), queue.take("b"), queue.take("a"), queue.take("a")] == ["y", "z", "x", None]


def test_a_scarce_capability_goes_first() -> None:
    """A handset takes what only it can run before longer work that others can run too."""
    queue = Queue([Job("any", 9), Job("fold", 8)], [A, C], lambda job, name: job == "any" or name == "c")
    assert [queue.take("c"), queue.take("a")] == ["fold", "any"]


def test_a_job_is_given_back_to_a_twin_first() -> None:
    """After a lab fault it goes to another handset of that model; where that is gone, to any other that can."""
    queue = Queue([Job("x", 1)], [A, B, C], everything)
    assert queue.take("a") == "x"
    queue.give_back("x", avoid=["a"], model="13")
    assert (queue.take("a"), queue.take("c")) == (None, None)
    queue.leave("b")
    assert (queue.take("a"), queue.take("c")) == (None, "x")


def test_what_nobody_can_run_is_stuck() -> None:
    """Pending jobs without a handset are told as long as there is none for them."""
    queue = Queue([Job("x", 1), Job("y", 1)], [A], lambda job, name: job == "x" or name == "c")
    assert (queue.stuck(), queue.pending()) == (("y",), ("x", "y"))
    queue.join(C)
    assert queue.stuck() == ()


def test_a_warm_handset_takes_unmeasured_work_first() -> None:
    """Measured jobs wait while there is something else; once it is cool they go by length again."""
    queue = Queue([Job("m", 5, measured=True), Job("x", 1)], [A], everything)
    queue.warm("a", 60)
    assert queue.take("a") == "x"
    queue.give_back("x")
    queue.warm("a", 0)
    assert queue.take("a") == "m"


def test_a_scarce_handset_is_kept_for_its_own_work_only_as_long_as_it_is_needed() -> None:
    """With much that only it can run it takes nothing else; with little it helps with what is longer."""
    jobs = [Job("any", 9), Job("any2", 9), Job("any3", 9), Job("fold", 2)]
    fits = {"any": "ac", "any2": "ac", "any3": "ac", "fold": "c", "more": "c"}
    little = Queue(jobs, [A, C], lambda job, name: name in fits[job])
    assert little.take("c") == "any"
    much = Queue([*jobs, Job("more", 8)], [A, C], lambda job, name: name in fits[job])
    assert [much.take("c"), much.take("a")] == ["more", "any"]


def test_measured_work_goes_to_the_cool_handset() -> None:
    """Where one is warm, the cool one takes measured jobs before longer ones, and the warm one all others."""
    jobs = [Job(f"x{number}", 3) for number in range(8)] + [Job("m", 1, measured=True), Job("n", 1, measured=True)]
    queue = Queue(jobs, [A, B], everything)
    queue.warm("a", 60)
    assert [queue.take("a"), queue.take("b"), queue.take("b"), queue.take("b")] == ["x0", "m", "n", "x1"]


def test_a_warm_handset_leaves_measured_work_to_cool_ones() -> None:
    """As long as they are done before it would be cool; not what they cannot run, nor more than they can do by then."""
    jobs = [Job(f"m{number}", 5, measured=True) for number in range(3)]
    few = Queue(jobs, [A, B], everything)
    few.warm("a", 60)
    assert [few.take("a"), few.take("b"), few.take("a"), few.take("b"), few.take("b")] == [None, "m0", None, "m1", "m2"]
    many = Queue([*jobs, Job("long", 70, measured=True)], [A, B], everything)
    many.warm("a", 60)
    assert many.take("a") is not None
    alone = Queue(jobs[:1], [A, B], lambda job, name: name == "a")
    alone.warm("a", 60)
    assert alone.take("a") == "m0"


def test_warm_handsets_do_not_leave_work_to_each_other() -> None:
    """Nor to one that is cool and would leave it to them, since they hold the build and it does not."""
    jobs = [Job("m", 5, measured=True)]
    queue = Queue(jobs, [A, B], everything)
    queue.warm("a", 60)
    queue.warm("b", 60)
    assert queue.take("a") == "m"
    bare = Queue(jobs, [A, Station("bare", "13", holds=False)], everything, deploy_s=600)
    bare.warm("a", 60)
    assert (bare.take("bare"), bare.take("a")) == (None, "m")


def test_a_handset_that_nobody_else_can_stand_in_for_runs_measured_work_though_warm() -> None:
    """It waits on the handset itself, where there is nothing else to do."""
    queue = Queue([Job("m", 1, measured=True)], [A], everything)
    queue.warm("a", 60)
    assert queue.take("a") == "m"


def test_work_stays_on_handsets_that_hold_the_build() -> None:
    """One without it takes what is worth a deployment; what the others do sooner is left to them."""
    bare = Station("bare", "13", holds=False)
    few = Queue([Job("x", 30), Job("y", 20)], [bare, A, B], everything, deploy_s=60)
    assert [few.take("bare"), few.take("a"), few.take("b")] == [None, "x", "y"]
    many = Queue([Job(f"x{number}", 30) for number in range(9)], [bare, A, B], everything, deploy_s=60)
    assert many.take("bare") == "x0"


def test_what_holders_cannot_run_is_deployed_for() -> None:
    """A handset without the build is not kept waiting for handsets that could not help."""
    bare = Station("bare", "13", holds=False)
    queue = Queue([Job("x", 1)], [bare, A], lambda job, name: name == "bare", deploy_s=600)
    assert queue.take("bare") == "x"
    queue = Queue([Job("x", 1)], [bare, A], everything, deploy_s=600)
    queue.leave("a")
    assert queue.take("bare") == "x"


def test_avoided_handsets_add_up() -> None:
    """A job that two handsets have lost goes to neither; then it is stuck."""
    queue = Queue([Job("x", 1)], [A, B], everything)
    for name in ("a", "b"):
        assert queue.take(name) == "x"
        queue.give_back("x", avoid=[name], model="13")
    assert (queue.take("a"), queue.take("b"), queue.stuck()) == (None, None, ("x",))


def test_an_unknown_job_or_handset() -> None:
    """A handset that is not there takes nothing; a job that was never there is an error."""
    queue = Queue([Job("x", 1)], [], everything)
    assert queue.take("a") is None
    with pytest.raises(KeyError):
        queue.give_back("y")


def test_the_bound_says_why() -> None:
    """Either one job is as long as all, or some handsets have more to do that only they can run than they can share."""
    jobs = [Job("x", 9), Job("y", 6), Job("z", 6)]
    assert Queue(jobs, [A, B, C], everything).bound() == Bound(9, "x", ())
    assert Queue(jobs, [A, C], lambda job, name: job != "x" or name == "c").bound() == Bound(10.5, None, ("a", "c"))
    assert Queue(jobs, [A, C], lambda job, name: name == "c").bound() == Bound(21, None, ("c",))
    assert Queue([], [], everything).bound() == Bound(0, None, ())


def test_many_kinds_of_handsets_are_planned_for_as_well() -> None:
    """With so many kinds that not all their sets can be looked at, everything is still taken once."""
    stations = [Station(f"s{number}", "m") for number in range(24)]
    jobs = [Job(f"j{number}", number % 7 + 1) for number in range(240)]
    queue = Queue(jobs, stations, lambda job, name: (int(job[1:]) * 7 + int(name[1:])) % 24 < 2 + int(job[1:]) % 5)
    schedule = play(queue, stations, lasting(jobs))
    assert sorted(entry.job for entry in schedule.planned) == sorted(job.id for job in jobs)
    assert schedule.makespan_s <= 1.25 * Queue(jobs, stations, lambda job, name: True).bound().seconds


def lasting(jobs: list[Job]) -> Callable[[str, str], float]:
    """As long as expected, everywhere."""
    seconds = {job.id: job.seconds for job in jobs}
    return lambda job, name: seconds[job]


WORKLOADS = st.tuples(
    st.lists(st.tuples(st.floats(0.1, 100), st.integers(0, 7), st.booleans()), max_size=25),
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=5),
    st.sampled_from([0.0, 5.0, 200.0]),
)
Workload = tuple[list[tuple[float, int, bool]], list[tuple[int, bool]], float]


def workload(drawn: Workload) -> tuple[list[Job], list[Station], Fits]:
    """Jobs that fit a set of three kinds of handsets, as a mask."""
    jobs = [Job(f"j{n}", seconds, measured, kind) for n, (seconds, kind, measured) in enumerate(drawn[0])]
    stations = [Station(f"s{n}", str(kind), holds) for n, (kind, holds) in enumerate(drawn[1])]
    kinds = {job.id: job.kind for job in jobs}
    models = {station.name: int(station.model) for station in stations}
    return jobs, stations, lambda job, name: bool(int(str(kinds[job])) >> models[name] & 1)


@given(WORKLOADS)
def test_every_job_is_taken_once_by_a_handset_that_can_run_it(drawn: Workload) -> None:
    """Whatever the fleet, the builds it holds and the work; the rest is stuck, and no schedule beats the bound."""
    jobs, stations, fits = workload(drawn)
    queue = Queue(jobs, stations, fits, deploy_s=drawn[2])
    bound = queue.bound().seconds
    schedule = play(queue, stations, lasting(jobs), drawn[2])
    stuck = [job.id for job in jobs if not any(fits(job.id, station.name) for station in stations)]
    assert sorted([entry.job for entry in schedule.planned] + stuck) == sorted(job.id for job in jobs)
    assert all(fits(entry.job, entry.station) for entry in schedule.planned)
    assert (sorted(schedule.stuck), queue.pending()) == (sorted(stuck), schedule.stuck)
    assert bound <= schedule.makespan_s + 1e-6


@given(WORKLOADS, st.randoms(use_true_random=False))
def test_no_handset_is_idle_that_could_do_something(drawn: Workload, random: Random) -> None:
    """In whatever order they ask, come and go: nothing is refused to one that holds the build and could run it.

    But to one that is warm, what is measured, all of which others can run that are there and cool.
    """
    jobs, stations, fits = workload(drawn)
    queue = Queue(jobs, stations, fits)
    done: set[str] = set()
    measured = {job.id for job in jobs if job.measured}
    cool = {station.name for station in stations}
    for _ in range(4 * len(jobs)):
        station = random.choice(stations)
        act = random.random()
        if act < 0.1:
            queue.leave(station.name)
        queue.join(station)
        warm = random.random() < 0.5
        queue.warm(station.name, 50.0 if warm else 0.0)
        cool = cool - {station.name} if warm else cool | {station.name}
        could = [job for job in queue.pending() if fits(job, station.name)]
        job = queue.take(station.name)
        if could and job is None:
            assert warm
            assert all(job in measured and any(fits(job, name) for name in cool) for job in could)
        else:
            assert (job in could) if could else job is None
        if job is not None and act > 0.8:
            queue.give_back(job)
        elif job is not None:
            assert job not in done
            done.add(job)
    assert done.isdisjoint(queue.pending())


@given(st.sets(st.integers(1, 31), max_size=5))
def test_the_sets_that_count_are_closed_under_union(masks: set[int]) -> None:
    """Few enough masks: every union of them is looked at."""
    found = unions(masks)
    assert len(set(found)) == len(found)
    assert {one | other for one in found for other in found} | masks == set(found)
