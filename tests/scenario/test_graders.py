from __future__ import annotations

import pytest

from framework.contract.scenario import Expect, Heard
from framework.contract.verdict import Verdict
from framework.scenario.graders import grade

PASS, FAIL, UNMEASURED = Verdict.PASS, Verdict.FAIL, Verdict.UNMEASURED


@pytest.mark.parametrize(
    ("expect", "reply", "verdicts"),
    [
        (Expect(contains=("hanoi", "30")), "In Hanoi it will be 30 degrees.", [PASS, PASS]),
        (Expect(contains=("Paris",)), "In Hanoi it will be 30 degrees.", [FAIL]),
        (Expect(contains=("河内",)), "河内明天有雨。", [PASS]),
        (Expect(excludes=("do not know",)), 'I do not know about "x".', [FAIL]),
        (Expect(matches=r"high of \d+"), "with a high of 30", [PASS]),
        (Expect(matches=r"^\d+$"), "with a high of 30", [FAIL]),
        (Expect(), "", []),
    ],
)
def test_replies_are_held_to_their_words(expect: Expect, reply: str, verdicts: list[Verdict]) -> None:
    """One check for each expectation; the case of letters does not count."""
    checks = grade(expect, turn=2, asked="?", heard=None, reply=reply)
    assert [check.verdict for check in checks] == verdicts
    assert {check.turn for check in checks} <= {2}


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [("后天呢", PASS), ("后天", FAIL), ("", FAIL), (None, UNMEASURED)],
)
def test_what_was_heard_is_held_to_the_error_rate(heard: str | None, verdict: Verdict) -> None:
    """No transcript at all is not a good one."""
    (check,) = grade(Expect(heard=Heard(cer=0.1)), turn=1, asked="后天呢？", heard=heard, reply="")
    assert check.verdict == verdict


def test_long_replies_are_quoted_in_part() -> None:
    """A check stays readable however much the assistant said."""
    (check,) = grade(Expect(contains=("x",)), turn=1, asked="?", heard=None, reply="long " * 1000)
    assert len(check.found) < 200
