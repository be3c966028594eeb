"""In each process that collects: what a continued run has finished, or never had, is not run."""

from __future__ import annotations

from collections.abc import Collection

import pytest

KEPT, SCHEDULED = "pocketfarm_kept", "pocketfarm_scheduled"
"""What a worker of such a run is given: test ids; alike for all, also for one that comes late."""


class Selecting:
    """`scheduled` are all tests of the run, where that is known."""

    def __init__(self, kept: Collection[str], scheduled: Collection[str]) -> None:
        self._kept, self._scheduled = frozenset(kept), frozenset(scheduled)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left = [item for item in items if self._is_left(item.nodeid)]
        if len(left) < len(items):
            config.hook.pytest_deselected(items=[item for item in items if not self._is_left(item.nodeid)])
            items[:] = left

    def _is_left(self, test: str) -> bool:
        return test not in self._kept and (not self._scheduled or test in self._scheduled)
