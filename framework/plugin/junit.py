"""JUnit's XML has one testcase a test: an attempt that was lost is told with the one that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PROPERTY = "rerun"
"""Name of the property of a testcase that says which attempt was lost before it, and why."""


@contextmanager
def left_out(config: pytest.Config, report: pytest.TestReport) -> Iterator[None]:
    """The attempt that a report belongs to, which pytest's plugin sees within; its call may have passed before."""
    xml = plugin(config)
    if xml is None:
        yield
        return
    reporter = xml.node_reporter(report)
    counted = "skipped" if any(node.tag == "skipped" for node in reporter.nodes) else "passed"
    yield
    if reporter in xml.node_reporters_ordered:
        xml.node_reporters_ordered.remove(reporter)
    if report.when == "teardown":
        xml.stats[counted] -= 1
    if report.when not in ("setup", "call", "teardown"):  # its worker died: nothing more comes of it
        xml.node_reporters = {key: other for key, other in xml.node_reporters.items() if other is not reporter}


def plugin(config: pytest.Config) -> Any:
    """pytest's own for `--junitxml`, which has no name; None without that option."""
    plugins = config.pluginmanager.get_plugins()
    return next((each for each in plugins if hasattr(each, "node_reporters_ordered")), None)
