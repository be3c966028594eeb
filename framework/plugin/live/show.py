"""Which view a run has, and what it is shown of the run's fleet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from framework.fleet.health import Health
from framework.plugin.accounts import Accounts
from framework.plugin.assignment import Assignment
from framework.plugin.live.view import Lines, LiveTable, Source, Watching, mode_of


class Handsets:
    """`view.Fleet`; `sent` tells where a test was sent to, in a run with workers."""

    def __init__(self, assignment: Assignment, health: Health, sent: Callable[[str], str]) -> None:
        self._assignment, self._health, self._sent = assignment, health, sent

    def models(self) -> Mapping[str, str]:
        return {name: identity.model for name, identity in dict(self._assignment.known).items()}

    def present(self) -> Iterable[str]:
        return [identity.name for identity in self._assignment.holding]

    def quarantined(self) -> Mapping[str, str]:
        return self._health.quarantined

    def where(self, test: str) -> str:
        return self._sent(test)


def show(config: pytest.Config, source: Source, accounts: Accounts, write: Callable[[str], None]) -> None:
    """Register the plugin that shows this run, where one is wanted."""
    mode = mode_of(config)
    view: Watching
    if mode == "nothing":
        return
    if mode == "table":
        view = LiveTable(config, source)
    else:
        view = lines = Lines(config, source, write)
        accounts.listeners.append(lines.concluded)
    config.pluginmanager.register(view, "pocketfarm-live")
