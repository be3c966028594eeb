"""Makes the README's pictures: two builds on the five emulated models and a twin, really run, and their reports.

    python tests/benchmarks/two_builds.py [--work FOLDER] [--again RUN]

The compact build runs first, then the release candidate that is slower and leaks (suites/builds/compact-next), each
with `--each model`. In the second run one handset loses its cable in the middle of a test, which then runs again on
its twin. `farm report` makes the pages, and a real Chromium shows them (apt install chromium chromium-driver
fonts-wqy-microhei): what they must show is looked up in them, and kept as pictures in reports/sample/. Takes a few
minutes. Last line: one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.browser import DESKTOP, PHONE, Browser, chromium, waited

from framework.journal.account import read_account
from framework.report.html.serving import served

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "reports" / "sample"
TWINS = ("xiaomi-10", "xiaomi-10-b")
"""Units of one model: the one that plays LOST first loses its cable meanwhile."""
DEVICES = (
    "defaults: {speed: 20}\nhandsets:\n"
    "  - {name: mix-fold-3, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}\n"
    + "".join(f"  - {{name: xiaomi-{n}, kind: virtual, profile: xiaomi-{n}}}\n" for n in (13, 12, 11, 10))
    + f"  - {{name: {TWINS[1]}, kind: virtual, profile: xiaomi-10, seed: 7}}\n"
)
SMOKE = ("weather_en.yaml", "weather_zh.yaml", "timer_voice_en.yaml", "fold_and_go_on.yaml", "test_handset.py")
SUITES = ("suites/text", "suites/memory", *(f"suites/smoke/{name}" for name in SMOKE))
SCENARIO, LOST = "suites/memory/long_conversation.yaml", "suites/text/everyday_questions.yaml"
RUN_S = 1200
LARGEST_BYTES = 300_000


# -- the runs --------------------------------------------------------------------------------------------------------


def run_of(build: str, work: Path, *, unplug: bool = False) -> tuple[Path, int]:
    """A run's folder and exit code; `unplug`: the twin that runs LOST loses its cable."""
    (work / "devices.yaml").write_text(DEVICES, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *SUITES, "-n", "6", "--each", "model"]
    command += ["--devices", str(work / "devices.yaml"), "--build", f"suites/builds/{build}/build.yaml"]
    command += ["-o", f"pocketfarm_reports={work / 'reports'}", "--live", "never", "-p", "no:cacheprovider"]
    with (work / f"{build}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            if unplug:
                farm("virtual", "fault", _playing(work / "reports", process), "unplug")
            exit_code = process.wait(RUN_S)
        finally:
            process.kill()
    (folder,) = (work / "reports").glob(f"*-{process.pid}")
    return folder, exit_code


def _playing(reports: Path, run: subprocess.Popen[bytes]) -> str:
    """The twin that has begun to record LOST."""

    def found() -> list[str]:
        assert run.poll() is None, f"the run is over, and neither of {TWINS} was seen to play {LOST}"
        traces = f"*-{run.pid}/units/*everyday_questions/{{}}/1-1/trace.jsonl"
        return [name for name in TWINS if any(reports.glob(traces.format(name)))]

    return waited(found, f"neither of {TWINS} has begun {LOST}", RUN_S)[0]


def farm(*arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("farm")), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# -- what they must show ---------------------------------------------------------------------------------------------


def claims(browser: Browser, run: Path, address: str) -> Iterator[tuple[str, Any]]:
    """(what holds, what was found) in the pages of the candidate's run; AssertionError where it does not."""
    account = read_account(run)
    models = {test.model for test in account.tests if test.file == SCENARIO}
    failed = {test.model for test in account.tests if test.file == SCENARIO and test.verdict.value == "FAIL"}
    assert (len(models), failed) == (5, models), failed
    yield "the leak fails on all models", sorted(failed)
    (lost,) = (test for test in account.tests if test.file == LOST and test.attempts > 1)
    assert [unit.verdict.value for unit in lost.units] == ["LAB", "PASS"], lost
    assert {unit.handset for unit in lost.units} == set(TWINS), lost
    yield "lost, and passed on the twin", lost.id
    browser.open(f"{address}/release.html")
    assert browser.complaints() == []
    text = browser.run("return document.body.innerText")
    assert "1.1.0-rc1" in text
    assert "compact 1.0.0" in text
    yield "drawn in s", browser.drawn_s(f"{address}/release.html")
    with browser.as_(PHONE, "light"):
        sideways = browser.run("const d = document.documentElement; return d.scrollWidth - d.clientWidth")
    assert sideways == 0
    yield "sideways scroll at 390 px", sideways
    browser.open(f"{address}/allure/awesome/index.html")
    browser.open(f"{address}/allure/awesome/index.html#timeline")
    lanes = browser.until(LANES)
    handsets = {name for test in account.tests for name in (test.handset, *(unit.handset for unit in test.units))}
    assert (len(lanes), len(handsets - {""})) == (7, 6), lanes  # and one for what nothing could run
    yield "lanes of the timeline", len(lanes)
    assert browser.complaints() == []


LANES = """const at = new Set([...document.querySelectorAll('[data-testid=timeline-segment]')].map(e =>
    Math.round(e.getBoundingClientRect().top))); return at.size > 1 && [...at].sort((a, b) => a - b)"""


# -- the pictures ----------------------------------------------------------------------------------------------------


def pictures(browser: Browser, run: Path, address: str) -> None:
    browser.open(f"{address}/release.html")
    shot(browser, "release", (1280, 1500))
    with browser.as_(PHONE, "dark"):
        shot(browser, "release-phone", (390, 1100), twice=True)
    browser.resize(DESKTOP)
    awesome, classic = (f"{address}/allure/{name}/index.html" for name in ("awesome", "classic"))
    browser.open(awesome)
    browser.until("return document.querySelector('[data-testid=tree-leaf]') && true")
    shot(browser, "allure", (1280, 1400), TO_THE_TOP)
    browser.open(f"{awesome}#timeline")
    browser.until(LANES)
    shot(browser, "allure-timeline", (1280, 600))
    browser.resize((1280, 1500))
    one = result(run, "mix-fold-3")
    browser.open(classic)
    browser.open(f"{classic}#testresult/{one}")
    browser.until(OPEN_TRACE)
    browser.until("return [...document.querySelectorAll('iframe')].some(e => e.clientHeight > 1000)")
    shot(browser, "allure-classic", (1280, 1500), IN_VIEW)


TO_THE_TOP = """for (const each of [document.documentElement, ...document.querySelectorAll('*')])
    if (each.scrollTop) each.scrollTop = 0"""
IN_VIEW = """const names = [...document.querySelectorAll('.attachment-row__name')];
    names.find(e => e.innerText.trim() == 'trace').scrollIntoView()"""
OPEN_TRACE = """const row = [...document.querySelectorAll('.attachment-row')].find(e =>
    e.querySelector('.attachment-row__name')?.innerText.trim() == 'trace');
    if (row) row.querySelector('.attachment-row__label').click(); return !!row"""


def result(run: Path, handset: str) -> str:
    """Allure's id of the candidate's long conversation there."""
    for path in (run / "allure" / "classic" / "data" / "test-cases").glob("*.json"):
        made = json.loads(path.read_text(encoding="utf-8"))
        labels = {label["name"]: label["value"] for label in made["labels"]}
        if labels.get("thread") == handset and SCENARIO in labels.get("testId", ""):
            return path.stem
    raise LookupError(f"no result of {SCENARIO} on {handset}")


def shot(browser: Browser, name: str, size: tuple[int, int], script: str = "", *, twice: bool = False) -> None:
    """As reports/sample/NAME.png, in few colours, after the script has brought into view what is to be seen."""
    from PIL import Image

    browser.resize(size, 2 if twice else 1)
    browser.settle()
    browser.run(script)
    browser.settle()
    path = browser.picture(HERE / f"{name}.png")
    with Image.open(path) as image:
        image.convert("RGB").quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)
    size_bytes = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size_bytes / 1000:.0f} kB")
    assert size_bytes < LARGEST_BYTES, path


@contextmanager
def workspace(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--work", type=Path, help="where the runs are written and left (default: a temporary folder)")
    parser.add_argument("--again", type=Path, help="folder of a run made so before: only look at it")
    said = parser.parse_args()
    began = time.monotonic()
    with workspace(said.work) as work:
        run = said.again
        if run is None:
            run_of("compact", work)
            run, exit_code = run_of("compact-next", work, unplug=True)
            assert exit_code == 1, (work / "compact-next.log").read_text(encoding="utf-8", errors="replace")[-4000:]
        farm("report", str(run), "--html")
        with served(run) as address, chromium() as browser:
            found = dict(claims(browser, run, address))
            pictures(browser, run, address)
    print(json.dumps({**found, "seconds": round(time.monotonic() - began)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
