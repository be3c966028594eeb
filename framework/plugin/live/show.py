"""Which view a run has, and what it is shown of the run's fleet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

from framework.fleet.health import Health
from framework.plugin.accounts import Accounts
from framework.plugin.assignment import Assignment
from framework.plugin.live.view import Lines, LiveTable, Source, Watching, mode_of

if TYPE_CHECKING:
    from framework.plugin.lab import Lab


class Handsets:
    """`view.Fleet`; `sent` tells where a test was sent to, in a run with workers; `lab` has those of this process."""

    def __init__(
        self, assignment: Assignment, health: Health, sent: Callable[[str], str], lab: Callable[[], Lab | None]
    ) -> None:
        self._assignment, self._health, self._sent, self._lab = assignment, health, sent, lab

    def models(self) -> Mapping[str, str]:
        used = () if (lab := self._lab()) is None else tuple(lab.used)
        known = {**self._assignment.known, **{identity.name: identity for identity in used}}
        return {name: identity.model for name, identity in known.items()}

    def present(self) -> Iterable[str]:
        lab = self._lab()
        ours = () if lab is None else tuple(identity.name for identity in tuple(lab.used))
        return [*(identity.name for identity in self._assignment.holding), *ours]

    def quarantined(self) -> Mapping[str, str]:
        lab = self._lab()
        return self._health.quarantined if lab is None else {**self._health.quarantined, **lab.quarantined}

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
