"""A report is whole or not there: with stand-ins for Allure, and the real one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from support import waiting
from support.scripts import script
from support.told_runs import NEXT

from framework.contract.account import RunHead
from framework.contract.errors import UsageError
from framework.report.html import build
from framework.report.html.build import AllureError, Made, Order, build_allure
from framework.report.html.finding import Allure, find_allure
from framework.report.html.history import NAME

ROOT = Path(build.__file__).parents[3]
ALLURE_2 = ROOT / ".ci/foreign/node_modules/allure-commandline/dist/bin"
"""After `npm ci` in .ci/foreign; another one of the PATH will do, too."""
until = partial(waiting.until, within_s=20.0)
PAGES = "mkdir -p $5/awesome $5/classic; for i in awesome classic; do echo '<head></head>' >$5/$i/index.html; done"
"""As Allure 3 is called: generate --config FILE --output DIR RESULTS."""
WHOLE = ["awesome/index.html", "awesome/widgets/metrics.json", "classic/index.html", "index.html"]
"""What is there then; metrics so that the real page finds none, and does not complain."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder with one result."""
    folder = tmp_path / "reports" / "2026-11-29T07-00-00-1"
    (folder / "allure-results").mkdir(parents=True)
    (folder / "allure-results" / "a-result.json").write_text("{}")
    return folder


def order(run: Path, **wanted: bool) -> Order:
    return Order(run, RunHead("id", run.name, 10.0, 20.0, NEXT.identity, "0.1"), run / "allure", **wanted)


def stand_in(tmp_path: Path, text: str, version: str = "3.18.0") -> Allure:
    return Allure(version, (str(script(tmp_path / "allure", text)),))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_old_one_goes(run: Path, tmp_path: Path) -> None:
    """Nothing of an earlier report is in a new one, and nothing else is left beside it."""
    (run / "allure" / "awesome").mkdir(parents=True)
    (run / "allure" / "awesome" / "old.json").touch()
    made = build_allure(order(run), stand_in(tmp_path, PAGES))
    assert files(run / "allure") == WHOLE
    assert made.pages == {name: run / "allure" / name / "index.html" for name in ("awesome", "classic")}
    assert sorted(path.name for path in run.iterdir()) == [".allure.lock", "allure", "allure-results"]


def test_single_files(run: Path, tmp_path: Path) -> None:
    """One file an interface, and the one that opens the first."""
    build_allure(order(run, single_file=True), stand_in(tmp_path, PAGES))
    assert files(run / "allure") == ["awesome.html", "classic.html", "index.html"]


def test_it_fails(run: Path, tmp_path: Path) -> None:
    """Its words are told, and the report that was there stays."""
    build_allure(order(run), stand_in(tmp_path, PAGES))
    with pytest.raises(AllureError, match=r"Allure 3\.18\.0 could not make the report: out of memory"):
        build_allure(order(run), stand_in(tmp_path, f"{PAGES}\necho out of memory; exit 3"))
    assert files(run / "allure") == WHOLE


def test_a_page_that_it_does_not_write(run: Path, tmp_path: Path) -> None:
    """Allure ends well where a single file becomes too large, and only says so."""
    too_large = stand_in(tmp_path, f"{PAGES}; rm $5/classic/index.html; echo The report is too large")
    with pytest.raises(AllureError, match=r"not written its page classic: The report is too large; .* --single-file"):
        build_allure(order(run, single_file=True), too_large)
    assert not (run / "allure").exists()


def test_it_hangs(run: Path, tmp_path: Path) -> None:
    """It costs no more than the deadline, and is ended."""
    with pytest.raises(AllureError, match="allure was not done in time"):
        build_allure(order(run), stand_in(tmp_path, f"echo $$ >{tmp_path}/pid; exec sleep 60"), timeout_s=0.5)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


