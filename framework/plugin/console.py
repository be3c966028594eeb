"""Where the lines about a run end up: a terminal with its width and colours, or a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

COLUMNS, LEAST_COLUMNS = 110, 40

Write = Callable[[str], None]

ABOVE: pytest.StashKey[Write] = pytest.StashKey()
"""Where a live table is shown: what writes a line above it."""


class Console(NamedTuple):
    """What a worker must know to write lines for the controller's terminal; plain values, as execnet carries them."""

    columns: int
    colours: bool


def console_of(config: pytest.Config) -> Console:
    """That of this process; COLUMNS wide where it is no terminal and the environment does not say otherwise."""
    columns = shutil.get_terminal_size(fallback=(COLUMNS, 24)).columns
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    return Console(max(columns, LEAST_COLUMNS), reporter is not None and bool(reporter.hasmarkup))


def shows_above(config: pytest.Config) -> bool:
    """Whether a live table is shown."""
    return ABOVE in config.stash


def past_capture(config: pytest.Config) -> tuple[Write, Callable[[], None]]:
    """How any thread writes a line while pytest has turned the output of a test away, and how to end that."""
    writer = config.get_terminal_writer()
    try:
        file = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # no file of the system: whoever runs pytest within its own process
        return (lambda line: writer.line(line)), (lambda: None)

    def write(line: str) -> None:
        begin = "\n" if writer.width_of_current_line else ""
        file.write(f"{begin}{line}\n")
        file.flush()

    return write, file.close
