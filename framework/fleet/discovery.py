"""Handsets that no line of `devices.yaml` names: those of an adb server, called by what they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from framework.contract.errors import HandsetError
from framework.contract.handsets import AdbHandsets, AvdHandset, Defaults, Handset, TcpHandset, UsbHandset
from framework.handset.adb_server import server_address
from framework.handset.plugged import Plugged, plugged_in

UNNAMED = "handset"
_LONGEST = 50


@dataclass(frozen=True, slots=True)
class _Known:
    """What the file has already."""

    serials: Collection[tuple[tuple[str, int], str]]
    avds: Collection[str]

    def has(self, server: tuple[str, int], one: Plugged) -> bool:
        return (server, one.serial) in self.serials or (one.avd != "" and one.avd in self.avds)


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
    """What the local adb server has beside the file's handsets; nothing where none runs: we start none there."""
    try:
        return tuple(handset.model_copy(update={"tags": defaults.tags}) for handset in discovered(None, handsets))
    except HandsetError:
        return ()


def _known(handsets: Iterable[Handset]) -> _Known:
    serials, avds = set(), set()
    for handset in handsets:
        match handset:
            case UsbHandset():
                serials.add((server_address(handset.adb), handset.serial))
            case TcpHandset():
                serials.add((server_address(None), handset.address))
            case AvdHandset():
                avds.add(handset.avd)
            case _:
                pass
    return _Known(serials, avds)


def _each_once(plugged: Iterable[Plugged]) -> list[Plugged]:
    """A handset that is connected by cable and by network is one; the cable, which comes without a port, counts."""
    kept: dict[str, Plugged] = {}
    for one in sorted(plugged, key=lambda one: (":" in one.serial or "._adb" in one.serial, one.serial)):
        kept.setdefault(one.hardware or f"serial {one.serial}", one)
    return list(kept.values())


def _free(name: str, taken: Collection[str]) -> str:
    number = 1
    while (numbered := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return numbered
