"""How many workers a run has: with `-n auto` one a handset, and never more than there is to run."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.contract.handsets import Handset, Inventory
from framework.fleet.inventory import choose, read_inventory
from framework.plugin.options import Options, named_paths

CHOSEN: pytest.StashKey[tuple[Inventory, tuple[Handset, ...]]] = pytest.StashKey()
"""The handsets that were found for `-n auto`: what is plugged in is looked for once."""


def handsets_of(config: pytest.Config, options: Options) -> tuple[Inventory, tuple[Handset, ...]]:
    """The handsets of this run, with the inventory that they are of; UsageError for what is wrong with it."""
    found = config.stash.get(CHOSEN, None)
    if found is None:
        inventory = read_inventory(options.devices, may_be_missing=options.devices_optional)
        found = inventory, choose(inventory, options.handsets, options.devices.name)
        config.stash[CHOSEN] = found
    return found


def one_a_handset(config: pytest.Config, options: Options) -> int:
    """For `-n auto`; faults in files are told later."""
    try:
        return len(handsets_of(config, options)[1])
    except UsageError:
        return 1


def spare_idle_workers(config: pytest.Config, options: Options) -> None:
    """Start no worker, and wake no handset, for which there cannot be a test: before xdist looks."""
    most = _most_tests(config, options)
    if most is not None and len(config.option.tx or ()) > most:
        config.option.tx = config.option.tx[:most]
        config.option.numprocesses = most


def _most_tests(config: pytest.Config, options: Options) -> int | None:
    """How many tests there are at most, as far as that is known before they are collected: one a scenario file."""
    if options.each is not None or any(_holds_python(config, path) for path in named_paths(config)):
        return None
    return max(len(set(options.scenario_files)), 1)


def _holds_python(config: pytest.Config, path: Path) -> bool:
    patterns = config.getini("python_files")
    files = path.rglob("*.py") if path.is_dir() else [path] if path.suffix == ".py" else []
    return any(fnmatch(file.name, pattern) for file in files for pattern in patterns)
