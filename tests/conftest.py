"""Fixtures and rules for all self-tests."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, None]:
    """With POCKETFARM_FOREIGN=required, as in CI, a foreign test that skips has failed."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    required = os.environ.get("POCKETFARM_FOREIGN") == "required"
    if required and report.skipped and item.get_closest_marker("foreign"):
        report.outcome = "failed"
        report.longrepr = f"a foreign test must not skip here: {report.longrepr}"


@pytest.fixture(scope="session", autouse=True)
def options_of_our_own() -> Iterator[None]:
    """Options that whoever runs the self-tests gives by the environment are not for the runs that tests start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        yield
