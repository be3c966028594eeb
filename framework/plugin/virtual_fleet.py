"""The virtual handsets of a run: one child process each, so that they use all cores; gone with the run."""

from __future__ import annotations

from contextlib import ExitStack

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Inventory, VirtualHandset
from framework.fleet.inventory import speed
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import VirtualHandsets, virtual_handsets


class VirtualFleet:
    """Starts a virtual handset when it is first asked for; `close` ends them all."""

    def __init__(self, inventory: Inventory, speed_override: float | None) -> None:
        self._inventory, self._speed = inventory, speed_override
        self._running: dict[str, VirtualHandsets] = {}
        self._stack = ExitStack()

    def start(self, handset: VirtualHandset) -> None:
        """Begin to start it, without waiting."""
        if handset.name not in self._running:
            request = VirtualRequest.of(handset, self._speed_of(handset))
            self._running[handset.name] = self._stack.enter_context(virtual_handsets([request]))

    def target(self, name: str) -> Target:
        """Where it answers, as soon as it does."""
        handset = self._handset(name)
        endpoint = self._endpoint(handset)
        return Target(name, adbd=endpoint.adb, appium_url=endpoint.appium, tags=handset.tags)

    def control(self, name: str) -> Control:
        """Its truth and its faults; it is started if it was not."""
        return Control(self._endpoint(self._handset(name)).control, name)

    def close(self) -> None:
        self._running.clear()
        self._stack.close()

    def _handset(self, name: str) -> VirtualHandset:
        handset = next(entry for entry in self._inventory.handsets if entry.name == name)
        if not isinstance(handset, VirtualHandset):
            raise HandsetError(name, "the farm does not start Android emulators yet")
        return handset

    def _endpoint(self, handset: VirtualHandset) -> VirtualEndpoint:
        self.start(handset)
        return self._running[handset.name].endpoint(handset.name)

    def _speed_of(self, handset: VirtualHandset) -> float:
        return self._speed or speed(handset, self._inventory)
