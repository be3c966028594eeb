"""Fixtures and rules for all self-tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from framework.handset.appium.install import Installation

REAL_APKS = "POCKETFARM_REAL_APKS"
"""Environment variable: a folder under which real APKs lie, such as `.ci/foreign` after `npm ci` there."""

NOT_FOR_OUR_RUNS = (
    *("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_THEME", "PYTEST_THEME_MODE", "PYTEST_XDIST_AUTO_NUM_WORKERS"),
    *("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"),
    *("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "GITLAB_CI"),
    *("PY_COLORS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("POCKETFARM_HISTORY", "PGHOST", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSERVICE"),
    *("COLUMNS", "LINES", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANGUAGE"),
)
"""Environment variables by which pytest, rich, Python or we ourselves print other things, or more or fewer, or write
elsewhere."""

FOR_OUR_RUNS = (("TERM", "xterm"), ("LANG", "C.UTF-8"))


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
def environment_of_our_own() -> Iterator[None]:
    """Runs that tests start print the same wherever the self-tests are run: on a build server, at a terminal, abroad.

    A test whose claim is about one of these variables sets it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in NOT_FOR_OUR_RUNS:
            patch.delenv(name, raising=False)
        for name, value in FOR_OUR_RUNS:
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts_arrive() -> None:
    """A script that starts the self-tests in the background has them ignore Ctrl+C, and so would what they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def hang_ups_arrive() -> None:
    """`nohup` has what tests start ignore SIGHUP, too, and a shell cannot trap what it was started to ignore.

    The tests themselves go on: a handler is not inherited.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(scope="session")
def bundled_adb() -> str:
    """The adb that adbutils brings: 36. Not `adbutils.adb_path()`, which prefers one in PATH."""
    import adbutils

    path = str(Path(adbutils.__file__).parent / "binaries" / "adb")
    if not os.access(path, os.X_OK):
        pytest.skip("adbutils brought no adb that runs here")
    return path


@pytest.fixture(scope="session")
def real_apks() -> list[Path]:
    """Real APKs from the folder that the environment names."""
    folder = os.environ.get(REAL_APKS)
    found = sorted(Path(folder).rglob("*.apk")) if folder else []
    if not found:
        pytest.skip(f"no real APKs: {REAL_APKS} names no folder that holds any")
    return found


@pytest.fixture(scope="session")
def appium() -> Installation:
    """The pinned Appium with its driver, from the cache folder of whoever runs the tests; installed on first use."""
    from framework.contract.errors import UsageError
    from framework.handset.appium.install import obtain

    try:
        return obtain()
    except UsageError as error:
        pytest.skip(f"no Appium: {error}")
