"""Where the lines about a run end up: a terminal with its width and colours, or a file."""

from __future__ import annotations

import shutil
from typing import Any, NamedTuple

import pytest

COLUMNS, LEAST_COLUMNS = 110, 40


class Console(NamedTuple):
    """What a worker must know to write lines for the controller's terminal; plain values, as execnet carries them."""

    columns: int
    colours: bool


def console_of(config: pytest.Config) -> Console:
    """That of this process; COLUMNS wide where it is no terminal and the environment does not say otherwise."""
    columns = shutil.get_terminal_size(fallback=(COLUMNS, 24)).columns
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    return Console(max(columns, LEAST_COLUMNS), reporter is not None and bool(reporter.hasmarkup))
