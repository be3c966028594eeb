"""The handsets that a run starts: virtual ones, one child process each so that they use all cores, and AVDs.

They are gone with the run.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import AvdHandset, Handset, Inventory, VirtualHandset
from framework.fleet.inventory import speed
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import VirtualHandsets, virtual_handsets

if TYPE_CHECKING:
    from framework.handset.emulator import Emulators


class VirtualFleet:
    """Starts a handset when it is first asked for; `close` ends them all. `tell` is told what takes long."""

    def __init__(self, inventory: Inventory, speed_override: float | None, tell: Callable[[str], None] = print) -> None:
        self._inventory, self._speed = inventory, speed_override
        self._running: dict[str, VirtualHandsets] = {}
        self._tell = tell
        self._stack = ExitStack()

    def start(self, handset: Handset) -> None:
        """Begin to start it, without waiting; nothing for a handset that is there by itself."""
        if isinstance(handset, AvdHandset):
            self._emulators.start(handset.name, handset.avd)
        elif isinstance(handset, VirtualHandset) and handset.name not in self._running:
            request = VirtualRequest.of(handset, self._speed_of(handset))
            self._running[handset.name] = self._stack.enter_context(virtual_handsets([request]))

    def target(self, name: str) -> Target:
        """Where it answers, as soon as it does."""
        handset = self._handset(name)
        if isinstance(handset, AvdHandset):
            found = self._emulators.address(name, handset.avd, handset.boot_within_s)
            return Target(
                name,
                serial=found.serial,
                adb_server=found.adb_server,
                adb_server_ours=found.ours,
                tags=handset.tags,
            )
        endpoint = self._endpoint(handset)
        return Target(name, adbd=endpoint.adb, appium_url=endpoint.appium, tags=handset.tags)

    def control(self, name: str) -> Control:
        """Of a virtual handset: its truth and its faults; it is started if it was not."""
        handset = self._handset(name)
        if not isinstance(handset, VirtualHandset):
            raise HandsetError(name, "it is no virtual handset, which alone can be looked behind")
        return Control(self._endpoint(handset).control, name)

    def speed(self, name: str) -> float:
        """Device seconds in one of the host's."""
        handset = self._handset(name)
        return self._speed_of(handset) if isinstance(handset, VirtualHandset) else 1.0

    def close(self) -> None:
        self._running.clear()
        self._stack.close()

    @cached_property
    def _emulators(self) -> Emulators:
        from framework.handset.emulator import Emulators

        emulators = Emulators(self._tell)
        self._stack.callback(emulators.close)
        return emulators

    def _handset(self, name: str) -> Handset:
        return next(entry for entry in self._inventory.handsets if entry.name == name)

    def _endpoint(self, handset: Handset) -> VirtualEndpoint:
        self.start(handset)
        return self._running[handset.name].endpoint(handset.name)

    def _speed_of(self, handset: VirtualHandset) -> float:
        return self._speed or speed(handset, self._inventory)
