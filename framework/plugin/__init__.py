"""The pytest plugin: hooks that translate; the objects behind them decide.

Loaded by every pytest run in an environment where Pocketfarm is installed, so nothing heavy is imported here, and
a run that is not the farm's is left as it is.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Generator
from functools import partial
from pathlib import Path

import pytest

from framework.contract.loading import loading_for_good
from framework.plugin.fixtures import assistant, faults, handset
from framework.plugin.options import Options, add_options, is_scenario_file, is_worker, read_options, worker_count

__all__ = ["assistant", "faults", "handset"]

NEEDS = "needs(**capabilities): what the handset of this test must have, as under `needs` in a scenario"
"""The marker, as `pytest --markers` shows it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None]:
    """`--resume`: before anybody reads the command line, it becomes that of the run that is continued."""
    if early_config.known_args_namespace.resume is not None:
        from framework.plugin.resume import continue_run

        continue_run(early_config, parser, args)
    yield


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Check every file and lay out the run's folder before Allure and xdist look at their options."""
    config.addinivalue_line("markers", NEEDS)
    options = read_options(config)
    if not options.for_the_farm:
        return
    atexit.register(gc.freeze)  # Python would search all that is loaded for garbage before it ends
    with loading_for_good():
        _configure(config, options)


def _configure(config: pytest.Config, options: Options) -> None:
    from framework.plugin.interrupt import BriefInterrupt
    from framework.plugin.needs import NeedsMarkers

    config.pluginmanager.register(BriefInterrupt(config), "pocketfarm-interrupt")
    config.pluginmanager.register(NeedsMarkers(), "pocketfarm-needs")
    if is_worker(config):
        from framework.plugin.worker import Worker

        config.pluginmanager.register(Worker(config), "pocketfarm-worker")
        return
    from framework.plugin.plan import fetch, make_plan
    from framework.plugin.resume import RESUMED, check_build
    from framework.plugin.workers import handsets_of, spare_idle_workers

    plan = make_plan(options, worker_count(config), partial(handsets_of, config, options))
    check_build(config, plan.build)
    spare_idle_workers(config, options)
    if config.option.collectonly and options.each:
        from framework.plugin.roll import Roll, prepare, reached_as_it_is

        prepare(config, Roll(plan.handsets, reached_as_it_is).call)
    if not config.option.collectonly:
        from framework.plugin.controller import Controller
        from framework.plugin.screens import plan_screens

        tell, first = partial(print, flush=True), worker_count(config) or 1
        continued = RESUMED in config.stash
        screens = plan_screens(options, plan.inventory, plan.handsets, first, tell, continued=continued)
        fetch(plan.build)
        config.pluginmanager.register(Controller(config, options, plan, screens), "pocketfarm-controller")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not is_scenario_file(file_path, parent.config):
        return None
    from framework.plugin.collect import ScenarioFile

    collector: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return collector


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """`-n auto`: one worker a handset. Asked before anything is configured; faults in files are told later."""
    options = read_options(config)
    if not options.for_the_farm:
        return None
    from framework.plugin.workers import one_a_handset

    return one_a_handset(config, options)
