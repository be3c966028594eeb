"""How apps fail and end, and what a handset tells of it: log lines, files, and the history of ends.

AOSP: RuntimeInit.KillApplicationHandler, NativeCrashListener, ProcessErrorStateRecord (ANR), debuggerd (crash_dump,
tombstoned), AppExitInfoTracker.
"""

from __future__ import annotations

import signal
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from framework.virtual.android.anr import AnrReport, anr_report, traces_path, traces_text
from framework.virtual.android.boot import SYSTEM_SERVER, ZYGOTE
from framework.virtual.android.exits import ExitHistory, ExitInfo, Reason, Why
from framework.virtual.android.graphics import graphics_of
from framework.virtual.android.java_trace import java_trace
from framework.virtual.android.lmkd import importance, oom_score_adj, process_state, user_importance
from framework.virtual.android.memory_map import memory_rows, total
from framework.virtual.android.tombstone import Victim, tombstone_text, victim_of
from framework.virtual.physics.variation import uniform
from framework.virtual.system.users import SYSTEM

if TYPE_CHECKING:
    from framework.virtual.android.logd import Buffer, Level
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

MS = 1_000_000
TOMBSTONED, TOMBSTONED_UID = "/system/bin/tombstoned", 1058
APP_FLAGS = 551042630
"""ApplicationInfo.flags of an ordinary app, as the events buffer shows them."""

ASKED_NS, DUMPED_NS = 45 * MS, 420 * MS
"""From a native crash to the first line of crash_dump, and to the tombstone."""

INPUT_TIMEOUT_NS = 5_000 * MS
"""How long the input dispatcher waits for an app (DEFAULT_INPUT_DISPATCHING_TIMEOUT)."""

HUNG_NS = 9_000 * MS
TOMBSTONES = 32


