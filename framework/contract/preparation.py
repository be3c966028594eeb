"""What a run changed on a handset before it began, and what the handset would not have changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was found otherwise than measuring needs it; `found` is None where nothing was set."""

    what: str
    """In people's words, such as `brightness`."""
    name: str
    """The setting's namespace and name, such as `system screen_brightness`; empty for what is no setting."""
    found: str | None
    now: str

    def __str__(self) -> str:
        return f"{self.what}: {self.now} (was {'not set' if self.found is None else self.found})"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the handset would not have: it stays as it was found."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what} stays as it was found: {self.reason}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The state of a handset for the run; all `changes` are given back when its lease ends."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it in words, one a line."""
        return tuple(map(str, (*self.changes, *self.refusals)))
