"""From `devices.yaml` to targets that can be opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, Problem, UsageError
from framework.contract.handsets import (
    AUTO,
    EMBEDDED,
    AdbHandsets,
    AvdHandset,
    Defaults,
    Handset,
    Inventory,
    TcpHandset,
    UsbHandset,
    VirtualHandset,
)
from framework.fleet.expand import expanded

StartedTarget = Callable[[str], Target]
"""Name of a handset that is started on demand → where it answers; starting it is the caller's affair."""
ANY = "any"
MOST_NAMES = 12
"""That an error lists."""


def read_inventory(path: Path, *, may_be_missing: bool = False) -> Inventory:
    """The handsets of a file, with its defaults and with all units of each entry.

    UsageError with file and line for every fault in it. A file that may be missing, and is, has no handsets.
    """
    from framework.contract.yaml_file import load

    if may_be_missing and not path.exists():
        return Inventory.model_construct(defaults=Defaults(), handsets=())
    return expanded(load(path, Inventory))


def choose(inventory: Inventory, wanted: Sequence[str], file: str) -> tuple[Handset, ...]:
    """The handsets that were asked for by name, serial or address, each once; all of the file where none is.

    `any` is all of the file and whatever else the local adb server has; so is what a name that the file does not know
    may mean. UsageError for a name that nothing has, and where there is no handset at all.
    """
    if not wanted:
        return _with_servers(inventory)
    if ANY in wanted:
        return _all(inventory, file)
    found: dict[str, Handset] = {}
    for word in wanted:
        meant = _named(inventory.handsets, word) or _named(_all(inventory, file), word)
        found |= {handset.name: handset for handset in meant or _none(inventory, word, file)}
    return tuple(found.values())


def _all(inventory: Inventory, file: str) -> tuple[Handset, ...]:
    """Those of the file and those that are plugged in."""
    from framework.fleet.discovery import plugged_beside
    from framework.handset.adb_server import server_address

    listed = _with_servers(inventory)
    handsets = (*listed, *plugged_beside(listed, inventory.defaults))
    if not handsets:
        host, port = server_address(inventory.defaults.adb)
        raise UsageError(
            f"no handset: there is no {file}, and the adb server at {host}:{port} has none or does not run; plug a "
            f"handset in and run `adb start-server`, or list virtual ones in {file}"
        )
    return handsets


def _with_servers(inventory: Inventory) -> tuple[Handset, ...]:
    """Those of the file, with the handsets of whole adb servers in place of these."""
    listed = inventory.handsets
    if not any(isinstance(handset, AdbHandsets) for handset in listed):
        return listed
    known: list[Handset] = [handset for handset in listed if not isinstance(handset, AdbHandsets)]
    found: list[Handset] = []
    for handset in listed:
        units = _of_server(handset, known) if isinstance(handset, AdbHandsets) else (handset,)
        known += [unit for unit in units if unit not in known]
        found += units
    return tuple(found)


def _of_server(entry: AdbHandsets, known: Sequence[Handset]) -> tuple[Handset, ...]:
    """The entry itself where its server has none, or does not answer: whoever wants to reach it is told why."""
    from framework.fleet.discovery import discovered

    try:
        return discovered(entry.adb, known, entry) or (entry,)
    except HandsetError:
        return (entry,)


def _named(handsets: Sequence[Handset], word: str) -> tuple[Handset, ...]:
    """The handset of that name, serial, address or AVD; else the units of an entry of that name."""
    listed = [handset for handset in handsets if not isinstance(handset, AdbHandsets)]
    exactly = tuple(handset for handset in listed if word == handset.name or word in _addresses(handset))
    units = (handset for handset in listed if re.fullmatch(rf"{re.escape(word)}-\d+", handset.name))
    servers = [handset for handset in handsets if isinstance(handset, AdbHandsets) and handset.name == word]
    return exactly or tuple(unit for entry in servers for unit in _of_server(entry, listed)) or tuple(units)


def _addresses(handset: Handset) -> tuple[str, ...]:
    match handset:
        case UsbHandset():
            return (handset.serial,)
        case TcpHandset():
            return (handset.address,)
        case AvdHandset():
            return (handset.avd,)
        case _:
            return ()


def _none(inventory: Inventory, word: str, file: str) -> NoReturn:
    from difflib import get_close_matches

    names = [handset.name for handset in _all(inventory, file)]
    near = get_close_matches(word, names, n=1)
    message = f'no handset "{word}" in {file}; there are {_few(names)}'
    raise UsageError(Problem(message, suggestion=near[0] if near else None))


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMES])} and {more} more"


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


def target(handset: Handset, started: StartedTarget) -> Target:
    """How to reach one handset of the inventory, what may be done to it, and what the file says of it."""
    return replace(
        _reached(handset, started),
        prepare=handset.prepare is not False,
        pin_from=handset.pin_from,
        may_reboot=bool(handset.reboot),
        stated=handset.capabilities.model_dump(exclude_none=True),
    )


def _reached(handset: Handset, started: StartedTarget) -> Target:
    match handset:
        case VirtualHandset() | AvdHandset():
            return started(handset.name)
        case UsbHandset():
            return Target(handset.name, serial=handset.serial, adb_server=handset.adb, tags=handset.tags)
        case TcpHandset():
            return Target(handset.name, adbd=handset.address, tags=handset.tags)
        case AdbHandsets():
            raise _nothing_there(handset)


def _nothing_there(entry: AdbHandsets) -> HandsetError:
    """Why an adb server stands in the list itself, and not its handsets."""
    from framework.handset.adb_server import seen_handsets, server_address

    host, port = server_address(entry.adb)
    try:
        seen_handsets(entry.adb)
    except HandsetError as error:
        return HandsetError(entry.name, error.what, error.mend, error.state)
    return HandsetError(entry.name, f"the adb server at {host}:{port} has no handset of its own", "plug one in there")
