"""JUnit's XML has one testcase a test: an attempt that was lost is told with the one that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from framework.redaction.redactor import Redactor

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


def redact(config: pytest.Config, redactor: Redactor) -> None:
    """Of the file that pytest has written at the end of the run; names of tests stay, by which they are found."""
    xml = plugin(config)
    path = Path(xml.logfile) if xml is not None else None
    if path is None or not redactor.active or not path.is_file():
        return
    tree = ElementTree.parse(path)  # noqa: S314  # pytest's own
    for node in tree.iter():
        node.text = redactor.text(node.text) if node.text else node.text
        for name, value in node.attrib.items():
            if name not in ("name", "classname", "file"):
                node.set(name, redactor.text(value))
    part = path.with_name(f".{path.name}.part")
    tree.write(part, encoding="utf-8", xml_declaration=True)
    part.replace(path)


def plugin(config: pytest.Config) -> Any:
    """pytest's own for `--junitxml`, which has no name; None without that option."""
    plugins = config.pluginmanager.get_plugins()
    return next((each for each in plugins if hasattr(each, "node_reporters_ordered")), None)
