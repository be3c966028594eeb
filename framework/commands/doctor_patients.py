"""Whom `farm doctor` examines: handsets of devices.yaml, and such as only an adb server knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.contract.handsets import AUTO, AvdHandset, Handset, Inventory, VirtualHandset
from framework.fleet.inventory import choose, read_inventory, screen_driver, speed, target
from framework.handset.adb_server import seen_handsets
from framework.handset.plugged import running_avd

DEVICES = "devices.yaml"


@dataclass(frozen=True, slots=True)
class Patient:
    """A handset to be examined: how it is reached, or why it cannot be."""

    name: str
    kind: str
    where: Target | HandsetError
    needs_appium: bool = True
    """Whether an Appium server of ours drives its screen in a run: no endpoint of its own does, and none at a URL."""


@dataclass(frozen=True, slots=True)
class Farm:
    """What the user's file holds: `told` in words; `faults` where it cannot be used, and then no inventory."""

    inventory: Inventory | None
    told: str
    faults: tuple[str, ...] = ()


def read_farm(file: str | None) -> Farm:
    """A file that was named must be there; without one, devices.yaml is read where there is one."""
    path = Path(file or DEVICES)
    if file is None and not path.exists():
        return Farm(None, f"no {DEVICES} here: the handsets that the adb server lists")
    if not path.exists():
        raise UsageError(f"{file}: no such file")
    try:
        inventory = read_inventory(path)
    except UsageError as error:
        return Farm(None, "", tuple(map(str, error.problems)))
    count = len(inventory.handsets)
    return Farm(inventory, f"{path} lists {count} handset{'' if count == 1 else 's'}")


@contextmanager
def patients(farm: Farm, words: Sequence[str], file: str | None) -> Iterator[list[Patient]]:
    """Those that were asked for, else all; virtual ones run while they are examined.

    UsageError for a word that neither the file nor the adb server knows.
    """
    listed, known = _in_file(farm, words, file or DEVICES)
    found = [Patient(serial, "usb", Target(serial, serial=serial)) for serial in listed]
    with _started(farm.inventory, known) as reached:
        yield [*reached, *found]


def _in_file(farm: Farm, words: Sequence[str], file: str) -> tuple[list[str], tuple[Handset, ...]]:
    """(serials of the adb server, handsets of the file)."""
    if not words:
        return (_seen() if farm.inventory is None and not farm.faults else []), (
            choose(farm.inventory, (), file) if farm.inventory else ()
        )
    names = _names(farm.inventory)
    serials = [word for word in dict.fromkeys(words) if word not in names and word in _seen()]
    rest = [word for word in words if word not in serials]
    if farm.inventory is None and rest:
        why = "; ".join(farm.faults) or f"there is no {DEVICES}, and the adb server does not list it"
        raise UsageError(f'no handset "{rest[0]}": {why}')
    return serials, choose(farm.inventory, rest, file) if farm.inventory is not None and rest else ()


def _names(inventory: Inventory | None) -> set[str | None]:
    """What `choose` knows the handsets by."""
    handsets = inventory.handsets if inventory is not None else ()
    keys = ("name", "serial", "address")
    return {getattr(handset, key, None) for handset in handsets for key in keys} | {"any"}


def _seen() -> list[str]:
    """Serials of the adb server; none where no server answers."""
    try:
        return [handset.serial for handset in seen_handsets()]
    except HandsetError:
        return []


@contextmanager
def _started(inventory: Inventory | None, handsets: Sequence[Handset]) -> Iterator[list[Patient]]:
    if inventory is None:
        yield []
        return
    virtual = [handset for handset in handsets if isinstance(handset, VirtualHandset)]
    if not virtual:
        yield [_patient(handset, inventory, {}) for handset in handsets]
        return
    from framework.virtual.endpoints import VirtualRequest
    from framework.virtual.launcher import virtual_handsets

    requests = [VirtualRequest.of(one, speed(one, inventory)) for one in virtual]
    with virtual_handsets(requests) as started:
        addresses = {endpoint.name: endpoint.adb for endpoint in started.endpoints()}
        yield [_patient(handset, inventory, addresses) for handset in handsets]


def _patient(handset: Handset, inventory: Inventory, addresses: dict[str, str]) -> Patient:
    ours = screen_driver(handset, inventory, None, None) == AUTO
    try:
        where: Target | HandsetError = target(handset, lambda name: _running(handset, addresses))
    except HandsetError as error:
        return Patient(handset.name, handset.kind, error, needs_appium=False)
    return Patient(handset.name, handset.kind, where, ours)


def _running(handset: Handset, addresses: dict[str, str]) -> Target:
    """A virtual handset that was started, or an emulator that somebody else has: it is not worth waiting for one."""
    if not isinstance(handset, AvdHandset):
        return Target(handset.name, adbd=addresses[handset.name])
    serial = running_avd(None, handset.avd)
    if serial is None:
        what, mend = f"the AVD {handset.avd} does not run", f"`emulator -avd {handset.avd}`; a run of tests starts it"
        raise HandsetError(handset.name, what, mend)
    return Target(handset.name, serial=serial, tags=handset.tags)
