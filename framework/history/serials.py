"""Serial numbers are not kept: where a text names one, the handset's name stands in the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from framework.contract.run import HandsetIdentity

SHORTEST = 4
"""A shorter number would be found in words that mean something else."""


class Serials:
    """Those of a run's handsets, by their names."""

    def __init__(self, handsets: Mapping[str, HandsetIdentity]) -> None:
        self._names = {who.serial: name for name, who in handsets.items() if len(who.serial) >= SHORTEST}
        longest_first = sorted(map(re.escape, self._names), key=len, reverse=True)
        self._known = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(longest_first)})(?![A-Za-z0-9])")

    def left_out(self, texts: Iterable[str]) -> list[str]:
        return [self.without(text) for text in texts]

    def without(self, text: str) -> str:
        return self._known.sub(lambda found: self._names[found[0]], text) if self._names else text
