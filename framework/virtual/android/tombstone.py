"""A crash in native code as debuggerd tells it (AOSP libdebuggerd/tombstone_proto_to_text.cpp)."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

STARS = " ".join(["***"] * 16)
LIBRARY = "libassistant.so"
FUNCTIONS = (
    ("ggml_vec_dot_q4_0_q8_0+412", LIBRARY),
    ("ggml_compute_forward_mul_mat+1188", LIBRARY),
    ("ggml_graph_compute_thread+764", LIBRARY),
    ("__pthread_start(void*)+208", "/apex/com.android.runtime/lib64/bionic/libc.so"),
    ("__start_thread+68", "/apex/com.android.runtime/lib64/bionic/libc.so"),
)
CODES = {
    signal.SIGSEGV: (1, "SEGV_MAPERR", 0x10),
    signal.SIGBUS: (2, "BUS_ADRERR", 0x7A3C001000),
    signal.SIGABRT: (-1, "SI_QUEUE", None),
    signal.SIGILL: (1, "ILL_ILLOPC", 0x7A3C0A41C8),
}
"""For each signal: its code, the code's name, and the address at fault."""


@dataclass(frozen=True, slots=True)
class Victim:
    """Who crashed, where and how; taken down while the process is still there. `number` is the signal."""

    process: Process
    tid: int
    thread: str
    number: signal.Signals
    at_ns: int
    wall_ns: int
    library: str

    @property
    def how(self) -> str:
        """`signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x…`"""
        code, name, address = CODES[self.number]
        fault = "--------" if address is None else f"0x{address:016x}"
        return f"signal {self.number.value} ({self.number.name}), code {code} ({name}), fault addr {fault}"


def victim_of(device: Device, process: Process, number: signal.Signals) -> Victim:
    """The thread that was computing, or the first one."""
    device.physics.settle()
    at_work = device.physics.cpus.threads_at_work(process.pid)
    thread = next((each for each in process.others.values() if each.name in at_work), None)
    package = device.packages.get(process.name)
    folder = f"{package.code_path}/lib/arm64/" if package is not None else "/system/lib64/"
    now_ns = device.clock.now_ns()
    return Victim(
        process=process,
        tid=thread.tid if thread else process.pid,
        thread=thread.name if thread else process.comm,
        number=number,
        at_ns=now_ns,
        wall_ns=device.clock.wall_ns(),
        library=folder + LIBRARY,
    )


def tombstone_text(device: Device, victim: Victim) -> str:
    """The text of the file, of which the log gets all but the memory around the registers."""
    process, chance = victim.process, random.Random(f"{device.seed} {victim.at_ns}")  # noqa: S311  # no secret
    address = CODES[victim.number][2]
    cause = ["Cause: null pointer dereference"] if address is not None and address < 4096 else []
    abort = ["Abort message: 'GGML_ASSERT(ne00 == ne10) failed'"] if victim.number is signal.SIGABRT else []
    registers = [f"x{n:<2} {chance.getrandbits(40):016x}" for n in range(29)]
    registers += [f"{name} {chance.getrandbits(40):016x}" for name in ("fp ", "lr ", "sp ", "pc ")]
    rows = [f"    {'  '.join(registers[n : n + 4])}" for n in range(0, len(registers), 4)]
    lines = [
        STARS,
        f"Build fingerprint: '{device.properties.get('ro.build.fingerprint')}'",
        "Revision: '0'",
        "ABI: 'arm64'",
        f"Timestamp: {_timestamp(victim.wall_ns)}",
        f"Process uptime: {(victim.at_ns - process.started_ns) // 10**9}s",
        f"Cmdline: {process.name}",
        f"pid: {process.pid}, tid: {victim.tid}, name: {victim.thread}  >>> {process.name} <<<",
        f"uid: {process.uid}",
        "tagged_addr_ctrl: 0000000000000001 (PR_TAGGED_ADDR_ENABLE)",
        victim.how,
        *cause,
        *abort,
        *rows,
        "",
        "backtrace:",
        *_backtrace(victim, chance),
    ]
    return "\n".join(lines) + "\n"


def _backtrace(victim: Victim, chance: random.Random) -> list[str]:
    ids = {module: f"{chance.getrandbits(128):032x}" for _, module in FUNCTIONS}
    return [
        f"      #{n:02d} pc {chance.randrange(0x40000, 0x200000) & ~3:016x}  "
        f"{victim.library if module == LIBRARY else module} ({function}) (BuildId: {ids[module]})"
        for n, (function, module) in enumerate(FUNCTIONS)
    ]


def _timestamp(wall_ns: int) -> str:
    seconds, ns = divmod(wall_ns, 10**9)
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds)) + f".{ns:09d}+0000"
