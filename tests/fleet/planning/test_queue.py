from __future__ import annotations

from framework.fleet.planning.queue import Job, Queue, Station

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
