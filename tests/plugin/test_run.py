"""Whole runs, from the command line to the results on disk, against virtual handsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project


def labels(result: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_a_scenario_passes_and_leaves_its_evidence(project: Project) -> None:
    """Exit code 0; the turn is printed with its figures; Allure has the turn as a step, and the evidence.

    Of the runs before, those that were asked for are left.
    """
    project.scenario("sum")
    for hour in range(10, 15):
        (project.folder / f"reports/2020-01-01T{hour}-00-00-7/units").mkdir(parents=True)
    run = project.run("suites", "--keep", "2")
    assert run.exit == 0, run.out
    for words in (
        "What is twelve times seven?",
        "The result is 84.",
        "ttft_ms",
        "decode_tps",
        "memory",
        "skin",
        "PASS",
    ):
        assert words in run.out
    (result,) = project.results()
    assert (result["status"], labels(result, "thread")) == ("passed", ["fold"])
    assert {parameter["name"] for parameter in result["parameters"]} >= {"model", "build"}
    assert any("What is twelve times seven?" in step["name"] for step in result["steps"])
    attached = {attachment["name"] for attachment in _attachments(result)}
    assert (project.folder / "reports" / "latest" / "allurerc.json").is_file()
    recorded = {"trace", "samples", "trace for Perfetto"}
    assert attached >= {"deploy receipt", "preparation", "logcat", "screenshot", "transcript"} | recorded
    left = {path.name for path in (project.folder / "reports").iterdir() if not path.is_symlink()}
    assert "removed   4 older runs (--keep)" in run.out
    beside = {"history.db", "durations.json", "release.html"}
    assert left == {"2020-01-01T14-00-00-7", (project.folder / "reports/latest").resolve().name} | beside


def test_a_wrong_answer_is_the_builds_failure(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAIL with the reason in pytest's summary, too; exit code 1; in Allure failed, not broken."""
    monkeypatch.setenv("COLUMNS", "110")
    project.scenario(
        "sum", 'scenario: sum\nsteps:\n  - {text: "What is twelve times seven?", expect: {contains: "85"}}\n'
    )
    run = project.run("suites", "--record-screen=on-failure")
    assert (run.exit, "- FAIL: turn 1: reply contains '85'" in run.out) == (1, True), run.out
    (result,) = project.results()
    assert result["status"] == "failed"
    assert "screenshot at failure" in {attachment["name"] for attachment in _attachments(result)}
    page = (project.folder / "reports/latest/units/suites-sum/fold/1-1/trace.html").read_text(encoding="utf-8")
    assert ['href="failure.png"' in page, "no screen recording: fold: it does not film" in page] == [True] * 2


def test_a_budget_without_data_fails(project: Project) -> None:
    """A budget for which the build gave no data is UNMEASURED and fails."""
    project.scenario("sum", 'scenario: sum\nsteps:\n  - {text: "What is 1 + 1?"}\nbudget: {first_audio_ms: {max: 1}}\n')
    run = project.run("suites")
    assert (run.exit, "UNMEASURED" in run.out) == (1, True), run.out


def test_what_no_handset_can_run_is_told(project: Project) -> None:
    """NOT_RUN is a skip that names what is missing; it is neither hidden nor a failure."""
    project.scenario("big", 'scenario: big\nneeds: {ram_gb: ">=64"}\nsteps:\n  - {text: "What is 1 + 1?"}\n')
    run = project.run("suites", "-rs")
    assert (run.exit, "NOT_RUN" in run.out, "ram_gb >=64" in run.out) == (0, True, True), run.out


def test_a_scenario_goes_to_the_handset_that_can(project: Project) -> None:
    """One process: a scenario that the first handset cannot run is run on another of the file."""
    project.write("devices.yaml", project.folder.joinpath("devices.yaml").read_text().replace("flagship", "old"))
    project.scenario("flat", 'scenario: flat\nneeds: {foldable: false}\nsteps:\n  - {text: "What is 1 + 1?"}\n')
    run = project.run("suites")
    assert run.exit == 0, run.out
    assert [labels(result, "thread") for result in project.results()] == [["ten"]]


def test_each_worker_has_a_handset_of_its_own(project: Project) -> None:
    """`-n 2`: both handsets are used, a test with needs runs where it can, and every verdict is counted once."""
    for number in range(6):
        project.scenario(f"sum{number}")
    project.scenario("fold", 'scenario: fold\nneeds: {foldable: true}\nsteps:\n  - {text: "What is 1 + 1?"}\n')
    run = project.run("suites", "-n", "2")
    assert run.exit == 0, run.out
    assert "7 PASS" in run.out
    by_handset = {(result["name"], *labels(result, "thread")) for result in project.results()}
    assert {handset for _, handset in by_handset} == {"fold", "ten"}
    assert ("fold", "fold") in by_handset


def test_the_named_handset_is_used(project: Project) -> None:
    """`--handset NAME` runs there; a misspelt name is refused with the near one, exit code 4."""
    project.scenario("sum")
    assert project.run("suites", "--handset", "ten").exit == 0
    assert [labels(result, "thread") for result in project.results()] == [["ten"]]
    wrong = project.run("suites", "--handset", "tem")
    assert (wrong.exit, wrong.out.count('did you mean "ten"?')) == (4, 1), wrong.out


def test_thin_tests_get_the_handset(project: Project) -> None:
    """The fixtures `handset` and `assistant` give the leased handset and the session, with the build running."""
    project.scenario("sum")
    project.write(
        "suites/test_thin.py",
        "def test_thin(handset, assistant):\n"
        "    assert handset.shell.script('exit 7').exit == 7\n"
        "    assert handset.packages.pid(assistant.build.package)\n",
    )
    run = project.run("suites")
    assert (run.exit, "2 passed" in run.out) == (0, True), run.out


