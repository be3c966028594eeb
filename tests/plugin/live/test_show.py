"""What a view is shown of the handsets of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from framework.contract.handsets import VirtualHandset
from framework.fleet.health import Health
from framework.plugin.assignment import Assignment
from framework.plugin.live.progress import Progress
from framework.plugin.live.show import Handsets
from framework.plugin.live.words import about
from framework.virtual.identity import identity_of


def test_the_handsets_of_one_process_have_rows_too() -> None:
    """Without workers, too, it is told which were used, and which one is used no more and why; before that, nothing."""
    opened: list[Any] = []
    fleet = Handsets(Assignment([], lambda _: None), Health(), lambda _: "", lambda: next(iter(opened), None))  # type: ignore[arg-type, return-value]
    assert (fleet.models(), list(fleet.present()), fleet.quarantined()) == ({}, [], {})
    fold, ten = (
        identity_of(VirtualHandset(name=name, kind="virtual", profile="xiaomi-10")) for name in ("fold", "ten")
    )
    opened.append(SimpleNamespace(used=[fold, ten], quarantined={"fold": "its glass is broken"}))
    made = Progress()
    made.fleet(fleet.models(), fleet.present(), fleet.quarantined())
    said = {name: about(row, 0.0) for name, row in made.rows.items()}
    assert said == {"fold": "quarantined: its glass is broken", "ten": "idle"}
