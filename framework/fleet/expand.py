"""What `devices.yaml` says in short, said in full: defaults, and entries that stand for several handsets."""

from __future__ import annotations

from typing import Any

from framework.contract.handsets import AdbHandsets, Defaults, Handset, Inventory, UsbHandset, VirtualHandset, names_of


def expanded(inventory: Inventory) -> Inventory:
    """Each handset with all that holds for it; `count` virtual ones are so many entries, each with its own seed."""
    handsets = tuple(unit for entry in inventory.handsets for unit in _units(entry, inventory.defaults))
    return inventory.model_copy(update={"handsets": handsets})


def settled(entry: Handset, defaults: Defaults) -> Handset:
    """What the defaults say where the entry says nothing; tags come together."""
    values: dict[str, Any] = {
        "tags": tuple(dict.fromkeys((*entry.tags, *defaults.tags))),
        "prepare": defaults.prepare if entry.prepare is None else entry.prepare,
        "reboot": defaults.reboot if entry.reboot is None else entry.reboot,
    }
    if isinstance(entry, UsbHandset | AdbHandsets):
        values["adb"] = entry.adb or defaults.adb
    return entry.model_copy(update=values)


def _units(entry: Handset, defaults: Defaults) -> list[Handset]:
    whole = settled(entry, defaults)
    if not isinstance(whole, VirtualHandset) or whole.count is None:
        return [whole]
    return [
        whole.model_copy(update={"name": name, "seed": whole.seed + index, "count": None})
        for index, name in enumerate(names_of(whole))
    ]
