"""`farm report`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.scripts import script
from support.told_plugin import write_told
from support.told_runs import GOOD, handsets, story

from framework.cli import main
from framework.report.html.finding import PINNED

ROOT = Path(__file__).parents[2]
GENERATES = "mkdir -p $5/awesome $5/classic; for i in awesome classic; do echo '<head></head>' >$5/$i/index.html; done"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one unit."""
    folder = tmp_path_factory.mktemp("reports") / "2026-11-29T07-00-00-1"
    return write_told(folder, [story("Weather", "suites/text/weather.yaml", handsets()[0], GOOD, turns=1)])


@pytest.fixture
def run(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the folder of the machine's runs, the last of them."""
    reports = tmp_path / "reports"
    shutil.copytree(told, reports / told.name)
    (reports / "latest").symlink_to(told.name)
    monkeypatch.chdir(tmp_path)
    return reports / told.name


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Node.js, npm, Java and Allure: its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv(PINNED.variable, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("framework.tools.node.find_spec", lambda _: None)
    return folder


@pytest.fixture
def allure(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for Allure 3 in the PATH."""
    monkeypatch.setenv("PATH", f"{nothing}:/usr/bin:/bin")
    monkeypatch.setattr("framework.report.html.finding.find_node", _no_node)
    return script(nothing / "allure", f'[ "$1" = --version ] && echo 3.18.0 && exit; {GENERATES}')


def _no_node(purpose: str) -> object:
    from framework.contract.errors import UsageError

    raise UsageError(f"{purpose} needs Node.js")


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def farm(capsys: pytest.CaptureFixture[str]) -> Said:
    """`farm report` with these arguments: exit code, standard output, standard error."""

    def called(*arguments: str) -> tuple[int, str, str]:
        code = main(["report", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


def test_the_last_run(run: Path, allure: Path, farm: Said) -> None:
    """Without a word more it is the last run's: where its pages are, and progress on standard error."""
    code, out, err = farm()
    assert (code, err) == (0, "Allure 3.18.0 makes the report of 1 results\n")
    assert out == (
        f"run       reports/{run.name}  compact 1.0.0\n"
        "traces    1 page\n"
        f"awesome   reports/{run.name}/allure/awesome/index.html\n"
        f"classic   reports/{run.name}/allure/classic/index.html\n"
    )


def test_for_a_script(run: Path, allure: Path, farm: Said) -> None:
    """Paths, seconds, and that nothing was left out."""
    _, out, _ = farm("--json", str(run))
    said = json.loads(out)
    assert said["run"] == {"id": run.name, "name": run.name, "folder": str(run), "build": "compact 1.0.0"}
    assert said["allure"]["pages"]["awesome"] == str(run / "allure" / "awesome" / "index.html")
    assert said["seconds"] >= said["allure"]["seconds"] > 0
    assert said["left_out"] == []


def test_nothing_is_there(run: Path, nothing: Path, farm: Said) -> None:
    """Our own pages are made all the same; what is missing is named with its mend, and that is no failure."""
    code, out, err = farm("--json")
    (left,) = json.loads(out)["left_out"]
    assert (code, json.loads(out)["allure"]) == (0, None)
    assert left["what"] == "Allure's HTML"
    assert "pip install 'pocketfarm[report]'" in left["why"]
    assert err == f"left out: Allure's HTML: {left['why']}\n"


@pytest.mark.parametrize("demand", ["--html", "--single-file", "--allure2"])
def test_html_is_demanded(run: Path, nothing: Path, farm: Said, demand: str) -> None:
    """Who asks for Allure's HTML is told with the exit code that it is not there; our own pages are."""
    (recording,) = run.rglob("trace.jsonl")
    recording.with_name("trace.html").unlink()
    code, _, err = farm(demand)
    assert code == 2
    assert "Allure 2" in err
    assert recording.with_name("trace.html").exists()


def test_without_html(run: Path, allure: Path, farm: Said) -> None:
    """Allure is not even looked for."""
    code, out, err = farm("--no-html")
    assert (code, err, (run / "allure").exists()) == (0, "", False)
    assert "traces    1 page\n" in out


def test_allure_fails(run: Path, allure: Path, farm: Said) -> None:
    """That is neither your call nor what is missing: exit code 1, with its words, after our own pages."""
    script(allure, '[ "$1" = --version ] && echo 3.18.0 && exit; echo heap out of memory; exit 134')
    code, out, err = farm()
    assert (code, out.splitlines()[1]) == (1, "traces    1 page")
    assert err.splitlines()[-1] == "Allure 3.18.0 could not make the report: heap out of memory"


def test_pages_that_a_killed_run_has_not_written(run: Path, farm: Said) -> None:
    """Are made of what it recorded."""
    (recording,) = run.rglob("trace.jsonl")
    for name in ("trace.html", "transcript.html", "samples.csv"):
        recording.with_name(name).unlink()
    _, out, _ = farm("--no-html")
    assert "traces    1 page (1 made anew)\n" in out
    assert recording.with_name("samples.csv").exists()
    assert farm("--no-html")[1].count("anew") == 0


def test_elsewhere(run: Path, allure: Path, farm: Said, tmp_path: Path) -> None:
    """`-o` takes Allure's HTML elsewhere."""
    farm("-o", str(tmp_path / "public"))
    assert (tmp_path / "public" / "index.html").exists()
    assert not (run / "allure").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "expected the folder of a run, with its journal.jsonl, such as reports/latest"),
        (["--no-html", "--single-file"], "--no-html leaves out what --allure2, --single-file and -o are about"),
    ],
)
def test_a_wrong_call(run: Path, farm: Said, arguments: list[str], message: str) -> None:
    """Is told in one line."""
    code, out, err = farm(*arguments)
    assert (code, out) == (2, "")
    assert message in err
