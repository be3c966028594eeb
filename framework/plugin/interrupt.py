"""Ctrl+C ends a run soon: pytest would first parse every file of the interrupted stack, in each worker again."""

from __future__ import annotations

import pytest


class BriefInterrupt:
    """Leaves of an interrupted stack the one line that pytest prints, unless `--full-trace` asks for all."""

    def __init__(self, config: pytest.Config) -> None:
        self._whole = bool(config.option.fulltrace)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if not self._whole:
            excinfo.traceback = excinfo.traceback[-1:]
