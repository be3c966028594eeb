"""From `devices.yaml` to targets that can be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, Problem, UsageError
from framework.contract.handsets import (
    AUTO,
    EMBEDDED,
    Handset,
    Inventory,
    TcpHandset,
    UsbHandset,
    VirtualHandset,
)

VirtualTarget = Callable[[str], Target]
"""Name of a virtual handset → where it answers; starting it is the caller's affair."""


def read_inventory(path: Path) -> Inventory:
    """The handsets of a file; UsageError with file and line for every fault in it."""
    from framework.contract.yaml_file import load

    return load(path, Inventory)


def choose(inventory: Inventory, wanted: Sequence[str], file: str) -> tuple[Handset, ...]:
    """The handsets that were asked for by name, serial or address, each once; all of them for none or `any`."""
    if not wanted or "any" in wanted:
        return inventory.handsets
    found = {handset.name: handset for handset in (_find(inventory, word, file) for word in wanted)}
    return tuple(found.values())


def _find(inventory: Inventory, word: str, file: str) -> Handset:
    from difflib import get_close_matches

    for handset in inventory.handsets:
        if word in (handset.name, getattr(handset, "serial", None), getattr(handset, "address", None)):
            return handset
    names = [handset.name for handset in inventory.handsets]
    near = get_close_matches(word, names, n=1)
    message = f'no handset "{word}" in {file}; there are {", ".join(names)}'
    raise UsageError(Problem(message, suggestion=near[0] if near else None))


def speed(handset: VirtualHandset, inventory: Inventory) -> float:
    return handset.speed if handset.speed is not None else inventory.defaults.speed


def screen_driver(handset: Handset, inventory: Inventory, asked: str | None, otherwise: str | None) -> str:
    """What drives the screen of a handset: AUTO, EMBEDDED, or the URL of an Appium server.

    `asked` for this run counts first, then its own entry, the file's defaults, `otherwise`, and last what suits its
    kind. UsageError for the endpoint of a handset that has none.
    """
    virtual = isinstance(handset, VirtualHandset)
    usual = EMBEDDED if virtual else AUTO
    driver = asked or handset.appium or inventory.defaults.appium or otherwise or usual
    if driver == EMBEDDED and not virtual:
        raise UsageError(
            f"--appium embedded: {handset.name} has no endpoint of its own as virtual handsets do; use auto"
        )
    return driver


def target(handset: Handset, virtual: VirtualTarget) -> Target:
    """How to reach one handset of the inventory, and what may be done to it."""
    return replace(
        _reached(handset, virtual), prepare=handset.prepare, pin_from=handset.pin_from, may_reboot=handset.reboot
    )


def _reached(handset: Handset, virtual: VirtualTarget) -> Target:
    match handset:
        case VirtualHandset():
            return virtual(handset.name)
        case UsbHandset():
            return Target(handset.name, serial=handset.serial, adb_server=handset.adb, tags=handset.tags)
        case TcpHandset():
            return Target(handset.name, adbd=handset.address, tags=handset.tags)
        case _:
            mend = f'start it with "emulator -avd {handset.avd}" and list it as kind usb with its serial, emulator-5554'
            raise HandsetError(handset.name, "the farm does not start Android emulators yet", mend)