class Failures:
    """Brings about the ends of processes and tells of them."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._why: dict[int, Why] = {}
        self._quiet: set[int] = set()
        self._tombstones = 0
        self.history = ExitHistory()

    def crash(self, process: Process, error: BaseException) -> None:
        """An exception that nobody caught ends a process at once."""
        trace = java_trace(error)
        text = f"FATAL EXCEPTION: main\nProcess: {process.name}, PID: {process.pid}\n{trace.text}"
        self._write("AndroidRuntime", "E", text, process, buffer="crash")
        place = f"{trace.file},{trace.line}"
        self._am_crash(process, f"{trace.exception},{trace.message},{place}")
        self._write("Process", "I", f"Sending signal. PID: {process.pid} SIG: 9", process)
        self.kill(process, Why(Reason.CRASH, description="crash"))

    def native_crash(self, process: Process, number: signal.Signals = signal.SIGSEGV) -> None:
        """A signal ends a process; half a second later its tombstone is written, and Android knows."""
        device, victim = self._device, victim_of(self._device, process, number)
        text = tombstone_text(device, victim)
        who = f"in tid {victim.tid} ({victim.thread}), pid {process.pid} ({process.comm})"
        fatal = victim.how.replace("signal", "Fatal signal", 1).replace("0x" + "0" * 14, "0x")
        self._write("libc", "F", f"{fatal} {who}", process, tid=victim.tid, buffer="crash")
        self._why[process.pid] = Why(Reason.CRASH_NATIVE, number.value, "crash")
        self._quiet.add(process.pid)
        dumper = device.processes.spawn("crash_dump64", process.uid)
        adj = oom_score_adj(device, process)
        device.clock.at(victim.at_ns + ASKED_NS, lambda _: self._tell_asked(victim, dumper))
        device.clock.at(victim.at_ns + DUMPED_NS, lambda _: self._tell_dumped(victim, dumper, text, adj))
        process.signal(signal.SIGKILL)

    def anr(self, process: Process, why: str | None = None, hung_ns: int = HUNG_NS) -> None:
        """The first thread of an app in front hangs: nothing is drawn, and after 5 s Android says so.

        It lives on, unless the user closes it or no dialog can ask about it (`ErrorDialogs.not_responding`).
        """
        device, record = self._device, self._device.activities.running(process.name)
        if record is None or record.process is not process:
            raise ValueError(f"{process.name} has no window that could hang")
        now_ns = device.clock.now_ns()
        device.frames.hold(record, now_ns + hung_ns)
        report = anr_report(device, record, why)
        dumping_ns = int((1500 + 6500 * uniform(device.seed, now_ns, "anr")) * MS)
        device.clock.at(now_ns + INPUT_TIMEOUT_NS, lambda _: self._tell_hung(process, report))
        device.clock.at(now_ns + INPUT_TIMEOUT_NS + dumping_ns, lambda _: self._tell_anr(process, report))
        device.clock.at(now_ns + hung_ns, lambda _: device.error_dialogs.responding(process))
        if dumping_ns < hung_ns - INPUT_TIMEOUT_NS:
            device.clock.at(now_ns + INPUT_TIMEOUT_NS + dumping_ns, lambda _: self._ask_about(process))

    def _ask_about(self, process: Process) -> None:
        if process.running:
            self._device.error_dialogs.not_responding(process)

    def kill(self, process: Process, why: Why) -> None:
        """SIGKILL, and the history knows the reason."""
        self._why[process.pid] = why
        process.signal(signal.SIGKILL)

    def died(self, process: Process) -> None:
        """An app's process has ended: note how. Who was not killed by Android was killed, or left by itself."""
        number = process.killed_by
        default = (
            Why(Reason.SIGNALED, number) if number is not None else Why(Reason.EXIT_SELF, process.exit_status or 0)
        )
        why = self._why.pop(process.pid, default)
        adj = oom_score_adj(self._device, process)
        whole = total(memory_rows(process, graphics_of(self._device, process)))
        wall_ns, rss_kb = self._device.clock.wall_ns(), process.memory.rss_bytes >> 10
        known = (wall_ns, process.pid, process.uid, process.name, user_importance(adj), whole.pss, rss_kb)
        self.history.note(ExitInfo(*known, why))
        if process.pid in self._quiet:
            self._quiet.discard(process.pid)
        else:
            self._tell_death(process, adj)

    def event(self, tag: str, *values: object) -> None:
        """A line of the events buffer, by system_server."""
        self._write(tag, "I", f"[{','.join(map(str, values))}]", buffer="events")

    # -- telling -----------------------------------------------------------------------------------------------

    def _tell_death(self, process: Process, adj: int) -> None:
        state = importance(adj)
        text = f"Process {process.name} (pid {process.pid}) has died: {state}"
        self._write("ActivityManager", "I", text, buffer="system")
        self.event("am_proc_died", 0, process.pid, process.name, adj, process_state(adj))

    def _am_crash(self, process: Process, told: str) -> None:
        self._device.error_dialogs.crashed(process)
        self.event("am_crash", process.pid, 0, process.name, APP_FLAGS, told)

    def _tell_asked(self, victim: Victim, dumper: Process) -> None:
        if not dumper.running:  # the handset went down before
            return
        pid, tid = victim.process.pid, victim.tid
        self._write("crash_dump64", "I", "obtaining output fd from tombstoned, type: kDebuggerdTombstoneProto", dumper)
        self._write("tombstoned", "I", f"received crash request for pid {tid}", self._tombstoned())
        self._write("crash_dump64", "I", f"performing dump of process {pid} (target tid = {tid})", dumper)

    def _tell_dumped(self, victim: Victim, dumper: Process, text: str, adj: int) -> None:
        if not dumper.running:
            return
        for line in text.splitlines():
            self._write("DEBUG", "F", line, dumper, buffer="crash")
        dumper.finish(0)
        name = f"tombstone_{self._tombstones % TOMBSTONES:02d}"
        self._tombstones += 1
        path = f"/data/tombstones/{name}"
        self._device.files.write(path, text.encode(), mode=0o660, uid=TOMBSTONED_UID, gid=SYSTEM)
        self._write("tombstoned", "E", f"Tombstone written to: {name}", self._tombstoned())
        words = "Segmentation fault" if victim.number is signal.SIGSEGV else (signal.strsignal(victim.number) or "")
        self._am_crash(victim.process, f"Native crash,{words},unknown,0")
        ended = f"Process {victim.process.pid} exited due to signal {victim.number.value} ({words})"
        self._write("Zygote", "I", ended, self._device.processes.by_name(ZYGOTE))
        self._tell_death(victim.process, adj)

    def _tell_hung(self, process: Process, report: AnrReport) -> None:
        if process.running:
            text = f"ANR in {report.window}. Reason:{report.reason}"
            self._write("WindowManager", "I", text, buffer="system")
            self.event("am_anr", 0, process.pid, process.name, APP_FLAGS, report.reason)

    def _tell_anr(self, process: Process, report: AnrReport) -> None:
        """The traces are written first: the log's report comes late."""
        if not process.running:
            return
        device = self._device
        path = traces_path(device)
        device.files.write(path, traces_text(device, process).encode(), mode=0o600, uid=SYSTEM, gid=SYSTEM)
        error_id = UUID(int=Random(f"{device.seed} {path}").getrandbits(128), version=4)  # noqa: S311  # no secret
        self._write("ActivityManager", "E", report.text(device, str(error_id)), buffer="system")

    # -- writing -----------------------------------------------------------------------------------------------

    def _tombstoned(self) -> Process | None:
        return self._device.processes.by_name(TOMBSTONED)

    def _write(
        self,
        tag: str,
        level: Level,
        text: str,
        by: Process | None = None,
        *,
        tid: int | None = None,
        buffer: Buffer = "main",
    ) -> None:
        """A line by a process, by system_server where none is named."""
        writer = by or self._device.processes.by_name(SYSTEM_SERVER)
        pid, uid = (writer.pid, writer.uid) if writer is not None else (1, SYSTEM)
        self._device.log.write(tag, level, text, pid=pid, tid=tid, uid=uid, buffer=buffer)
