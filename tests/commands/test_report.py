"""`farm report`."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import unquote

import pytest
from support.scripts import script
from support.told_plugin import write_told
from support.told_runs import GOOD, NEXT, handsets, story
from support.waiting import until

from framework.cli import main
from framework.history import open_history
from framework.plugin.run_lock import hold
from framework.report.html.finding import PINNED

ROOT = Path(__file__).parents[2]
GENERATES = "mkdir -p $5/awesome $5/classic; for i in awesome classic; do echo '<head></head>' >$5/$i/index.html; done"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one unit."""
    folder = tmp_path_factory.mktemp("reports") / "2026-11-29T07-00-00-1"
    return write_told(folder, [story("Weather", "suites/text/weather.yaml", handsets()[0], NEXT, turns=1)])


@pytest.fixture(scope="module")
def earlier(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a run of the same unit a day before, with the build before."""
    folder = tmp_path_factory.mktemp("reports") / "2026-11-28T07-00-00-1"
    folder.mkdir()
    journal = (told / "journal.jsonl").read_text().replace(told.name, folder.name)
    journal = journal.replace(NEXT.version, GOOD.version)
    (folder / "journal.jsonl").write_text(re.sub(r'"at":\d+', _a_day_before, journal))
    return folder


def _a_day_before(at: re.Match[str]) -> str:
    return f'"at":{int(at[0][5:]) - 86_400}'


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
        f"run       reports/{run.name}  compact 1.1.0-rc1\n"
        f"release   reports/{run.name}/release.html  (compared with no other run)\n"
        "traces    1 page\n"
        f"awesome   reports/{run.name}/allure/awesome/index.html\n"
        f"classic   reports/{run.name}/allure/classic/index.html\n"
    )


def test_for_a_script(run: Path, allure: Path, farm: Said) -> None:
    """Paths, seconds, and that nothing was left out."""
    _, out, _ = farm("--json", str(run))
    said = json.loads(out)
    assert said["run"] == {"id": run.name, "name": run.name, "folder": str(run), "build": "compact 1.1.0-rc1"}
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
    code, _, err = farm(demand)
    assert code == 2
    assert "Allure 2" in err
    assert (run / "release.html").exists()


def test_without_html(run: Path, allure: Path, farm: Said) -> None:
    """Allure is not even looked for."""
    code, out, err = farm("--no-html")
    assert (code, err, (run / "allure").exists()) == (0, "", False)
    assert "traces    1 page\n" in out


def test_allure_fails(run: Path, allure: Path, farm: Said) -> None:
    """That is neither your call nor what is missing: exit code 1, with its words, after our own pages."""
    script(allure, '[ "$1" = --version ] && echo 3.18.0 && exit; echo heap out of memory; exit 134')
    code, out, err = farm()
    assert (code, out.splitlines()[2]) == (1, "traces    1 page")
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
        (["reports/latest", "--from", "x.zip"], "name a RUN, or an evidence pack with --from: not both"),
        (["--no-html", "--single-file"], "--no-html leaves out what --allure2, --single-file and -o are about"),
    ],
)
def test_a_wrong_call(run: Path, farm: Said, arguments: list[str], message: str) -> None:
    """Is told in one line."""
    code, out, err = farm(*arguments)
    assert (code, out) == (2, "")
    assert message in err


# -- compared ---------------------------------------------------------------------------------------------------------


def test_compared_with_the_last_run_of_another_build(run: Path, earlier: Path, farm: Said) -> None:
    """Out of the history; the page of the last run lies beside all runs, too, with the same links."""
    other = run.with_name(earlier.name)
    shutil.copytree(earlier, other)
    farm("--no-html", str(other))
    assert not (run.parent / "release.html").exists()
    _, out, _ = farm("--no-html")
    assert f"release.html  (compared with {earlier.name}, compact 1.0.0)\n" in out
    for page in (run / "release.html", run.parent / "release.html"):
        links = re.findall(r'href="([^"#]*trace\.html)', page.read_text())
        assert links
        assert [link for link in links if not (page.parent / unquote(link)).exists()] == []


@pytest.mark.parametrize("by", ["path", "name"])
def test_compared_with_one_that_is_named(run: Path, earlier: Path, farm: Said, tmp_path: Path, by: str) -> None:
    """A run's folder anywhere, or the name of one beside this one."""
    place = tmp_path / "elsewhere" if by == "path" else run.parent
    shutil.copytree(earlier, place / earlier.name)
    _, out, _ = farm("--no-html", "--json", "--against", str(place / earlier.name) if by == "path" else earlier.name)
    assert json.loads(out)["baseline"] == {"id": earlier.name, "name": earlier.name, "build": "compact 1.0.0"}


def test_compared_with_one_that_is_not_there(run: Path, farm: Said) -> None:
    """Who names a run is told that there is none; nothing is compared with something else."""
    code, _, err = farm("--no-html", "--against", "yesterday")
    assert code == 2
    assert "no run 'yesterday' in" in err


def test_a_run_that_is_being_written(run: Path, earlier: Path, farm: Said) -> None:
    """Is compared as far as it has come."""
    shutil.copytree(earlier, run.with_name(earlier.name))
    with hold(run):
        assert f"(compared with {earlier.name}" in farm("--no-html")[1]


def test_a_run_that_was_pruned(run: Path, earlier: Path, farm: Said) -> None:
    """Stays forgotten by the history, whose report it is not."""
    shutil.copytree(earlier, run.with_name(earlier.name))
    with open_history(run.parent / "history.db") as history:
        history.forget([run.name])
        assert "(compared with no other run)" in farm("--no-html")[1]
        assert [one.head.name for one in history.runs()] == [earlier.name]


def test_a_history_that_cannot_be_asked(run: Path, farm: Said) -> None:
    """Costs the comparison and no page."""
    (run.parent / "history.db").write_text("no database" * 100)
    code, out, err = farm("--no-html")
    assert (code, "(compared with no other run)" in out) == (0, True)
    assert err.startswith("left out: comparison: ")


# -- packed -----------------------------------------------------------------------------------------------------------


def test_there_and_back(run: Path, earlier: Path, farm: Said, tmp_path: Path, allure: Path) -> None:
    """One file, and elsewhere everything is made of it: the pages, compared with the same run, and Allure's HTML."""
    shutil.copytree(earlier, run.with_name(earlier.name))
    code, out, _ = farm("--pack", "build.zip", "--against", earlier.name, "--json")
    said = json.loads(out)["pack"]
    assert (code, said["file"], said["bytes"]) == (0, "build.zip", (tmp_path / "build.zip").stat().st_size)
    (tmp_path / "reports").rename(tmp_path / "gone")
    code, out, err = farm("--from", "build.zip")
    folder = tmp_path / "build" / run.name
    assert (code, err.splitlines()[0]) == (0, "unpacking build.zip")
    assert f"release   build/{run.name}/release.html  (compared with {earlier.name}, compact 1.0.0)\n" in out
    assert (folder / "allure" / "index.html").exists()
    assert main(["trace", str(folder)]) == 0
    code, out, _ = farm(str(folder), "--no-html", "--against", str(tmp_path / "gone" / earlier.name))
    assert (code, f"(compared with {earlier.name}" in out) == (0, True)


def test_what_a_pack_tells(run: Path, farm: Said) -> None:
    """Its size, its hash, and what was taken out of it."""
    _, out, err = farm("--no-html", "--pack", "build.zip")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert re.fullmatch(r"pack      build\.zip  \(0\.\d MB, \d+ files of 0\.\d MB\)", lines["pack"])
    assert re.fullmatch(r"sha256    [0-9a-f]{64}", lines["sha256"])
    assert lines["redacted"].startswith("redacted  ")
    assert err == f"packing {run.name}\n"
    assert "redacted  no (--no-redact)\n" in farm("--no-html", "--no-redact", "--pack", "build.zip")[1]


def test_a_pack_that_is_none(run: Path, farm: Said, tmp_path: Path) -> None:
    """Is told in one line, and nothing is left of it."""
    (tmp_path / "build.zip").write_text("<html>404</html>")
    code, out, err = farm("--from", "build.zip")
    assert (code, out) == (2, "")
    assert err.splitlines()[1].startswith("build.zip: it is no evidence pack, or damaged (File is not a zip file): ask")
    assert not (tmp_path / "build").exists()


# -- shown ------------------------------------------------------------------------------------------------------------


def policy(port: int, path: str, host: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("HEAD", path, headers={"Host": host})
    return connection.getresponse().headers["Content-Security-Policy"]


def get(port: int, path: str, host: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_open(run: Path, tmp_path: Path) -> None:
    """It serves the run's folder on loopback until Ctrl+C: no list of files, nothing outside, no other name."""
    (run / "allure-results" / "out.txt").symlink_to("/etc/passwd")
    script(tmp_path / "browser", f'echo "$1" >{tmp_path}/opened')
    code = "import sys; from framework.cli import main; sys.exit(main(['report', '--open', '--no-html']))"
    environment = {"PATH": "/usr/bin:/bin", "BROWSER": f"{tmp_path}/browser %s", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as served:
        assert served.stderr is not None
        url = next(line.split()[0] for line in served.stderr if line.startswith(b"http")).decode()
        port = int(url.split(":")[2].partition("/")[0])
        local = f"127.0.0.1:{port}"
        until(lambda: (tmp_path / "opened").exists())
        assert get(port, "/journal.jsonl", local) == (200, (run / "journal.jsonl").read_bytes())
        assert get(port, "/units/", local)[0] == 404
        page = next((run / "units").rglob("trace.html")).relative_to(run)
        for path in (f"/{page}", f"/./%75nits/{page.relative_to('units')}"):
            assert "script-src 'none'" in policy(port, path, local)
        assert get(port, "/../../etc/passwd", local)[0] == 404
        assert get(port, "/allure-results/out.txt", local)[0] == 404
        assert get(port, "/journal.jsonl", f"evil.example:{port}")[0] == 403
        served.send_signal(signal.SIGINT)
        assert served.wait(10) == 0
    assert (tmp_path / "opened").read_text().strip() == url
