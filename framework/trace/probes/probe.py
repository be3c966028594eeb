"""What a probe is: a piece of the on-device loop, and the reading of what it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """One signal of the handset.

    `available` is a shell condition that is tried once; a probe for which it fails is dropped with a note.
    `script` is run in the loop, every `every`-th tick; `$pid` is the assistant's process (empty when it is gone).
    `read` turns what the script printed into values: series name → number. It leaves out what is not there.
    """

    name: str
    units: Mapping[str, str]
    available: str
    script: str
    read: Callable[[str], Mapping[str, float]]
    every: int = 1
