"""What nothing could run, at the end of a run."""

from __future__ import annotations

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.plugin.not_run import lines_of


def test_tests_stand_under_the_reason_that_they_share() -> None:
    """In the order in which reasons were first told; of many tests five are named, the rest is counted."""
    left = [Conclusion(f"a::{number}", Verdict.NOT_RUN, ("too small",)) for number in range(7)]
    left.insert(1, Conclusion("b::flat", Verdict.NOT_RUN, ("it folds", "it is warm")))
    assert list(lines_of(left)) == [
        "too small",
        *(f"    a::{number}" for number in range(5)),
        "    and 2 more",
        "it folds; it is warm",
        "    b::flat",
    ]
