"""Handsets that no line of `devices.yaml` names: those of an adb server, called by what they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from framework.contract.errors import HandsetError
from framework.contract.handsets import AdbHandsets, AvdHandset, Defaults, Handset, TcpHandset, UsbHandset
from framework.fleet.expand import settled
from framework.handset.adb_server import server_address
from framework.handset.plugged import Plugged, plugged_in

UNNAMED = "handset"
_LONGEST = 50


@dataclass(frozen=True, slots=True)
class _Known:
    """What the file has already: (address of the adb server, serial), HOST:PORT of adbds, AVDs."""

    serials: Collection[tuple[tuple[str, int], str]]
    adbds: Collection[str]
    avds: Collection[str]

    def has(self, server: tuple[str, int], one: Plugged) -> bool:
        listed = (server, one.serial) in self.serials or one.serial in self.adbds
        return listed or (one.avd != "" and one.avd in self.avds)


def discovered(adb: str | None, handsets: Sequence[Handset], entry: AdbHandsets | None = None) -> tuple[Handset, ...]:
    """The handsets of an adb server that the file does not list; HandsetError when no server answers.

    They are called by their models, with a number where several are of one model, in an order that stays as long as
    they do; what `entry` says holds for each, and its name comes first.
    """
    server = server_address(adb)
    known = _known(handsets)
    found = [one for one in _each_once(plugged_in(adb)) if not known.has(server, one)]
    taken = {handset.name for handset in handsets}
    prefix = f"{entry.name}-" if entry is not None else ""
    made = []
    for one in sorted(found, key=lambda one: (slug(one), one.serial)):
        name = _free(f"{prefix}{slug(one)}", taken)
        taken.add(name)
        given = entry.model_dump(exclude={"kind", "name", "adb"}) if entry is not None else {}
        made.append(UsbHandset.model_validate({**given, "name": name, "kind": "usb", "serial": one.serial, "adb": adb}))
    return tuple(made)


def slug(one: Plugged) -> str:
    """Maker and model as part of a name: `xiaomi-13`; of an emulator its AVD. Never its serial."""
    said = one.model.casefold().startswith(one.manufacturer.casefold())
    words = one.avd or (one.model if said else f"{one.manufacturer} {one.model}")
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:_LONGEST].rstrip("-") or UNNAMED


def plugged_beside(handsets: Sequence[Handset], defaults: Defaults) -> tuple[Handset, ...]:
    """What the local adb server, or that of the defaults, has beside the file's handsets.

    Nothing where none runs: we start none there.
    """
    try:
        return tuple(settled(handset, defaults) for handset in discovered(defaults.adb, handsets))
    except HandsetError:
        return ()


def _known(handsets: Sequence[Handset]) -> _Known:
    return _Known(
        {(server_address(one.adb), one.serial) for one in handsets if isinstance(one, UsbHandset)},
        {one.address for one in handsets if isinstance(one, TcpHandset)},
        {one.avd for one in handsets if isinstance(one, AvdHandset)},
    )


def _each_once(plugged: Iterable[Plugged]) -> list[Plugged]:
    """A handset that is connected by cable and by network is one; the cable counts, whose serial has no address.

    Emulators, and what is forwarded to this machine, are told apart by port: those of one image say the same number.
    """
    kept: dict[str, Plugged] = {}
    for one in sorted(plugged, key=lambda one: (":" in one.serial or "._adb" in one.serial, one.serial)):
        alone = one.serial.startswith(("emulator-", "127.", "localhost:")) or not one.hardware
        kept.setdefault(f"serial {one.serial}" if alone else one.hardware, one)
    return list(kept.values())


def _free(name: str, taken: Collection[str]) -> str:
    number = 1
    while (numbered := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return numbered
