"""What `devices.yaml` says of a handset, beside what it says itself: its own word counts, and a difference is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from framework.contract.run import HandsetIdentity

Stated = str | float | bool | tuple[str, ...]

CHANGES = ("free_gb",)
"""What is another from one hour to the next: no contradiction."""


def merged(said: HandsetIdentity, stated: Mapping[str, Stated]) -> HandsetIdentity:
    """What the handset says, filled up with what is stated (`contract.handsets.Stated`), and the contradictions."""
    silent = {name: value for name, value in stated.items() if _unsaid(name, getattr(said, name))}
    contradictions = tuple(
        f"devices.yaml says {name}: {_shown(value)}, the handset {_shown(getattr(said, name))}"
        for name, value in stated.items()
        if name not in silent and name not in CHANGES and not _agrees(value, getattr(said, name))
    )
    changes: dict[str, Any] = {**silent, "contradictions": contradictions}
    return replace(said, **changes)


def _unsaid(name: str, value: Stated) -> bool:
    """A handset that says nothing of its processor, memory or system is believed to be as stated.

    One without postures has said that it does not fold.
    """
    return name not in ("foldable", "fold_states") and not value


def _agrees(stated: Stated, said: Stated) -> bool:
    """Text may be stated in part: `HyperOS` and `HyperOS 1.0` are both true of HyperOS 1.0.9.0.

    Postures may be stated in any order.
    """
    if isinstance(stated, tuple) and isinstance(said, tuple):
        return sorted(stated) == sorted(said)
    if not isinstance(stated, str) or not isinstance(said, str):
        return stated == said
    whole, part = said.casefold(), stated.casefold()
    return whole == part or whole.startswith((f"{part} ", f"{part}."))


def _shown(value: Stated) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