CODE = """
import sys
from pathlib import Path
from framework.contract.account import RunHead
from framework.contract.run import BuildIdentity
from framework.report.html.build import Order, build_allure
from framework.report.html.finding import Allure, find_allure
run = Path(sys.argv[1])
build_allure(Order(run, RunHead("id", run.name, 1, 2, BuildIdentity("b", "1", "p", "m"), "0"), run / "allure"),
             Allure("3.18.0", (sys.argv[2],)))
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_we_are_ended(run: Path, tmp_path: Path, end: signal.Signals) -> None:
    """kill -9, or Ctrl+C, ends Allure too; what was half made is in nobody's way."""
    allure = stand_in(tmp_path, f"{PAGES}; echo $$ >{tmp_path}/pid; exec sleep 60")
    with subprocess.Popen(
        [sys.executable, "-c", CODE, str(run), *allure.command], cwd=ROOT, stderr=subprocess.DEVNULL
    ) as other:
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
        other.send_signal(end)
    pid = (tmp_path / "pid").read_text().strip()
    until(lambda: not Path(f"/proc/{pid}").exists())
    assert not (run / "allure").exists()
    build_allure(order(run), stand_in(tmp_path, PAGES))
    assert sorted(path.name for path in run.iterdir()) == [".allure.lock", "allure", "allure-results"]


def test_somebody_elses_folder(run: Path, tmp_path: Path) -> None:
    """A folder that is no report is never replaced."""
    (run / "allure").mkdir()
    (run / "allure" / "thesis.odt").touch()
    with pytest.raises(UsageError, match="holds something else, and would be replaced: name a new folder with -o"):
        build_allure(order(run), stand_in(tmp_path, PAGES))
    assert files(run / "allure") == ["thesis.odt"]


def test_a_run_without_results(run: Path, tmp_path: Path) -> None:
    """Is the user's to know."""
    shutil.rmtree(run / "allure-results")
    with pytest.raises(UsageError, match="allure-results: no results of Allure"):
        build_allure(order(run), stand_in(tmp_path, PAGES))


