"""How far a run is, and what its table and lines say of it: from records, without a run."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.plugin.live.progress import Progress
from framework.plugin.live.table import picture
from framework.plugin.live.words import about, finished, headline, heartbeat, left, state

FOLD, TEN = "MIX Fold 3", "Mi 10"
NOW = 100.0


def unit(test: str, handset: str = "fold", model: str = FOLD) -> dict[str, Any]:
    return {"unit": {"id": test, "handset": {"name": handset, "model": model}}}


def scheduled(*tests: str) -> dict[str, Any]:
    return {"kind": "Scheduled", "at": 1, "ids": list(tests)}


def concluded(test: str, verdict: Verdict = Verdict.PASS, handset: str = "fold", at: float = 50) -> dict[str, Any]:
    told = {"id": test, "verdict": verdict.value, "handset": handset, "seconds": 4.0, "attempts": 1}
    return {"kind": "Concluded", "at": at, **told}


def progress(*records: dict[str, Any], **rest: Any) -> Progress:
    made = Progress(**rest)
    for record in records:
        made.take(record)
    return made


def shown(made: Progress, columns: int = 80, lines: int = 20) -> list[str]:
    """The lines of the picture, as a terminal of that width shows them."""
    console = Console(width=columns, height=lines, color_system=None, force_terminal=True)
    with console.capture() as capture:
        console.print(picture(made, NOW, columns, lines))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_row_says_what_its_handset_does() -> None:
    """What runs, since when and how long still, of how hot and how charged a handset, and what was found there."""
    made = progress(
        scheduled("suites/a.yaml::a", "suites/b.yaml::b", "c"),
        concluded("suites/a.yaml::a", Verdict.FAIL),
        {"kind": "UnitStarted", "at": 90, **unit("suites/b.yaml::b")},
        {
            "kind": "TurnFinished",
            "at": 95,
            **unit("suites/b.yaml::b"),
            "gauges": {"skin_c": 36.24, "battery_level_pct": 80},
        },
        expected={("suites/b.yaml::b", FOLD): 25.0, ("c", FOLD): 30.0},
    )
    head, _, row = shown(made)
    assert head.endswith("1/3 done, about 0:45 left, 1 FAIL")
    assert row.split() == ["fold", "b", "0:10", "~0:15", "36.2°", "80%", "·", "1", "·"]


def test_a_wait_is_told_while_it_lasts() -> None:
    """For a start condition with the time until it holds, and for a handset that somebody else has."""
    waits = {"what": "skin below 36 °C", "value": 39.21, "limit": 36, "ready_in_s": 95.0}
    made = progress(
        {"kind": "Waiting", "at": 95, **unit("a.yaml::a"), **waits},
        {"kind": "HandsetAwaited", "at": 95, "handset": "ten", "what": "held by ann", "waited_s": 3, "left_s": 9},
    )
    assert about(made.rows["fold"], NOW) == "waits: skin below 36 °C, now 39.21, ready in about 95 s (a)"
    assert about(made.rows["ten"], NOW) == "in use: held by ann"
    assert [row.split() for row in shown(made) if row.startswith("ten")] == [
        ["ten", "in", "use:", "held", "by", "ann", "0:08", "~0:04", "·", "·", "·"]
    ]
    assert heartbeat(made, NOW).endswith("; ten: in use: held by ann, waited for 0:08")
    assert [state(row, NOW + 60) for row in made.rows.values()] == ["running", "idle"]
    made.take({"kind": "TurnFinished", "at": 99, **unit("a.yaml::a"), "gauges": {}})
    assert about(made.rows["fold"], NOW) == "a"


def test_the_fleet_is_told_by_the_controller() -> None:
    """Handsets without work, without a worker, or in quarantine have rows, too; pytest's own tests have theirs."""
    made = progress(scheduled("t.py::test_a", "t.py::test_b"))
    made.fleet(
        {"fold": FOLD, "ten": TEN, "old": TEN, "sick": TEN}, ["fold", "ten", "sick"], {"sick": "no adbd answers"}
    )
    made.started("t.py::test_a", "ten", 90)
    assert {name: about(row, NOW) for name, row in made.rows.items()} == {
        "fold": "idle",
        "ten": "t.py::test_a",
        "old": "ended",
        "sick": "quarantined: no adbd answers",
    }
    made.take(concluded("t.py::test_a", handset="ten"))
    assert (about(made.rows["ten"], NOW), made.rows["ten"].verdicts) == ("idle", {Verdict.PASS: 1})


