"""The command line and ini options of a run, and which files are scenarios."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from framework.contract.errors import UsageError
from framework.history.address import HISTORY, located
from framework.plugin.reporting import add_report_options

SCENARIO_SUFFIXES = (".yaml", ".yml")
LEASE_TIMEOUT_S, LONGEST_LEASE_TIMEOUT_S = 60.0, 7 * 86400.0
OPTIONS = pytest.StashKey["Options"]()


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for; paths are absolute."""

    devices: Path
    devices_optional: bool
    """Whether handsets were asked for that need no such file, and none was named."""
    handsets: tuple[str, ...]
    build: Path
    speed: float | None
    appium: str | None
    """What --appium says."""
    appium_otherwise: str | None
    """What holds where devices.yaml says nothing either."""
    each: Literal["model", "handset"] | None
    """Whether every test is run once for each model, or each handset, of those that were chosen."""
    reports: Path
    keep: int | None
    """How many runs are kept in `reports`; None: all."""
    history: str
    """The path or the URL of the database of all runs."""
    prepare: bool
    """Whether handsets are made ready for the run, where devices.yaml does not forbid it."""
    record_screen: Literal["never", "on-failure", "always"]
    """Which repetitions are kept as a film of the screen."""
    lease_timeout_s: float
    """How long a handset that others have is waited for."""
    scenario_files: tuple[Path, ...]
    for_the_farm: bool
    """Whether it is the farm's run: of scenarios, or of tests in Python beside them, where there are handsets or
    --devices names some."""


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("pocketfarm", "Pocketfarm: the device farm")
    group.addoption(
        "--handset",
        action="append",
        default=[],
        metavar="NAME|SERIAL|any",
        help="handset to run on, by its name, serial or HOST:PORT; repeat it for several; any: those of the file and "
        "whatever is plugged in, which needs no file (default: those of the file)",
    )
    group.addoption(
        "--each",
        choices=("model", "handset"),
        help="run every test once for each model, or each handset, of those chosen (default: once, where it can run)",
    )
    group.addoption("--devices", metavar="FILE", help="the handsets of the farm (default: devices.yaml)")
    group.addoption("--build", metavar="FILE", help="the build under test (default: ini option pocketfarm_build)")
    group.addoption(
        "--speed", type=float, metavar="N", help="device time over host time of virtual handsets (default: the file's)"
    )
    group.addoption(
        "--no-prepare",
        action="store_true",
        help="leave settings, screen and lock of the handsets as they are (default: made ready, and given back after)",
    )
    group.addoption(
        "--record-screen",
        choices=("never", "on-failure", "always"),
        default="never",
        help="film the screen of each repetition, and keep the film (default: never; filming costs power)",
    )
    group.addoption(
        "--appium",
        metavar="URL|auto|embedded",
        help="what drives the screens: the Appium server at a URL such as http://127.0.0.1:4723; auto: one that the "
        "farm starts for the run, installed by npm on first use; embedded: the endpoint of its own that a virtual "
        "handset has (default: `appium` in the devices file, else ini option pocketfarm_appium, else embedded for "
        "virtual handsets and auto for others)",
    )
    _add_run_options(group)
    add_report_options(group, parser)
    _add_ini(parser)


def _add_run_options(group: pytest.OptionGroup) -> None:
    """Of the run as a whole, whatever it is about."""
    group.addoption(
        "--lease-timeout",
        metavar="S",
        help="seconds to wait for a handset that others have, first come first served "
        f"(default: ini option pocketfarm_lease_timeout, {LEASE_TIMEOUT_S:g})",
    )
    group.addoption(
        "--keep", metavar="N|all", help="runs that are left in the reports folder, older ones are removed (default: 20)"
    )
    group.addoption(
        "--history",
        metavar="URL|FILE",
        help="the database of all runs: a file of SQLite's, or postgresql://USER@HOST/DATABASE (default: the variable "
        f"{HISTORY}, else ini option pocketfarm_history, else history.db in the reports folder)",
    )
    group.addoption(
        "--live",
        choices=("never", "auto", "always"),
        default="auto",
        help="a live table of what each handset does, below the output; never: a line a finished test instead "
        "(default: auto, which is where pytest writes to a terminal, and no variable CI is set)",
    )
    group.addoption(
        "--resume",
        metavar="RUN",
        help="continue a run that was killed, interrupted or stopped: its folder, its name in the reports folder, or "
        "latest; finished tests keep their results, also those that ended LAB or INVALID (`pytest --lf` runs again "
        "what failed, as a new run); the arguments of the first time hold",
    )


def _add_ini(parser: pytest.Parser) -> None:
    parser.addini("pocketfarm_scenarios", "folders whose YAML files are scenarios", type="args", default=["suites"])
    parser.addini("pocketfarm_devices", "default of --devices", default="devices.yaml")
    parser.addini("pocketfarm_build", "default of --build", default="suites/builds/compact/build.yaml")
    parser.addini("pocketfarm_reports", "folder that runs write into", default="reports")
    parser.addini("pocketfarm_appium", "what drives the screens where neither --appium nor the devices file says so")
    parser.addini("pocketfarm_keep", "default of --keep", default="20")
    parser.addini("pocketfarm_history", "default of --history")
    parser.addini("pocketfarm_lease_timeout", "default of --lease-timeout", default=f"{LEASE_TIMEOUT_S:g}")


