"""Runs go into a database and come back, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from support.accounts import BUILD, OTHER, TEN, account, judged

from framework.contract.account import figures_of
from framework.contract.errors import UsageError
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history.details import details
from framework.history.tables import HANDSET, META, METRIC, RUN, TURN


def test_a_run_comes_back(where: str) -> None:
    """Its head, its verdicts and what it is compared by; also when the database is opened again."""
    run = account(tests=[judged("x"), judged("y", Verdict.FAIL)])
    with open_history(where) as history:
        assert history.record(run) is True
    with open_history(where) as history:
        (listed,) = history.runs()
        assert (listed.head, listed.verdicts, listed.tests) == (run.head, {"PASS": 1, "FAIL": 1}, 2)
        assert history.figures(run.head.id) == history.figures(run.head.name) == figures_of(run)
        assert [history.find(word) for word in ("a", "run-", "latest")] == [run.head] * 3


def test_every_turn_and_metric_is_there(where: str) -> None:
    """One row a metric and turn, with bound and method; of the handset all but its serial number."""
    with open_history(where) as history:
        history.record(account(tests=[judged("x", turns=3, metrics=4)]))
        with history.connection.begin():
            metrics = history.connection.execute(sa.select(METRIC).order_by(METRIC.c.turn, METRIC.c.metric)).all()
            turns = history.connection.execute(sa.select(TURN.c.number, TURN.c.reply)).all()
            handset = history.connection.execute(sa.select(HANDSET)).one()
    assert (len(metrics), [tuple(turn) for turn in turns]) == (12, [(number, "Yes, 后天.") for number in (1, 2, 3)])
    assert tuple(metrics[0])[1:] == (0, "decode_tps", 23.0, 0.5, "events", "[]")
    assert (handset.name, handset.model, handset.fingerprint) == (TEN.name, TEN.model, TEN.fingerprint)
    assert TEN.serial not in str(handset)


def test_no_serial_number_is_kept(where: str) -> None:
    """What names one, names the handset: reasons, the lab's words, the command line; words that only look so stay."""
    said = f"device '{TEN.serial}' not found, {TEN.serial}7 was"
    test = judged("x")
    (unit,) = test.units
    unit = replace(unit, reasons=(said,), repetitions=(replace(unit.repetitions[0], doubts=(("late", said),)),))
    run = replace(account(tests=[replace(test, reasons=(said,), units=(unit,))]), lab=(said,))
    with open_history(where) as history:
        history.record(replace(run, head=replace(run.head, arguments=("--handset", TEN.serial))))
        told = details(history, "a")
        assert (told.head.arguments, told.lab) == (
            ("--handset", "ten"),
            (f"device 'ten' not found, {TEN.serial}7 was",),
        )
        everything = [row for table in META.sorted_tables for row in history.ask(sa.select(table))]
        assert str(everything).count(TEN.serial) == str(everything).count(f"{TEN.serial}7") == 4


def test_a_run_replaces_itself(where: str) -> None:
    """Recorded again, of a folder that has another name by now: there is one of it, as it was last told."""
    first = account(tests=[judged("x"), judged("y")], finished=False)
    again = replace(first, head=replace(first.head, finished=True, name="renamed"), tests=(judged("x", Verdict.FAIL),))
    with open_history(where) as history:
        assert [history.record(first), history.record(again)] == [True, True]
        assert [run.head for run in history.runs()] == [again.head]
        assert history.figures("a") == figures_of(again)
        with history.connection.begin():
            assert history.connection.scalar(sa.select(sa.func.count()).select_from(TURN)) == 2


def test_less_does_not_replace_more(where: str) -> None:
    """Who has read a run while it was going, and comes after its end, takes nothing away."""
    whole, part = account(tests=[judged("x"), judged("y")]), account(tests=[judged("x")], finished=False)
    with open_history(where) as history:
        assert [history.record(whole, 200), history.record(part, 100), history.record(whole, 200)] == [
            True,
            False,
            True,
        ]
        assert history.runs()[0].head == whole.head


