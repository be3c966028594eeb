"""The table of rules as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from framework.contract.trace import Trace
from framework.verdict.validity import RULES, Circumstances, Rule, doubts


def test_the_table_tells_about_itself() -> None:
    """Thirteen kinds of untruth under stable names; each says what it means, and each threshold what it comes from."""
    assert len({rule.name for rule in RULES}) == 13
    assert all(rule.means and rule.concerns for rule in RULES)
    assert all(limit.unit and limit.why for rule in RULES for limit in rule.limits)


def test_the_readme_shows_the_table() -> None:
    """Every rule stands in it in this order, in its own words, with its first threshold."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{rule.name}` | {rule.means} | {_first_limit(rule)} | {rule.concerns} |" for rule in RULES]
    assert [line for line in readme.splitlines() if line in rows] == rows


def _first_limit(rule: Rule) -> str:
    return " ".join(f"{limit.value:g} {limit.unit}" for limit in rule.limits[:1]) or "any"


def test_all_rules_are_asked(trace: Callable[..., Trace]) -> None:
    """Doubts bear their rule's name and come in the order of the table; without turns nothing is doubted."""
    bad = {"emulator_slipped_ms": [(9, 0), (21, 10)], "pid": [(11, 1), (12, 2)]}
    found = doubts(trace(bad), Circumstances())
    assert [doubt.rule for doubt in found] == ["emulator_late", "process_changed"]
    assert doubts(trace(bad, turns=()), Circumstances()) == ()


def test_a_clean_trace_has_no_doubt(trace: Callable[..., Trace]) -> None:
    """Nor has one of a handset that tells nothing."""
    quiet = {
        "rss_mb": 1500.0,
        "throttle": 0.0,
        "clock_limit": 1.0,
        "thermal_status": 0.0,
        "pid": 4012.0,
        "cpu_other_cores": 0.2,
    }
    recorded = trace({name: [(float(at), value) for at in range(30)] for name, value in quiet.items()})
    assert doubts(recorded, Circumstances()) == ()
    assert doubts(trace({}), Circumstances()) == ()