def read_options(config: pytest.Config) -> Options:
    """The options of this run, read once."""
    options = config.stash.get(OPTIONS, None)
    if options is None:
        devices, scenario_files = _path(config, "devices"), tuple(_scenario_files(config))
        handsets, named = tuple(config.getoption("handset")), config.getoption("devices") is not None
        optional = bool(handsets) and not named
        there = named or optional or devices.is_file()
        options = Options(
            devices=devices,
            devices_optional=optional,
            handsets=handsets,
            build=_path(config, "build"),
            speed=_speed(config.getoption("speed")),
            appium=_appium(config.getoption("appium"), "--appium"),
            appium_otherwise=_appium(str(config.getini("pocketfarm_appium")), "ini option pocketfarm_appium"),
            each=config.getoption("each"),
            reports=config.rootpath / str(config.getini("pocketfarm_reports")),
            keep=_keep(str(config.getoption("keep") or config.getini("pocketfarm_keep"))),
            history=_history(config),
            prepare=not config.getoption("no_prepare"),
            record_screen=config.getoption("record_screen"),
            lease_timeout_s=_lease_timeout(config),
            scenario_files=scenario_files,
            for_the_farm=bool(scenario_files) or (there and _within_scenario_folders(config)),
        )
        config.stash[OPTIONS] = options
    return options


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is an xdist worker, which a controller has given its handset."""
    return hasattr(config, "workerinput")


def worker_count(config: pytest.Config) -> int:
    """How many xdist workers the run has; 0 when it runs in this process."""
    return len(getattr(config.option, "tx", None) or ())


def is_scenario_file(path: Path, config: pytest.Config) -> bool:
    """YAML files under the scenario folders, but for those of builds; or named on the command line."""
    if path.suffix not in SCENARIO_SUFFIXES:
        return False
    if path in named_paths(config):
        return True
    inside = [path.relative_to(folder) for folder in _scenario_folders(config) if path.is_relative_to(folder)]
    return any(not {"builds", "out"} & set(part.parts[:-1]) for part in inside)


def _scenario_folders(config: pytest.Config) -> list[Path]:
    return [config.rootpath / folder for folder in config.getini("pocketfarm_scenarios")]


def _within_scenario_folders(config: pytest.Config) -> bool:
    """Whether a path of the command line lies in a folder of scenarios: tests there may use the farm's fixtures."""
    return any(path.is_relative_to(folder) for path in named_paths(config) for folder in _scenario_folders(config))


def _scenario_files(config: pytest.Config) -> list[Path]:
    found = []
    for path in named_paths(config):
        candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [file for file in candidates if file.is_file() and is_scenario_file(file, config)]
    return found


def named_paths(config: pytest.Config) -> list[Path]:
    """The paths of the command line; without any, pytest's testpaths or the whole folder."""
    return [(config.invocation_params.dir / word.partition("::")[0]).resolve() for word in config.args]


def _path(config: pytest.Config, name: str) -> Path:
    given = config.getoption(name)
    if given is not None:
        return (config.invocation_params.dir / str(given)).resolve()
    return (config.rootpath / str(config.getini(f"pocketfarm_{name}"))).resolve()


def _speed(value: float | None) -> float | None:
    if value is not None and not 0 < value <= 200:
        raise pytest.UsageError(f"--speed: expected a number above 0 and up to 200, not {value:g}")
    return value


def _appium(word: str | None, origin: str) -> str | None:
    if not word:
        return None
    if not re.fullmatch(r"auto|embedded|https?://[^\s/]+\S*", word):
        raise pytest.UsageError(
            f"{origin}: expected auto, embedded or a URL such as http://127.0.0.1:4723, not {word!r}"
        )
    return word


def _lease_timeout(config: pytest.Config) -> float:
    given = config.getoption("lease_timeout")
    word = str(config.getini("pocketfarm_lease_timeout") if given is None else given)
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_LEASE_TIMEOUT_S:
        origin = "ini option pocketfarm_lease_timeout" if given is None else "--lease-timeout"
        raise pytest.UsageError(f"{origin}: expected seconds from 0 to {LONGEST_LEASE_TIMEOUT_S:g}, not {word!r}")
    return seconds


def _history(config: pytest.Config) -> str:
    """A path is relative to where pytest was called; that of the ini file to the root folder."""
    given = config.getoption("history") or os.environ.get(HISTORY)
    word = str(given or config.getini("pocketfarm_history") or "")
    reports = config.rootpath / str(config.getini("pocketfarm_reports"))
    try:
        return located(word, config.invocation_params.dir if given else config.rootpath, reports)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def _keep(word: str) -> int | None:
    if word == "all":
        return None
    if not word.isdecimal() or not int(word):
        raise pytest.UsageError(f"--keep: expected a number above 0, or all, not {word!r}")
    return int(word)
