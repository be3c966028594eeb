"""`farm plan`: suites or lists of tests on fleets that need not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from framework.commands.plan_shown import columns
from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import RunBegan, RunJournal

ROOT = Path(__file__).parents[2]
BUILD = str(ROOT / "suites" / "builds" / "compact" / "build.yaml")
DEVICES = """\
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}
  - {name: rack, kind: virtual, profile: xiaomi-13, count: 2}
  - {name: p8, kind: usb, serial: X1, capabilities: {model: Pixel 8, android: 15, ram_gb: 8}}
  - {name: lab, kind: adb}
"""
TESTS = """\
- {id: fold-1, seconds: 90, needs: {foldable: true, ram_gb: ">=12"}}
- {id: fold-2, seconds: 60, needs: {fold_states: half_open}}
- {id: chat-1, seconds: 60}
- {id: chat-2, seconds: 30, needs: {android: ">=14 <15"}}
- {id: pixel, seconds: 40, needs: {model: pixel*, emulated: false}}
- {id: tensor, seconds: 40, needs: {model: pixel*, soc: Tensor*}}
- {id: huge, seconds: 40, needs: {any_of: [{ram_gb: 24}, {tags: lab-2, foldable: true}]}}
"""


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the command is called."""
    (tmp_path / "devices.yaml").write_text(DEVICES)
    (tmp_path / "tests.yaml").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["plan", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def scheduled(plan: Any) -> dict[str, list[str]]:
    return {row["name"]: [entry["id"] for entry in row["schedule"]] for row in plan["handsets"]}


def test_a_workload_is_planned_on_a_fleet_that_is_not_there(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scarce work on the only handset that can, one after the other; the bound says that this decides; the rest
    elsewhere; entries of which nothing is known are left out and told.
    """
    plan = planned(capsys, "--tests", "tests.yaml")
    assert (plan["makespan_s"], plan["lower_bound_s"], plan["ratio"]) == (150, 150, 1)
    assert (plan["bound_by"], plan["left_out"]) == ({"test": None, "handsets": ["fold"]}, ["lab"])
    assert (plan["tests"], plan["guessed"]["tests"]) == (7, [])
    schedule = scheduled(plan)
    assert schedule["fold"] == ["fold-1", "fold-2"]
    assert "pixel" in schedule["p8"]
    assert sorted(test for tests in schedule.values() for test in tests) == [
        *("chat-1", "chat-2"),
        *("fold-1", "fold-2", "pixel"),
    ]


def test_what_cannot_run_is_told_with_the_nearest_handset(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the nearest lacks, in words; what nobody has said of it is not known."""
    assert planned(capsys, "--tests", "tests.yaml")["unrunnable"] == [
        {"id": "tensor", "reason": "the nearest, p8, lacks soc Tensor* (it does not tell)"},
        {"id": "huge", "reason": "the nearest, fold, lacks any of [ram_gb 24 (has 16)] or [tag lab-2]"},
    ]


def test_people_read_it_on_eighty_columns(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Makespan, bound and its reason, a schedule for each handset, and what cannot run."""
    long = [{"id": f"suites/天气/{'很' * 40}{number}.yaml::x", "seconds": 4000 + number} for number in range(80)]
    (farm / "long.json").write_text(json.dumps(long))
    for arguments in (["tests.yaml"], ["long.json"], ["long.json", "--all"]):
        assert main(["plan", "--tests", *arguments]) == 0
        out = capsys.readouterr().out
        assert [line for line in out.splitlines() if columns(line) > 80] == []
        assert ("99.yaml" in out, out.count("yaml::x")) == (False, {1: out.count("yaml::x"), 2: 80}[len(arguments)])
    assert main(["plan", "--tests", "tests.yaml"]) == 0
    text = capsys.readouterr().out.splitlines()
    assert text[:4] == [
        "5 of 7 tests on 4 handsets",
        "makespan     2:30",
        "lower bound  2:30 (the plan takes 1.000 of it)",
        "decided by   what only these can run: 1 Xiaomi MIX Fold 3",
    ]
    assert "      1:30      1:00  fold-2" in text


def test_many_handsets_take_a_line_each(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their tests are shown where they are asked for."""
    (farm / "many.yaml").write_text("handsets:\n  - {name: m, kind: virtual, profile: xiaomi-12, count: 40}\n")
    main(["plan", "--tests", "tests.yaml", "--devices", "many.yaml"])
    short = capsys.readouterr().out
    main(["plan", "--tests", "tests.yaml", "--devices", "many.yaml", "--all"])
    assert ("  chat-1" in short, "  chat-1" in capsys.readouterr().out, short.count("Xiaomi 12 ")) == (False, True, 40)


def test_durations_of_a_file_stand_in_for_those_that_tests_do_not_say(
    farm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the list says counts, then what is known; for the rest the median is taken, and that is told."""
    (farm / "tests.yaml").write_text("tests:\n  - {id: a, seconds: 10}\n  - {id: b}\n  - {id: c}\n")
    (farm / "known.json").write_text('{"a": 99, "b": 30.5}')
    plan = planned(capsys, "--tests", "tests.yaml", "--durations", "known.json", "--handset", "fold")
    assert (plan["makespan_s"], plan["guessed"]) == (60.75, {"seconds": 20.25, "tests": ["c"]})
    (farm / "listed.yaml").write_text("- {id: b, seconds: 30.5}\n- {id: c}\n")
    assert planned(capsys, "--tests", "tests.yaml", "--durations", "listed.yaml", "--handset", "fold") == plan
    main(["plan", "--tests", "tests.yaml", "--durations", "known.json"])
    assert "0:20 for 1 test of unknown duration: the median" in capsys.readouterr().out


def test_durations_come_from_the_last_runs(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By model where it is known there, else the mean of what is known."""
    (farm / "tests.yaml").write_text("- {id: a, needs: {tags: flagship}}\n- {id: b, needs: {foldable: false}}\n")
    took = [[("a", "Xiaomi MIX Fold 3", 20)], [("a", "Xiaomi 13", 40), ("b", "Xiaomi Mi 10", 25)]]
    for day, tests in enumerate(took, 1):
        journal = RunJournal(farm / "reports" / f"2026-01-0{day}T08-00-00-1")
        journal.began(RunBegan((), "/", "/", "compact 1.0", {}, "devices.yaml", "0.1"))
        for test, model, seconds in tests:
            journal.concluded(Conclusion(test, Verdict.PASS, (), "any", model, seconds))
        journal.close()
    plan = planned(capsys, "--tests", "tests.yaml")
    ends = {row["name"]: row["end_s"] for row in plan["handsets"]}
    assert (ends["fold"], max(ends["rack-1"], ends["p8"]), plan["guessed"]["tests"]) == (20, 25, [])


def test_a_deployment_counts(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It comes before the first test of each handset; with two of them the run ends sooner all the same."""
    (farm / "tests.yaml").write_text("".join(f"- {{id: t{number}, seconds: 5}}\n" for number in range(4)))
    plan = planned(capsys, "--tests", "tests.yaml", "--deploy", "100", "--handset", "rack-1", "--handset", "rack-2")
    assert (scheduled(plan)["rack-1"], plan["makespan_s"]) == (["t0", "t2"], 110)
    assert [entry["deploy_s"] for entry in plan["handsets"][0]["schedule"]] == [100, 0]


def test_suites_are_planned_as_pytest_collects_them(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scenarios and tests in Python with their needs, and pytest's own options behind --."""
    (farm / "suites").mkdir()
    (farm / "suites" / "fold.yaml").write_text(
        "scenario: folds\nneeds: {foldable: true}\nsteps: [{text: hello}, {fold: closed}]\n"
    )
    (farm / "suites" / "test_thin.py").write_text(
        "import pytest\n@pytest.mark.needs(ram_gb=64)\ndef test_huge(assistant): pass\ndef test_other(): pass\n"
    )
    plan = planned(capsys, "suites", "--", "--build", BUILD, "-k", "not other")
    assert scheduled(plan)["fold"] == ["suites/fold.yaml::folds"]
    assert [entry["id"] for entry in plan["unrunnable"]] == ["suites/test_thin.py::test_huge"]
    each = ("--each", "handset", "--handset", "rack")
    rack = planned(capsys, "--handset", "rack", "suites/test_thin.py", "--", "--build", BUILD, "-k", "huge", *each)
    assert [entry["reason"] for entry in rack["unrunnable"]] == [
        "the nearest, rack-1, lacks ram_gb 64 (has 12)",
        "the nearest, rack-2, lacks ram_gb 64 (has 12)",
    ]


def test_faults_of_suites_are_pytests(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that is wrong, a test file that cannot be imported, an empty suite: each told once, exit code 2."""
    (farm / "suites").mkdir()
    build = ("--", "--build", BUILD)
    assert main(["plan", "suites", *build]) == 2
    assert capsys.readouterr().err.startswith("no tests in suites")
    (farm / "suites" / "fold.yaml").write_text("scenario: folds\nsteps: [{txt: hello}]\n")
    assert main(["plan", "suites", *build]) == 2
    assert capsys.readouterr().err.count("suites/fold.yaml:2: steps[0].txt: unknown key") == 1
    (farm / "suites" / "fold.yaml").unlink()
    (farm / "suites" / "test_broken.py").write_text("import nothing_of_that_name\n")
    assert main(["plan", "suites", *build]) == 2
    assert "No module named 'nothing_of_that_name'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '[{"id": "a", "second": 3},\n {"id": "a", "needs": {"ram": 8}}]',
            [
                'wrong.json:1: tests[0].second: unknown key (did you mean "seconds"?)',
                'wrong.json:2: tests[1].needs.ram: unknown key (did you mean "ram_gb"?)',
            ],
        ),
        ('[{"id": "a"}, {"id": "a"}]', ['wrong.json:1: tests[1].id: "a" is taken by tests[0]']),
        ("[]", ["wrong.json:1: tests: must not be empty"]),
        ('[{"id": "a", "seconds": -1}]', ['wrong.json:1: tests[0].seconds: must be at least 0, found "-1"']),
        ("[3]", ['wrong.json:1: tests[0]: expected a mapping (key: value), found "3"']),
        ("tests", ['wrong.json:1: expected a list of tests (key: value), found "tests"']),
    ],
)
def test_a_wrong_list_is_told_by_line_and_key(
    farm: Path, capsys: pytest.CaptureFixture[str], content: str, said: list[str]
) -> None:
    """All faults at once, with what is meant."""
    (farm / "wrong.json").write_text(content)
    assert main(["plan", "--tests", "wrong.json"]) == 2
    assert capsys.readouterr().err.splitlines() == said


def test_wrong_calls(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is told in one line with its mend."""
    (farm / "d.json").write_text('{"a": "long"}')
    (farm / "adb.yaml").write_text("handsets: [{name: lab, kind: adb}]\n")
    for arguments, said in (
        (["suites", "--tests", "tests.yaml"], "either suites or --tests, not both"),
        (["--tests", "tests.yaml", "--durations", "d.json"], 'd.json:1: durations.a: expected a number, found "long"'),
        (["--tests", "none.yaml"], "none.yaml: no such file"),
        (["--tests", "tests.yaml", "--devices", "none.yaml"], "none.yaml: no such file"),
        (
            ["--tests", "tests.yaml", "--devices", "adb.yaml"],
            "adb.yaml names only whole adb servers; list their handsets, with their capabilities",
        ),
    ):
        assert main(["plan", *arguments]) == 2
        assert capsys.readouterr().err.splitlines() == [said]
    with pytest.raises(SystemExit):
        main(["plan", "--deploy", "soon"])
    assert "expected seconds, 0 or more, found soon" in capsys.readouterr().err
