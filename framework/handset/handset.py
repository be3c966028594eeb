"""One handset, opened: everything that can be done with it, over one connection."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.contract.marks import Kind, LeaseHolder, Mark, Marks
from framework.contract.preparation import Prepared
from framework.contract.run import HandsetIdentity
from framework.contract.trace import ClockFit
from framework.contract.vitals import AndroidState, Vitals
from framework.handset import android, clock, holder, lease, marks, preparation
from framework.handset.connection import Connection
from framework.handset.files import HandsetFiles
from framework.handset.identity import read_identity, read_time_scale, read_unit
from framework.handset.ladder import ANDROID, REBOOT, Mends
from framework.handset.lease import HandsetLease
from framework.handset.log import HandsetLog
from framework.handset.packages import HandsetPackages
from framework.handset.posture import HandsetPosture
from framework.handset.preparation import Ask, Pin
from framework.handset.shell import HandsetShell
from framework.handset.turn import Tell
from framework.handset.ui import HandsetUi
from framework.handset.vitals import glance, read_vitals

REBOOT_ANSWER_S = 10.0
USER_DATA = "/data"


@dataclass(frozen=True)
class OpenHandset:
    """`contract.capabilities.Handset`."""

    target: Target
    time_scale: float
    identity: HandsetIdentity
    shell: HandsetShell
    files: HandsetFiles
    packages: HandsetPackages
    log: HandsetLog
    posture: HandsetPosture
    ui: HandsetUi
    connection: Connection
    mends: Mends

    def android(self) -> AndroidState:
        return android.read_android(self.shell)

    def await_android(self) -> AndroidState:
        return android.await_android(self.target.name, self.shell, ANDROID.limit_s(self.time_scale))

    def unit(self) -> str:
        """Which handset it is, however it is reached; empty where it does not tell."""
        return read_unit(self.identity, self.shell)

    def vitals(self) -> Vitals:
        return read_vitals(self.shell)

    def glance(self) -> Vitals:
        return glance(self.shell)

    def unlock(self) -> None:
        preparation.unlock(self.target.name, lambda script: self.shell.script(script).text, self._pin())

    def reboot(self) -> None:
        """Restart it and wait until Android is up again, within the deadline of that rung."""
        before = self.android()
        with closing(self.connection.open("reboot:", REBOOT_ANSWER_S)) as stream, suppress(HandsetError):
            stream.read(REBOOT_ANSWER_S)  # until adbd goes down
        android.await_restart(self.target.name, self.shell, before.boot_id, REBOOT.limit_s(self.time_scale))

    def clock(self, *, tries: int = 30) -> ClockFit:
        """Measured anew, once, where the connection was cut in the middle."""
        measure = partial(clock.measure, self.target.name, self.shell, self.time_scale, tries)
        try:
            return measure(held_back=self.identity.emulated)
        except HandsetError:
            return measure(held_back=self.identity.emulated)

    def lease(
        self,
        who: str,
        why: str,
        *,
        timeout_s: float = 0,
        heartbeat_s: float = 10,
        prepare: bool = False,
        tell: Tell | None = None,
    ) -> HandsetLease:
        return lease.take(
            self.target.name,
            self.shell,
            who,
            why,
            timeout_s=timeout_s,
            heartbeat_s=heartbeat_s,
            time_scale=self.time_scale,
            prepare=self._prepare if prepare else None,
            tell=tell,
        )

    def _prepare(self, ask: Ask) -> Prepared:
        return preparation.prepare(self.target.name, ask, self._pin())

    def _pin(self) -> Pin | None:
        source = self.target.pin_from
        return Pin(source, os.environ.get(source)) if source else None

    def holder(self) -> LeaseHolder | None:
        return holder.holder(self.target.name, self.shell)

    def marks(self) -> Marks:
        return marks.ask(self.shell, self.time_scale)

    def mark(self, kind: Kind, who: str, why: str, *, for_s: float | None = None, over: Mark | None = None) -> Mark:
        return marks.put(self.target.name, self.shell, self.time_scale, kind, who, why, for_s=for_s, over=over)

    def unmark(self, mark: Mark) -> None:
        marks.remove(self.target.name, self.shell, mark)


@contextmanager
def open_handset(target: Target, timeout_s: float = 20) -> Iterator[OpenHandset]:
    """The handset, reached within `timeout_s` or a HandsetError; everything is closed on exit, threads included."""
    with ExitStack() as stack:
        mends = Mends()
        connection = stack.enter_context(closing(connect(target, timeout_s, mends)))
        ui = stack.enter_context(closing(HandsetUi(target)))
        yield _compose(target, connection, ui, mends)


def connect(target: Target, timeout_s: float, mends: Mends | None = None) -> Connection:
    """Straight to adbd where its address is known, else through an adb server."""
    if target.adbd is not None:
        from framework.handset.adbd import AdbdConnection

        return AdbdConnection(target.name, target.adbd, timeout_s, mends=mends)
    if target.serial is not None:
        from framework.handset.server import ServerConnection

        return ServerConnection(
            target.name, target.serial, target.adb_server, timeout_s, ours=target.adb_server_ours, mends=mends
        )
    raise UsageError(f"{target.name}: give the address of its adbd, or its serial")


def _compose(target: Target, connection: Connection, ui: HandsetUi, mends: Mends) -> OpenHandset:
    shell = HandsetShell(target.name, connection)
    files = HandsetFiles(target.name, connection, shell)
    time_scale = read_time_scale(shell)
    posture = HandsetPosture(target.name, shell, time_scale)
    return OpenHandset(
        target=target,
        time_scale=time_scale,
        identity=read_identity(target, shell, posture.states, files.free_mb(USER_DATA)),
        shell=shell,
        files=files,
        packages=HandsetPackages(target.name, connection, shell, files),
        log=HandsetLog(target.name, shell),
        posture=posture,
        ui=ui,
        connection=connection,
        mends=mends,
    )