def test_thin_tests_run_without_scenarios(project: Project) -> None:
    """A file of tests in Python can be run by itself, also when there is no scenario at all, and on workers."""
    project.write("suites/test_thin.py", "def test_thin(handset):\n    assert handset.identity.name == 'ten'\n")
    for arguments in (("suites/test_thin.py",), ("suites", "-n", "1")):
        run = project.run(*arguments, "--handset", "ten")
        assert (run.exit, "1 passed" in run.out) == (0, True), run.out


def test_a_scenario_outside_of_the_root(project: Project) -> None:
    """A scenario may lie anywhere: named on the command line, it runs."""
    project.scenario("sum")
    (project.folder / "root").mkdir()
    run = project.run("suites/sum.yaml", "--rootdir", "root", "--devices", "devices.yaml")
    assert (run.exit, "1 PASS" in run.out) == (0, True), run.out


UNREACHABLE = "  - {name: away, kind: tcp, address: '127.0.0.1:1'}\n"
"""Nothing listens on port 1."""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_another_handset_is_taken_for_one_that_is_away(project: Project, workers: tuple[str, ...]) -> None:
    """A handset that does not answer is passed over, and told at the end; the others run everything."""
    devices = project.folder.joinpath("devices.yaml").read_text()
    project.write("devices.yaml", devices.replace("handsets:\n", "handsets:\n" + UNREACHABLE))
    project.scenario("sum")
    project.write("suites/test_thin.py", "def test_thin(handset): pass\n")
    run = project.run("suites", *workers)
    assert (run.exit, "2 passed" in run.out, "INTERNALERROR" in run.out) == (0, True, False), run.out
    assert run.out.count("unusable  away: no adbd answers at 127.0.0.1:1") == 1
    rows = {row for result in project.results() for row in labels(result, "thread")}
    environment = project.folder / "reports" / "latest" / "allure-results" / "environment.properties"
    told = dict(line.split("=", 1) for line in environment.read_text().splitlines())
    assert told["handsets"] == told["emulated"]
    assert rows <= set(told["handsets"].split(", ")) <= {"fold", "ten"}


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "workers"])
def test_without_any_handset_the_lab_is_to_blame(project: Project, workers: tuple[str, ...]) -> None:
    """Exit code 6, and one line with the cause for each test: nothing is run, which Allure calls skipped."""
    project.write("devices.yaml", "handsets:\n" + UNREACHABLE)
    project.scenario("sum")
    project.write("suites/test_thin.py", "def test_thin(handset): pass\n")
    run = project.run("suites", *workers)
    assert (run.exit, "2 NOT_RUN" in run.out, "Traceback" in run.out) == (6, True, False), run.out
    assert [result["status"] for result in project.results()] == ["skipped"] * 2


def test_what_only_the_missing_handset_might_run_is_the_labs_fault(project: Project) -> None:
    """A scenario that the others cannot run ends with exit code 6 while a handset is away that perhaps could."""
    project.write("devices.yaml", project.folder.joinpath("devices.yaml").read_text() + UNREACHABLE)
    project.scenario("sum")
    project.scenario("big", 'scenario: big\nneeds: {ram_gb: ">=64"}\nsteps:\n  - {text: "What is 1 + 1?"}\n')
    for workers in ((), ("-n", "3")):
        run = project.run("suites", *workers)
        assert (run.exit, "1 NOT_RUN" in run.out, "1 PASS" in run.out) == (6, True, True), run.out


def test_a_handset_error_in_a_thin_test_is_the_labs_fault(project: Project) -> None:
    """What goes wrong with the handset in a test in Python ends with exit code 6; a wrong assertion with 1."""
    lost = "def test_lost(handset):\n    handset.files.read('/no/such/file')\n"
    project.write("suites/test_thin.py", lost)
    assert project.run("suites").exit == 6
    project.write("suites/test_thin.py", lost + "def test_wrong(handset):\n    assert handset.identity.name == '?'\n")
    assert project.run("suites").exit == 1


def test_a_worker_that_dies_is_the_labs_fault(project: Project) -> None:
    """The test that a dying worker ran has a verdict all the same, and the rest is run by its successor."""
    project.write("suites/test_a.py", "import os\ndef test_dies(handset):\n    os._exit(3)\n")
    project.scenario("sum")
    run = project.run("suites", "-n", "1", "--handset", "ten")
    assert (run.exit, "1 PASS" in run.out, "1 failed, 1 passed" in run.out) == (6, True, True), run.out


def test_results_that_cannot_be_completed_change_no_verdict(project: Project) -> None:
    """What is written after the last test may fail: it is told, and the exit code is that of the tests."""
    project.write(
        "suites/test_thin.py",
        "from pathlib import Path\n"
        "def test_thin(handset):\n"
        "    Path('reports/latest/allure-results/categories.json').mkdir(parents=True)\n",
    )
    run = project.run("suites")
    assert (run.exit, "(incomplete: Is a directory)" in run.out) == (0, True), run.out


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "workers"])
def test_the_lines_fit_the_terminal(
    project: Project, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Width and colours of the lines are those of pytest's own terminal, wherever they were written."""
    monkeypatch.setenv("COLUMNS", "60")
    project.scenario("sum")
    run = project.run("suites", *workers, "--color=yes")
    figures = [line for line in run.out.splitlines() if "decode_tps" in line or "skin" in line]
    assert (len(figures), "\x1b[32mPASS\x1b[0m" in run.out) == (2, True), run.out


def _attachments(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [*node.get("attachments", []), *(found for step in node.get("steps", []) for found in _attachments(step))]
