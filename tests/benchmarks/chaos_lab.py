"""The lab of `chaos.py`: handsets that outlive the runs, and what goes wrong with them."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from leftovers import left_on

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.handset.adb_server import connect_handset
from framework.handset.handset import open_handset
from framework.handset.own_server import own_server
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import VirtualHandsets, virtual_handsets

MODELS = {"fold": "xiaomi-mix-fold-3", "thirteen": "xiaomi-13", "ten": "xiaomi-10"}
NAMES = tuple(f"{model}-{twin}" for model in MODELS for twin in "ab")
ON_HANDSETS = ("die", "unplug", "reboot", "system", "black hole")
KINDS = (*ON_HANDSETS, "worker", "adb server", "controller")
FOR_GOOD = ("die", "unplug", "black hole")
"""No handset comes back from these."""
BLACK_HOLES = ("offline", "unauthorized")
READY_S = 60.0
LEFT_WITHIN_S = 15.0
"""A lease of a holder that was killed is free within the heartbeat, which is 10 s."""


@dataclass(frozen=True)
class Strike:
    """What is to go wrong once so many units of the run have ended, and a moment later."""

    kind: str
    after: int
    delay_s: float
    handset: str = ""
    """Of kinds that strike a handset; of a killed worker, whichever there is."""
    how: str = ""
    """The fault that makes a handset a black hole."""

    def __str__(self) -> str:
        where = f" {self.handset}" if self.handset else ""
        return f"{self.kind}{where}{f' ({self.how})' if self.how else ''} after {self.after}"


def draw(chance: random.Random, first: str, tests: int) -> list[Strike]:
    """One of kind `first`, and up to two more; no handset is struck for good while it is the last."""
    kinds = [first, *chance.sample([kind for kind in KINDS if kind != first], chance.choice((0, 0, 1, 1, 2)))]
    names = chance.sample(NAMES, len(kinds))
    return sorted((_drawn(chance, kind, name, tests) for kind, name in zip(kinds, names, strict=True)), key=_when)


def _when(strike: Strike) -> tuple[int, float]:
    return strike.after, strike.delay_s


def _drawn(chance: random.Random, kind: str, name: str, tests: int) -> Strike:
    after = 0 if kind == "black hole" and chance.random() < 0.5 else chance.randint(0, tests * 3 // 4)
    how = chance.choice(BLACK_HOLES) if kind == "black hole" else ""
    return Strike(kind, after, chance.uniform(0, 0.5), name if kind in ON_HANDSETS else "", how)


@dataclass
class Phone:
    """One virtual handset in a process of its own."""

    name: str
    speed: float
    stack: ExitStack = field(default_factory=ExitStack)
    running: VirtualHandsets | None = None
    spoilt: bool = False
    """Something was done to it: the next run gets a new one."""

    def start(self) -> None:
        """Begin to, without waiting."""
        if self.running is not None and self.running.alive and not self.spoilt:
            return
        self.stack.close()
        request = VirtualRequest(self.name, MODELS[self.name.partition("-")[0]], speed=self.speed)
        self.running, self.spoilt = self.stack.enter_context(virtual_handsets([request])), False

    @property
    def endpoint(self) -> VirtualEndpoint:
        assert self.running is not None
        return self.running.endpoint(self.name)

    def strike(self, strike: Strike) -> None:
        assert self.running is not None
        self.spoilt = True
        control = Control(self.endpoint.control, self.name)
        if strike.kind == "die":
            os.kill(self.running.pid, signal.SIGKILL)
        elif strike.kind == "reboot":
            control.fault("reboot", 20 + 20 * strike.delay_s * self.speed)
        else:
            control.fault({"system": "package_manager_dead", "unplug": "unplug"}.get(strike.kind, strike.how))

    def left(self) -> list[str]:
        """What the run has left on it; a handset that does not answer holds nothing that anybody could want."""
        with suppress(HandsetError, UsageError):
            Control(self.endpoint.control, self.name).clear()
        ends = time.monotonic() + LEFT_WITHIN_S
        try:
            with open_handset(Target(self.name, adbd=self.endpoint.adb)) as handset:
                while (found := left_on(handset)) and time.monotonic() < ends:
                    time.sleep(0.2)
        except HandsetError:
            return [] if self.spoilt else [f"{self.name} does not answer, though nothing was done to it"]
        return [f"{self.name}: {what}" for what in found]


class Phones:
    """All handsets of the benchmark; `ready` has each of them fresh or unharmed."""

    def __init__(self, speed: float) -> None:
        self.each = {name: Phone(name, speed) for name in NAMES}

    def __enter__(self) -> Phones:
        return self

    def __exit__(self, *_: object) -> None:
        for phone in self.each.values():
            phone.stack.close()

    def ready(self) -> None:
        for phone in self.each.values():
            phone.start()
        for phone in self.each.values():
            with open_handset(Target(phone.name, adbd=phone.endpoint.adb), READY_S) as handset:
                handset.await_android()


class Server:
    """An adb server of the benchmark's own, through which some handsets of a run are reached."""

    def __init__(self, phones: Sequence[Phone]) -> None:
        self._stack = ExitStack()
        self.names = tuple(phone.name for phone in phones)
        self.address = self._stack.enter_context(own_server(usb=False)) if phones else ""
        for phone in phones:
            connect_handset(phone.name, self.address, phone.endpoint.adb)

    def close(self) -> None:
        self._stack.close()


def devices_file(phones: Phones, server: Server) -> str:
    lines = ["handsets:"]
    for name, phone in phones.each.items():
        adb, appium = phone.endpoint.adb, phone.endpoint.appium
        way = (
            f"kind: usb, serial: '{adb}', adb: '{server.address}'"
            if name in server.names
            else f"kind: tcp, address: '{adb}'"
        )
        lines.append(f"  - {{name: {name}, {way}, appium: '{appium}'}}")
    return "\n".join(lines) + "\n"


# -- processes ---------------------------------------------------------------------------------------------------


def marked(variable: str, value: str) -> dict[int, bytes]:
    """The processes that inherited a mark in their environment, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdecimal() and f"{variable}={value}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
    return found


def workers(processes: Mapping[int, bytes]) -> list[int]:
    """Those that xdist has started."""
    return sorted(pid for pid, command in processes.items() if b"execnet" in command)
