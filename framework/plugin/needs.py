"""`@pytest.mark.needs(foldable=True, ram_gb=">=8")`: what a test in Python needs of its handset, as a scenario does."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from framework.contract.errors import Problem, UsageError
from framework.contract.needs import Needs

MARKER = "needs"


class NeedsMarkers:
    """Checks the markers of what was collected: a fault in one is an error of collecting its file."""

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        problems = [str(problem) for item in report.result or () for problem in _problems(item)]
        if problems:
            report.outcome, report.longrepr, report.result = "failed", "\n".join(dict.fromkeys(problems)), []
        return report


def marked_needs(item: pytest.Item) -> Needs:
    """The needs that markers of a test, its class and its module say, the closer one first; UsageError if wrong."""
    from pydantic import ValidationError

    from framework.contract.explain import problems
    from framework.contract.yaml_file import shown
    from framework.contract.yaml_tree import Tree

    markers = list(item.iter_markers(MARKER))
    file, line = shown(item.path), (item.location[1] or 0) + 1
    if any(marker.args for marker in markers):
        text = 'each capability is written with its name, such as needs(ram_gb=">=8")'
        raise UsageError(Problem(text, file, line, f"pytest.mark.{MARKER}"))
    said = {name: _written(value) for marker in reversed(markers) for name, value in marker.kwargs.items()}
    try:
        return Needs.model_validate(said)
    except ValidationError as error:
        raise UsageError(*problems(error, Needs, Tree(said, {(): line}, {}, ()), file)) from None


def _problems(item: object) -> Iterator[Problem]:
    if isinstance(item, pytest.Item):
        try:
            marked_needs(item)
        except UsageError as error:
            yield from error.problems


def _written(value: Any) -> Any:
    """A value of Python as YAML has it, where every scalar is text."""
    if isinstance(value, dict):
        return {str(key): _written(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set):
        return [_written(entry) for entry in value]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else value
