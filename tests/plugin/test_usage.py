"""Wrong files and calls: exit code 4, each message once, with and without workers, before anything is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

ROOT = Path(__file__).resolve().parents[2]
WRONG = ROOT / "tests" / "contract" / "wrong"
EXPECT = b"# expect: "
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


def wrong_files(kind: str) -> list[Path]:
    return sorted(WRONG.glob(f"{kind}-*.yaml"))


def expected(wrong: Path, name: str) -> list[str]:
    """What must be said about a wrong file that the project has under `name`: as its first lines promise."""
    heads = [line.removeprefix(EXPECT) for line in wrong.read_bytes().splitlines() if line.startswith(EXPECT)]
    return [f"ERROR: {name}{':' if head[:1].isdigit() else ': '}{head.decode()}" for head in heads]


def said(out: str) -> list[str]:
    return [line for line in out.splitlines() if line]


@WORKERS
def test_all_wrong_scenarios_are_told_at_once(project: Project, workers: tuple[str, ...]) -> None:
    """Every fault of every scenario file, one line once, in one run."""
    lines = []
    for wrong in wrong_files("scenario"):
        name = f"suites/{wrong.name}"
        (project.folder / "suites").mkdir(exist_ok=True)
        (project.folder / name).write_bytes(wrong.read_bytes())
        lines += expected(wrong, name)
    run = project.run("suites", *workers)
    assert (run.exit, sorted(said(run.out))) == (4, sorted(lines))


@WORKERS
@pytest.mark.parametrize("wrong", wrong_files("devices"), ids=lambda path: path.stem)
def test_a_wrong_inventory(project: Project, wrong: Path, workers: tuple[str, ...]) -> None:
    """The faults of `devices.yaml`, one line once."""
    project.scenario("fine")
    (project.folder / "devices.yaml").write_bytes(wrong.read_bytes())
    run = project.run("suites", *workers)
    assert (run.exit, said(run.out)) == (4, expected(wrong, "devices.yaml"))


@WORKERS
@pytest.mark.parametrize("wrong", wrong_files("build"), ids=lambda path: path.stem)
def test_a_wrong_build(project: Project, wrong: Path, workers: tuple[str, ...]) -> None:
    """The faults of a build file, one line once."""
    project.scenario("fine")
    (project.folder / "build.yaml").write_bytes(wrong.read_bytes())
    run = project.run("suites", *workers, "--build", "build.yaml")
    assert (run.exit, said(run.out)) == (4, expected(wrong, "build.yaml"))


def test_more_workers_than_handsets(project: Project) -> None:
    """`-n 3` with two handsets is refused with the number that there are."""
    project.scenario("fine")
    run = project.run("suites", "-n", "3")
    assert (run.exit, said(run.out)) == (
        4,
        ["ERROR: -n 3: there are only 2 handsets; each worker needs one of its own"],
    )


@WORKERS
def test_a_build_that_cannot_be_asked_so(project: Project, workers: tuple[str, ...]) -> None:
    """A step that speaks, or writes by intent, to a build that offers neither is named before anything is started."""
    steps = 'steps:\n  - {text: "Hi"}\n  - {text: "Hi", via: intent}\n  - {say: "Hi"}\n'
    project.scenario("talk", "scenario: talk\n" + steps)
    demonstration = (ROOT / "suites/builds/compact/build.yaml").read_text(encoding="utf-8")
    kept = [part for part in demonstration.split("\n\n") if not part.startswith("voice:")]
    project.write("build.yaml", "\n\n".join(kept).replace("  intent:", "  # intent:"))
    run = project.run("suites", *workers, "--build", "build.yaml")
    assert (run.exit, said(run.out)) == (
        4,
        [
            "ERROR: suites/talk.yaml:4: steps[1]: compact 1.0.0 has no text.intent in its build.yaml",
            "ERROR: suites/talk.yaml:5: steps[2]: compact 1.0.0 has no voice in its build.yaml",
        ],
    )


@WORKERS
def test_a_build_whose_files_are_not_there(project: Project, workers: tuple[str, ...]) -> None:
    """A missing file is told once, with its line, before anything is started; no folder for results is left."""
    project.scenario("fine")
    demonstration = (ROOT / "suites/builds/compact/build.yaml").read_text(encoding="utf-8")
    project.write("build.yaml", demonstration.replace("generate:", "# generate:"))
    run = project.run("suites", *workers, "--build", "build.yaml")
    assert (run.exit, said(run.out)) == (4, ["ERROR: build.yaml:11: apk.file: out/assistant.apk: no such file"])
    assert not (project.folder / "reports").exists()


def test_a_handset_that_is_named_twice_is_one(project: Project) -> None:
    """Two workers cannot share a handset by naming it twice."""
    project.scenario("fine")
    run = project.run("suites", "-n", "2", "--handset", "fold", "--handset", "fold")
    message = "ERROR: -n 2: there is only 1 handset; each worker needs one of its own"
    assert (run.exit, said(run.out)) == (4, [message])


@WORKERS
def test_a_folder_that_cannot_be_written(project: Project, workers: tuple[str, ...]) -> None:
    """Where no run folder can be made, one line says where, why and which option names another place."""
    project.scenario("fine")
    run = project.run("suites", *workers, "-o", "pocketfarm_reports=pytest.ini")
    (line,) = said(run.out)
    assert (run.exit, "pytest.ini: Not a directory" in line, "pocketfarm_reports" in line) == (4, True, True)


def test_collecting_checks_the_files_and_leaves_nothing(project: Project) -> None:
    """`--collect-only` lists the scenarios without a folder for results."""
    project.scenario("fine")
    run = project.run("suites", "--collect-only", "-q")
    assert (run.exit, "suites/fine.yaml::fine" in run.out) == (0, True), run.out
    assert not (project.folder / "reports").exists()


def test_a_run_without_scenarios_is_plain_pytest(project: Project) -> None:
    """Where no scenario is asked for, nothing is checked, started or written."""
    project.write("devices.yaml", "broken: [")
    project.write("tests/test_plain.py", "def test_plain(): pass\n")
    assert project.run("tests").exit == 0
    assert not (project.folder / "reports").exists()


@WORKERS
def test_a_devices_file_that_is_named_and_not_there(project: Project, workers: tuple[str, ...]) -> None:
    """Tests in Python are the farm's where `--devices` says so: the file is missing, and not the farm."""
    project.write("suites/test_here.py", "def test_here(handset): pass\n")
    run = project.run("suites/test_here.py", *workers, "--devices", "rack.yaml")
    assert (run.exit, said(run.out)) == (4, ["ERROR: rack.yaml: no such file"])


def test_the_fixtures_outside_of_a_farm(project: Project) -> None:
    """A test elsewhere that asks for a handset is told in one line what it lacks, without a traceback."""
    project.write("tests/test_lost.py", "def test_lost(handset): pass\n")
    run = project.run("tests")
    assert (run.exit, "no farm in this run" in run.out, "Traceback" in run.out) == (1, True, False), run.out
    assert "framework/plugin" not in run.out


@pytest.mark.parametrize("word", ["0", "-3", "many"])
def test_a_retention_that_keeps_nothing(project: Project, word: str) -> None:
    """`--keep` takes a number above 0, or all."""
    project.scenario("fine")
    run = project.run("suites", f"--keep={word}")
    assert (run.exit, said(run.out)) == (4, [f"ERROR: --keep: expected a number above 0, or all, not '{word}'"])