def test_what_it_is_called_with(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only `generate`; no token of the environment reaches it, no analytics; of the run's file no plugin is taken."""
    monkeypatch.setenv("ALLURE_TOKEN", "secret")
    own = {"name": "Mine", "categories": [], "plugins": {"x": {"import": "/tmp/x.js"}}, "allureService": {"url": "u"}}
    (run / "allurerc.json").write_text(json.dumps(own))
    allure = stand_in(tmp_path, f'echo "$1" >{tmp_path}/word; cp $3 {tmp_path}/rc.json; env >{tmp_path}/env; {PAGES}')
    build_allure(order(run), allure)
    wanted = json.loads((tmp_path / "rc.json").read_text())
    assert (tmp_path / "word").read_text() == "generate\n"
    assert sorted(wanted) == ["categories", "historyPath", "name", "plugins"]
    assert (wanted["name"], wanted["categories"]) == ("Mine", [])
    assert sorted(wanted["plugins"]) == ["agent", "awesome", "classic"]
    told = [line for line in (tmp_path / "env").read_text().splitlines() if line.startswith("ALLURE_")]
    assert told == ["ALLURE_NO_ANALYTICS=true"]


def test_a_torn_configuration(run: Path, tmp_path: Path) -> None:
    """Of a run that was killed: title and categories are ours."""
    (run / "allurerc.json").write_text('{"name": ')
    build_allure(order(run), stand_in(tmp_path, f"cp $3 {tmp_path}/rc.json; {PAGES}"))
    wanted = json.loads((tmp_path / "rc.json").read_text())
    assert wanted["name"] == "Pocketfarm: compact 1.1.0-rc1"
    assert [each["name"] for each in wanted["categories"]][:3] == ["Product defects", "Not measured", "Lab"]


def test_allure_2(run: Path, tmp_path: Path) -> None:
    """Its report is the classic interface, and its trend comes from the last run before that has one."""
    says = "mkdir -p $5/history; echo '<head></head>' >$5/index.html; cp $3/history/trend $5/history/trend"
    says += "; echo 2 >>$5/history/trend"
    allure = stand_in(tmp_path, says, "2.46.1")
    earlier = run.with_name("2026-11-28T07-00-00-1") / "allure" / "classic" / "history"
    for folder in (earlier, run.with_name("2026-11-30T07-00-00-1") / "allure" / "classic" / "history"):
        folder.mkdir(parents=True)
        (folder / "trend").write_text(f"of {folder.parents[2].name}\n")
    for _ in range(2):
        made = build_allure(order(run), allure)
    assert made.pages == {"classic": run / "allure" / "classic" / "index.html"}
    assert (run / "allure" / "classic" / "history" / "trend").read_text() == "of 2026-11-28T07-00-00-1\n2\n"
    assert sorted(path.name for path in (run / "allure-results").iterdir()) == ["a-result.json"]


# -- the real one ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(told_run: Path, allure_3: Allure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A report, and the same once more."""
    run = tmp_path_factory.mktemp("reports") / told_run.name
    shutil.copytree(told_run, run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLURE_NO_ANALYTICS", "false")
        build_allure(order(run), allure_3)
        (run / "allure" / "awesome" / "old").touch()
        yield build_allure(order(run), allure_3)


def widget(made: Made, name: str) -> object:
    return json.loads((made.pages["awesome"].parent / "widgets" / name).read_text())


@pytest.mark.foreign
def test_the_real_ones_pages(real: Made) -> None:
    """Both interfaces and the index are there, nothing of the report before, and no page names anybody's analytics."""
    assert sorted(path.name for path in real.index.parent.iterdir()) == ["awesome", "classic", "index.html"]
    assert not (real.index.parent / "awesome" / "old").exists()
    for page in real.pages.values():
        text = page.read_text()
        assert "googletagmanager" not in text
        assert "Content-Security-Policy" in text
    assert "Pocketfarm: compact 1.1.0-rc1" in real.pages["awesome"].read_text()


@pytest.mark.foreign
def test_the_real_ones_history(real: Made) -> None:
    """Two reports of one run are one line."""
    file = real.index.parents[2] / NAME
    (line,) = file.read_text().splitlines()
    assert len(json.loads(line)["testResults"]) == 5


@pytest.mark.foreign
def test_the_real_ones_contents(real: Made) -> None:
    """Five models apart, each in a lane of its own; the lost attempt is a retry; categories are by verdict."""
    results = [json.loads(path.read_text()) for path in (real.pages["awesome"].parent / "data/test-results").iterdir()]
    assert sorted(one["status"] for one in results if not one["isRetry"]) == ["failed", *["passed"] * 4]
    assert [one["status"] for one in results if one["isRetry"]] == ["broken"]
    lanes = {(one["host"], one["thread"]) for one in widget(real, "timeline.json")}  # type: ignore[attr-defined]
    assert len(lanes) == 5
    assert "Product defects" in json.dumps(widget(real, "categories.json"))
    assert (real.pages["classic"].parent / "data" / "suites.json").stat().st_size > 0


@pytest.mark.foreign
def test_the_real_allure_2(told_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its report opens, tells of five tests, and its trend has two runs after the second."""
    monkeypatch.setenv("PATH", f"{ALLURE_2}{os.pathsep}{os.environ['PATH']}")
    try:
        allure = find_allure(2)
    except UsageError as error:
        pytest.skip(f"no Allure 2: {error}, or npm ci in .ci/foreign")
    runs = [tmp_path / "reports" / name for name in ("2026-11-28T07-00-00-1", told_run.name)]
    for run in runs:
        shutil.copytree(told_run, run)
        made = build_allure(order(run), allure)
    page = made.pages["classic"]
    assert "Content-Security-Policy" in page.read_text()
    assert "googletagmanager" not in page.read_text()
    trend = json.loads((page.parent / "widgets" / "history-trend.json").read_text())
    assert [one["data"]["total"] for one in trend] == [5, 5]
