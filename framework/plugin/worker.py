"""What a process that runs tests has: the lab, and the word to the controller about what happened."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.loading import loading_for_good
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.plugin.blame import Blaming
from framework.plugin.collected import Collecting
from framework.plugin.console import Console
from framework.plugin.one_at_a_time import OneAtATime
from framework.plugin.options import read_options
from framework.plugin.orphan import end_with_parent
from framework.plugin.outcome import TOLD, VERDICT
from framework.plugin.reporting import reporting
from framework.plugin.roll import prepare, read_called
from framework.plugin.run_lock import join
from framework.plugin.selection import KEPT, SCHEDULED, Selecting
from framework.plugin.swap import Swapping, target_of
from framework.plugin.unfit import DECLINING, Declining

if TYPE_CHECKING:
    from framework.plugin.lab import Lab
    from framework.plugin.observers import Observers
    from framework.plugin.pool import Waiting

LAB: pytest.StashKey[Lab] = pytest.StashKey()
OBSERVERS: pytest.StashKey[Observers] = pytest.StashKey()
RUN_FOLDER, RESULTS, CONSOLE = "pocketfarm_run_folder", "pocketfarm_results", "pocketfarm_console"
SERIALS = "pocketfarm_serials"
"""What a worker gives the controller at its end: the numbers of its handsets, which nothing that is written tells."""
TARGET, UNAVAILABLE = "pocketfarm_target", "pocketfarm_unavailable"
"""What the controller gives a worker, beside xdist's own: its handset, or why there is none for it."""


def lab_of(config: pytest.Config) -> Lab:
    """The lab of this process; the controller's or the worker's plugin has put it there."""
    lab = config.stash.get(LAB, None)
    if lab is None:
        where = "tests under suites/ (ini option pocketfarm_scenarios), where there is a devices.yaml"
        pytest.fail(f"no farm in this run: the fixtures `handset` and `assistant` serve {where}", pytrace=False)
    return lab


def open_lab(config: pytest.Config, handsets: Iterable[Waiting], run_folder: Path, console: Console) -> None:
    """Give this process its lab and the observers that are told what happens in it."""
    with loading_for_good():
        from framework.plugin.lab import Lab
        from framework.plugin.observers import Observers

    options = read_options(config)
    build = load_build(options.build)
    observers = Observers(run_folder, console, build.spec.label, reporting(config))
    config.stash[OBSERVERS] = observers
    lab = config.stash[LAB] = Lab(
        handsets,
        build,
        observers,
        prepare=options.prepare,
        record_screen=options.record_screen,
        lease_timeout_s=options.lease_timeout_s,
    )
    config.pluginmanager.register(observers, "pocketfarm-observers")
    config.pluginmanager.register(Blaming(lab), "pocketfarm-blaming")
    config.pluginmanager.register(Collecting(run_folder), "pocketfarm-collecting")


def know(config: pytest.Config, *targets: Target) -> None:
    """Nothing that this process writes tells the numbers of these handsets."""
    reporting(config).redactor.know(target.serial for target in targets)


def close_lab(config: pytest.Config) -> None:
    lab = config.stash.get(LAB, None)
    if lab is not None:
        for line in lab.close():
            print(f"Pocketfarm: {line}", file=sys.stderr)
        config.stash[OBSERVERS].close()


def told(config: pytest.Config, verdict: Verdict) -> list[tuple[str, object]]:
    """What the controller is told with a test's report: its verdict and the lines for the terminal."""
    return [(VERDICT, verdict.value), *((TOLD, line) for line in config.stash[OBSERVERS].told())]


class Worker:
    """The plugin inside an xdist worker: its handset was chosen by the controller."""

    def __init__(self, config: pytest.Config) -> None:
        given: Mapping[str, Any] = getattr(config, "workerinput")  # noqa: B009  # xdist adds it
        from framework.plugin.pool import Waiting

        end_with_parent()
        config.option.maxfail = 0  # when to stop is for the controller to say, which knows what will be run again
        if RUN_FOLDER in given:
            folder = Path(given[RUN_FOLDER])
            self._running = join(folder)
            swapping = Swapping(folder, given["workerid"], partial(_change, config))
            config.pluginmanager.register(OneAtATime(swapping.look), "pocketfarm-one-at-a-time")
            config.option.allure_report_dir = given[RESULTS]
            prepare(config, partial(read_called, folder))
            open_lab(config, [Waiting(partial(_reach, given))], folder, Console(*given[CONSOLE]))
            know(config, *([target_of(given[TARGET])] if TARGET in given else []))
            config.pluginmanager.register(Declining(lab_of(config), folder, _name(given)), DECLINING)
        if KEPT in given:
            config.pluginmanager.register(Selecting(given[KEPT], given[SCHEDULED]), "pocketfarm-selecting")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        getattr(session.config, "workeroutput")[SERIALS] = sorted(reporting(session.config).redactor.known)  # noqa: B009

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        close_lab(config)


def _change(config: pytest.Config, target: Target) -> None:
    """This handset is the worker's from now on."""
    from framework.plugin.pool import Waiting

    know(config, target)
    lab_of(config).change(Waiting(lambda: target))
    declining = config.pluginmanager.getplugin(DECLINING)
    assert isinstance(declining, Declining)
    declining.handset = target.name


def _name(given: Mapping[str, Any]) -> str:
    """Of the worker's handset."""
    return target_of(given[TARGET]).name if TARGET in given else str(given[UNAVAILABLE][0])


def _reach(given: Mapping[str, Any]) -> Target:
    if TARGET not in given:
        raise HandsetError(*given[UNAVAILABLE])
    return target_of(given[TARGET])
