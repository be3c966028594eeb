"""Runs to make reports of, and what makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.told_plugin import write_told
from support.told_runs import NEXT, Story, failed, handsets, lost, story

from framework.contract.errors import UsageError
from framework.report.html.finding import Allure, find_allure


def stories() -> list[Story]:
    """One scenario on five models; one fails, and on one the first attempt was lost to the lab."""
    weather = [story("Weather", "suites/text/weather.yaml", handset, NEXT, turns=1) for handset in handsets()]
    weather[0] = failed(weather[0], "budget rss_mb max: at most 1500 MB, found 1900 MB")
    return [*weather[:1], lost(weather[1], handsets()[1], "its cable"), *weather[1:]]


@pytest.fixture(scope="session")
def told_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read-only: copy it before anything is written."""
    return write_told(tmp_path_factory.mktemp("reports") / "2026-11-29T07-00-00-1", stories())


@pytest.fixture(scope="session")
def allure_3() -> Allure:
    """The pinned one, from the cache folder of whoever runs the tests; installed on first use."""
    try:
        return find_allure(3)
    except UsageError as error:
        pytest.skip(f"no Allure: {error}")