@pytest.mark.parametrize(
    ("expected", "rest"),
    [
        ({}, None),
        ({("a", FOLD): 30.0, ("b", FOLD): 10.0, ("c", TEN): 20.0}, 30.0),
        ({("a", FOLD): 30.0, ("b", FOLD): 50.0, ("c", TEN): 60.0}, 65.0),
    ],
)
def test_the_rest_is_the_work_by_the_handsets(expected: dict[tuple[str, str], float], rest: float | None) -> None:
    """But no less than the longest test, and unknown while nothing is known; `a` runs since 10 s on one of two."""
    made = progress(scheduled("a", "b", "c"), {"kind": "UnitStarted", "at": 90, **unit("a")}, expected=expected)
    made.fleet({"fold": FOLD, "ten": TEN}, ["fold", "ten"], {})
    if rest == 30.0:
        rest = 25.0
    assert made.run_left_s(NOW) == rest


def test_what_was_given_up_is_done_once() -> None:
    """Told at once, and once more at the end of the run."""
    told = {**concluded("a", Verdict.NOT_RUN, handset=""), "attempts": 0}
    made = progress(scheduled("a", "b"), {**told, "kind": "GivenUp"})
    assert (made.done, made.verdicts) == (1, {Verdict.NOT_RUN: 1})
    made.take(told)
    assert (made.done, made.verdicts) == (1, {Verdict.NOT_RUN: 1})


def test_kept_conclusions_are_done_already() -> None:
    made = progress(scheduled("a", "b"), kept=[Conclusion("a", Verdict.LAB)])
    made.retried()
    assert headline(made, NOW) == "1/2 done, 1 LAB, 1 run again"


def test_what_takes_longer_than_usual_is_late() -> None:
    assert [left(seconds) for seconds in (None, 61.4, -1.0)] == ["–", "~1:01", "late"]


def test_what_is_torn_or_strange_is_passed_over() -> None:
    made = progress({"kind": "Concluded", "at": 1}, {"kind": "UnitStarted", "at": "x", "unit": 3}, {"kind": "New"})
    assert (made.total, made.rows) == (0, {})


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(("handsets", "lines"), [(0, 10), (1, 4), (5, 10), (40, 18), (40, 3)])
def test_the_picture_fits(columns: int, handsets: int, lines: int) -> None:
    """Whatever the fleet and the terminal: no line is too long, none too many; what is folded is still counted.

    Of those that are shown, the ones that need somebody come first.
    """
    names = [f"mix-fold-{number}" for number in range(handsets)]
    made = progress(scheduled("a" * 300))
    made.fleet(dict.fromkeys(names, FOLD), names, {name: "天" * 200 for name in names if name == "mix-fold-33"})
    for name in names:
        made.take({"kind": "UnitStarted", "at": 90, **unit("suites/" + "a" * 300, name)})
        made.take(concluded(name, Verdict.PASS, name))
    told = shown(made, columns, lines)
    assert len(told) <= lines
    assert max(map(len, told)) <= columns
    rows = [line for line in told if line.startswith("mix-fold")]
    more = [int(line.split()[1]) for line in told if line.startswith("…")]
    assert len(rows) + sum(more) == handsets
    assert not more or not rows or "mix-fold-33" in str(rows)


def test_lines_for_a_log() -> None:
    """One a finished test; and what runs where, when nothing has finished for a while."""
    conclusion = Conclusion("suites/a.yaml::a", Verdict.NOT_RUN, ("why",), "fold", FOLD, 3.14)
    assert finished(conclusion, 7, 40) == " 7/40  NOT_RUN    suites/a.yaml::a on fold, 3.1 s"
    made = progress(scheduled("a", "b"), {"kind": "UnitStarted", "at": 25, **unit("a")})
    made.fleet({"fold": FOLD, "ten": TEN}, ["fold", "ten"], {"ten": "hot"})
    assert heartbeat(made, NOW) == "0/2 done; fold: a for 1:15; 1 quarantined"


def test_a_picture_sums_nothing_up_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests usually take is found when it is told, and again when one more has ended: not for each picture."""
    counted: list[int] = []
    monkeypatch.setattr("framework.plugin.live.progress.median", lambda values: counted.append(len(values)) or 3.0)
    tests = [f"a.yaml::{number}" for number in range(50)]
    made = progress(scheduled(*tests), expected={(test, model): 3.0 for test in tests for model in (FOLD, TEN)})
    assert counted == [2] * 50
    made.take(concluded("a.yaml::0"))
    made.take({"kind": "UnitStarted", "at": 90, **unit("a.yaml::1")})
    assert [shown(made)[0] for _ in range(3)] == [shown(made)[0]] * 3
    assert counted == [2] * 50 + [1]
