"""The handsets of `farm devices`, and whether others have come since: plugged in, or written into the file."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from framework.contract.errors import FarmError, HandsetError, UsageError
from framework.contract.handsets import AdbHandsets, Handset, UsbHandset
from framework.fleet.inventory import ANY, choose, read_inventory

DEVICES = "devices.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was called with."""

    names: Sequence[str]
    file: str | None

    @property
    def path(self) -> Path:
        return Path(self.file or DEVICES)

    def handsets(self) -> list[Handset]:
        """Those that were asked for, else all; a virtual one that somebody has connected to adb stands there once."""
        inventory = read_inventory(self.path, may_be_missing=self.file is None)
        chosen = choose(inventory, self.names or (ANY,), str(self.path))
        ours = _virtual_addresses()
        return [one for one in chosen if self.names or not isinstance(one, UsbHandset) or one.serial not in ours]

    def signs(self) -> tuple[object, ...]:
        """Another value where `handsets` may have another, without asking any handset."""
        from framework.handset.adb_server import seen_handsets

        inventory = read_inventory(self.path, may_be_missing=self.file is None)
        servers = {one.adb for one in inventory.handsets if isinstance(one, AdbHandsets)} | {inventory.defaults.adb}
        seen: list[object] = [inventory]
        for server in sorted(servers, key=str):
            with suppress(HandsetError):
                seen.append((server, seen_handsets(server)))
        return (*seen, frozenset(_virtual_addresses()))


@dataclass
class Lookout:
    """Looks for other handsets in a thread of its own; `news` are those that there are now, once, when they changed.

    A file that somebody is just editing changes nothing until it is whole.
    """

    asked: Asked
    every_s: float
    _news: list[Handset] | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._look, args=(self.asked.signs(),), daemon=True).start()

    def news(self) -> list[Handset] | None:
        found, self._news = self._news, None
        return found

    def close(self) -> None:
        self._ended.set()

    def _look(self, known: tuple[object, ...]) -> None:
        while not self._ended.wait(self.every_s):
            with suppress(FarmError):
                signs = self.asked.signs()
                if signs != known:
                    self._news, known = self.asked.handsets(), signs


def _virtual_addresses() -> set[str]:
    """HOST:PORT of the adbd of every virtual handset that runs."""
    from framework.virtual.control.registry import running_handsets

    with suppress(UsageError):
        return {running.endpoint.adb for running in running_handsets()}
    return set()
