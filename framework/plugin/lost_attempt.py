"""An attempt that is lost does not count, in JUnit's XML and in pytest's own summary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from framework.plugin import junit
from framework.plugin.outcome import RERUN

PASSED = ("passed", "xfailed", "xpassed")
"""pytest's categories of a call that went as it was meant to."""


@contextmanager
def lost_left_out(config: pytest.Config, report: pytest.TestReport) -> Iterator[None]:
    """Pytest's plugins see a report within, which may tell of the loss; it was told as passed before a teardown."""
    if report.outcome != RERUN:
        yield
        return
    with junit.left_out(config, report):
        yield
    reporter = config.pluginmanager.getplugin("terminalreporter")
    for category in PASSED if reporter is not None and report.when == "teardown" else ():
        told = reporter.stats.get(category, [])
        told[:] = [other for other in told if other.nodeid != report.nodeid]
