"""A plugin of pytest that runs made-up units: the observers of the farm are told of them, as a session would tell.

    pytest -p support.told_plugin -p no:pocketfarm RUN/stories.told --alluredir RUN/allure-results

`write_told` does that in a process of its own. The folder of the `.told` file is the run's.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.told_runs import Story

from framework.contract.verdict import Verdict
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.console import Console
from framework.plugin.observers import Observers
from framework.report.allure_files import write_categories, write_config, write_environment
from framework.report.allure_retries import gather_retries

STORIES = "stories.told"
TESTS = Path(__file__).resolve().parents[1]


def write_told(folder: Path, stories: Sequence[Story], within_s: float = 120.0) -> Path:
    """A run's folder as a run of these units would have left it; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STORIES).write_bytes(pickle.dumps(list(stories)))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:pocketfarm", "-p", "no:cacheprovider"]
    command += ["-p", "no:hypothesispytest", "-p", "support.told_plugin", "--rootdir", str(folder), "-c", os.devnull]
    command += ["--alluredir", str(folder / "allure-results"), str(folder / STORIES)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=within_s, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return folder


class StoriesFile(pytest.File):
    """Stories, pickled by `write_told`."""

    def collect(self) -> Iterator[pytest.Item]:
        for story in pickle.loads(self.path.read_bytes()):
            name = story.unit.id.rpartition("::")[2]
            yield StoryItem.from_parent(self, name=name, nodeid=story.unit.id, story=story)


class StoryItem(pytest.Item):
    """One attempt at one test."""

    def __init__(self, *, story: Story, **rest: Any) -> None:
        super().__init__(**rest)
        self.story = story

    def runtest(self) -> None:
        for event in self.story.events():
            for observer in self.config.stash[OBSERVERS].all:
                observer.notify(event)
        if self.story.verdict is not Verdict.PASS:
            pytest.fail("\n".join((self.story.verdict.value, *self.story.reasons)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


OBSERVERS = pytest.StashKey[Observers]()


class ToldRun:
    """The controller's part."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config, self._folder, self._tried = config, folder, Counter[str]()
        self._journal = RunJournal(folder)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        first: StoryItem = session.items[0]  # type: ignore[assignment]
        build = first.story.unit.build
        began = RunBegan(
            ("suites",), str(self._folder), str(self._folder), build.label, build.hashes, "devices.yaml", "0.1.0",
            os.getpid(), self._folder.name,
        )  # fmt: skip
        self._label = build.label
        self._journal.began(began)
        self._journal.scheduled(dict.fromkeys(item.nodeid for item in session.items))
        observers = Observers(self._folder, Console(100, False), build.label)
        self._config.stash[OBSERVERS] = observers
        self._config.pluginmanager.register(observers)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: StoryItem) -> Iterator[None]:
        done = yield
        self._tried[item.nodeid] += 1
        if not item.story.lost:
            self._journal.concluded(item.story.conclusion(self._tried[item.nodeid]))
        return done

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        results = self._folder / "allure-results"
        gather_retries(results)
        write_categories(results)
        write_environment(results, {"build": self._label, "emulated": "told, not run"})
        write_config(self._folder, f"Pocketfarm: {self._label}")
        self._config.stash[OBSERVERS].close()
        self._journal.close()


def pytest_configure(config: pytest.Config) -> None:
    (path,) = config.args
    config.pluginmanager.register(ToldRun(config, Path(path).resolve().parent))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return StoriesFile.from_parent(parent, path=file_path) if file_path.suffix == ".told" else None
