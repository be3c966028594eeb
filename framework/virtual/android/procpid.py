"""What the kernel shows of each process under /proc, and of each of its threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from framework.virtual.android.lmkd import oom_score_adj
from framework.virtual.android.procnet import net_files
from framework.virtual.android.threads import NICE
from framework.virtual.system.nodes import Entry, Generated
from framework.virtual.system.processes import Thread

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

TICK_NS = 10_000_000
"""One clock tick: USER_HZ is 100."""

PAGE_BYTES = 4096


class Processes(Mapping[str, "Entry"]):
    """The directories of all processes; each is made when it is first looked for."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._made: dict[int, tuple[Process, Mapping[str, Entry]]] = {}

    def __getitem__(self, name: str) -> Entry:
        process = self._device.processes.get(int(name)) if name.isdecimal() else None
        if process is None:
            raise KeyError(name)
        made = self._made.get(process.pid)
        if made is None or made[0] is not process:
            made = self._made[process.pid] = (process, _process(self._device, process))
            process.on_exit.append(lambda _: self._forget(process))
        return made[1]

    def _forget(self, process: Process) -> None:
        if self._made.get(process.pid, (None,))[0] is process:
            del self._made[process.pid]

    def __iter__(self) -> Iterator[str]:
        return (str(process.pid) for process in self._device.processes.all())

    def __len__(self) -> int:
        return len(self._device.processes.all())


def _process(device: Device, process: Process) -> Mapping[str, Entry]:
    def now(content: Callable[[Device, Process], str], mode: int = 0o444) -> Generated:
        return Generated(lambda: content(device, process).encode(), mode, process.uid)

    return {
        "stat": now(process_stat),
        "statm": now(process_statm),
        "status": now(process_status),
        "cmdline": now(process_cmdline),
        "comm": now(lambda _, each: f"{each.comm}\n"),
        "io": now(process_io, 0o400),
        "oom_score_adj": now(lambda owner, each: f"{oom_score_adj(owner, each)}\n"),
        "net": net_files(device),
        "task": _Tasks(device, process),
    }


class _Tasks(Mapping[str, "Entry"]):
    """The directories of one process's threads, the first one's by the process's own number."""

    def __init__(self, device: Device, process: Process) -> None:
        self._device = device
        self._process = process

    def __getitem__(self, name: str) -> Entry:
        device, process = self._device, self._process
        threads = (_first_thread(process), *process.others.values())
        thread = next((each for each in threads if str(each.tid) == name), None)
        if thread is None:
            raise KeyError(name)

        def now(content: Callable[[], str]) -> Generated:
            return Generated(lambda: content().encode(), 0o444, process.uid)

        return {
            "stat": now(lambda: thread_stat(device, process, thread)),
            "status": now(lambda: thread_status(device, process, thread)),
            "comm": now(lambda: f"{thread.name}\n"),
        }

    def __iter__(self) -> Iterator[str]:
        self._device.physics.settle()
        return (str(tid) for tid in (self._process.pid, *(thread.tid for thread in self._process.others.values())))

    def __len__(self) -> int:
        return 1 + len(self._process.others)


def _first_thread(process: Process) -> Thread:
    return Thread(process.pid, process.comm, process.started_ns, process.main_cpu_ns)


def process_stat(device: Device, process: Process) -> str:
    """proc(5) /proc/PID/stat: 52 fields, the name in parentheses; times are of all threads."""
    device.frames.settle()
    device.physics.settle()
    return _stat(device, process, Thread(process.pid, process.comm, process.started_ns, process.cpu_ns))


def thread_stat(device: Device, process: Process, thread: Thread) -> str:
    """The same of one thread: its own number, name and times."""
    device.frames.settle()
    device.physics.settle()
    return _stat(device, process, _first_thread(process) if thread.tid == process.pid else thread)


def _stat(device: Device, process: Process, thread: Thread) -> str:
    ticks = thread.cpu_ns // TICK_NS
    nice = NICE.get(thread.name, 0)
    rss_pages = process.memory.rss_bytes // PAGE_BYTES
    state = _state(device, process, thread)
    before = f"{thread.tid} ({thread.name}) {state} {process.ppid} {process.ppid} 0 0 -1 1077936192"
    times = f"0 0 0 0 {ticks * 9 // 10} {ticks - ticks * 9 // 10} 0 0 {20 + nice} {nice} {process.threads} 0"
    memory = f"{thread.started_ns // TICK_NS} {_virtual_bytes(process)} {rss_pages} 18446744073709551615"
    return f"{before} {times} {memory} 1 1 0 0 0 0 4612 1 1073775864 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"


def process_statm(device: Device, process: Process) -> str:
    pages = [_virtual_bytes(process), process.memory.rss_bytes, process.memory.file_bytes]
    virtual, resident, shared = (amount // PAGE_BYTES for amount in pages)
    return f"{virtual} {resident} {shared} 4 0 {process.memory.anon_bytes // PAGE_BYTES} 0\n"


def process_status(device: Device, process: Process) -> str:
    """proc(5) /proc/PID/status, with the fields that memory is read from (kernels since 4.5)."""
    return thread_status(device, process, _first_thread(process))


def thread_status(device: Device, process: Process, thread: Thread) -> str:
    """The same of one thread: its own number, name and state."""
    memory, state = process.memory, {"R": "R (running)", "S": "S (sleeping)"}[_state(device, process, thread)]
    fields = {
        "Name": thread.name,
        "Umask": "0077",
        "State": state,
        "Tgid": process.pid,
        "Ngid": 0,
        "Pid": thread.tid,
        "PPid": process.ppid,
        "TracerPid": 0,
        "Uid": "\t".join([str(process.uid)] * 4),
        "Gid": "\t".join([str(process.uid)] * 4),
        "FDSize": 128,
        "Groups": f"{process.uid} ",
        "VmPeak": _kb(_virtual_bytes(process)),
        "VmSize": _kb(_virtual_bytes(process)),
        "VmLck": _kb(0),
        "VmPin": _kb(0),
        "VmHWM": _kb(max(memory.hwm_bytes, memory.rss_bytes)),
        "VmRSS": _kb(memory.rss_bytes),
        "RssAnon": _kb(memory.anon_bytes),
        "RssFile": _kb(memory.file_bytes),
        "RssShmem": _kb(0),
        "VmData": _kb(memory.anon_bytes * 2),
        "VmStk": _kb(8 << 20),
        "VmSwap": _kb(memory.swap_bytes),
        "Threads": process.threads,
    }
    return "".join(f"{name}:\t{value}\n" for name, value in fields.items())


def process_cmdline(device: Device, process: Process) -> str:
    return "" if process.name.startswith("[") else "\0".join([*(process.argv or (process.name,)), ""])


def process_io(device: Device, process: Process) -> str:
    """proc(5) /proc/PID/io: file-backed pages came from storage once, those of weights whenever they were missing."""
    memory = process.memory
    read = memory.file_bytes - memory.weights_bytes + memory.read_bytes
    names = ("rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes")
    values = (read, 0, read // PAGE_BYTES, 0, read, 0, 0)
    return "".join(f"{name}: {value}\n" for name, value in zip(names, values, strict=True))


def _state(device: Device, process: Process, thread: Thread) -> str:
    return "R" if thread.name in device.physics.cpus.threads_at_work(process.pid) else "S"


def _virtual_bytes(process: Process) -> int:
    """Address space: an app's is wide, whatever it uses."""
    return process.memory.rss_bytes + (12 << 30 if process.uid >= 10000 else 1 << 30)


def _kb(amount: int) -> str:
    return f"{amount >> 10:8d} kB"
