"""Checks and what they say."""

from __future__ import annotations

from framework.doctor.finding import Check, Finding, Opinion, fault, findings, ok, warning


def test_findings_bear_the_name_of_their_check_and_keep_its_order() -> None:
    """A judge that has nothing to say leaves no finding."""

    def judge(number: int) -> Opinion | None:
        return ok("even") if number % 2 == 0 else None

    checks: tuple[Check[int], ...] = (
        Check("last", lambda number: fault(f"{number}", "stop")),
        Check("even", judge),
        Check("first", lambda number: warning("w", "m")),
    )
    assert findings(checks, 3) == (Finding("last", "fault", "3", "stop"), Finding("first", "warning", "w", "m"))
    assert [finding.check for finding in findings(checks, 2)] == ["last", "even", "first"]
