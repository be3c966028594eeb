"""What keeps a handset from others: the lease of a run, the hold of a person, a quarantine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["hold", "quarantine"]


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Who holds a handset; `counter` grows with every lease, so that a stale holder can be recognised."""

    who: str
    why: str
    since_wall_s: int
    counter: int
    process: str = ""
    """Which process of which machine; empty where it does not tell."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A hold or a quarantine, as the handset itself keeps it; `since_wall_s` is by the handset's own clock.

    A hold is one person's: runs of others wait for its end. A quarantine is nobody's: no run uses the handset.
    """

    kind: Kind
    who: str
    """As `user@host`."""
    why: str
    since_wall_s: int
    left_s: float | None
    """Host seconds until it ends by itself; None: not before it is released."""
    raw: str = field(default="", repr=False, compare=False)
    """As it stands on the handset, so that a mark that was changed meanwhile is not taken for this one."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All of them at one time; None where there is none, or none any more."""

    lease: LeaseHolder | None = None
    hold: Mark | None = None
    quarantine: Mark | None = None