def test_the_baseline(where: str) -> None:
    """The last finished run of another build before: not a later one, nor one that was killed or ran other tests."""
    both = [judged("x"), judged("y")]
    runs = [
        account("old", 1.0, both, OTHER),
        account("last", 2.0, both, OTHER),
        account("killed", 3.0, both, OTHER, finished=False),
        account("elsewhere", 4.0, [judged("z")], OTHER),
        account("unrun", 4.5, [judged("x", Verdict.NOT_RUN)], OTHER),
        account("same", 5.0, both, BUILD),
        account("own", 6.0, both, BUILD),
        account("later", 7.0, both, OTHER),
    ]
    with open_history(where) as history:
        for run in runs:
            history.record(run)
        found = history.baseline("own")
        assert found == figures_of(runs[1])
        assert history.baseline("old") is None
        with pytest.raises(UsageError, match=r"no run 'owm'.*the last ones are run-later"):
            history.baseline("owm")


def test_the_baseline_shares_tests(where: str) -> None:
    """One with half of the tests goes before a later one with fewer; the same files under one label are one build."""
    four = [judged(name) for name in "abcd"]
    runs = [
        account("half", 1.0, four[:2], OTHER),
        account("one", 2.0, four[:1], OTHER),
        account("own", 3.0, four, BUILD),
        account("few", 4.0, [*four[:1], judged("e"), judged("f")], OTHER),
    ]
    with open_history(where) as history:
        for run in runs:
            history.record(run)
        baselines = [history.baseline(run) for run in ("own", "few", "one")]
    assert [found and found.head.id for found in baselines] == ["half", "own", None]


def test_no_run_of_that_name(where: str) -> None:
    """It is told which there are; what several begin with is not guessed."""
    with open_history(where) as history:
        with pytest.raises(UsageError, match="there is none yet"):
            history.figures("latest")
        for id in ("aa", "ab"):
            history.record(account(id, float(len(id))))
        with pytest.raises(UsageError, match="more than one run begins so: run-ab, run-aa"):
            history.figures("run-a")
        with pytest.raises(UsageError, match="no run '%'"):
            history.figures("%")


def test_the_text_of_handsets(where: str) -> None:
    """NUL, lone surrogates and quotes: nothing that a reply or a file's name holds cannot be stored."""
    strange = "a\0b\udc80'\"\\%s \U0010ffff00"
    run = account(tests=[replace(judged(strange), reasons=(strange,))])
    with open_history(where) as history:
        history.record(run)
        assert history.figures("a") == figures_of(run)


def test_pruned_runs(where: str) -> None:
    """They are gone with all that belonged to them, and known as such."""
    with open_history(where) as history:
        for id in ("a", "b"):
            history.record(account(id, tests=[judged("x")]), 10)
        assert history.forget(["a", "nobody"]) == 1
        assert history.sizes(["a", "b", "c"]) == {"a": -1, "b": 10}
        with history.connection.begin():
            keys = [
                key
                for table in META.sorted_tables
                if "run" in table.c
                for key in history.connection.scalars(sa.select(table.c.run).distinct())
            ]
            assert set(keys) == set(history.connection.scalars(sa.select(RUN.c.key)))
        history.record(account("a", tests=[judged("x")]), 10)
        assert history.sizes(["a"]) == {"a": 10}


def test_runs_of_one_instant_are_listed_by_name(where: str) -> None:
    """Whichever was recorded first, and again after that: which one is the newest does not depend on it."""
    with open_history(where) as history:
        for id in ("b", "a", "c", "b"):
            history.record(account(id, tests=[judged("suites/a.yaml::A")]))
        assert [run.head.id for run in history.runs()] == ["c", "b", "a"]
        assert history.find("latest").id == "c"
