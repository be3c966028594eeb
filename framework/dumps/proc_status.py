"""`/proc/PID/status`: one process and its memory (Linux Documentation/filesystems/proc.rst).

VmRSS falls when pages go to zram or mmap-ed weights are dropped, so that its parts are told apart: RssAnon, RssFile
and RssShmem (kernels from 4.5 on), VmSwap, and the peak VmHWM. A kernel thread has no Vm lines at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered, whole

KIND = "proc_status"
_MEMORY = {
    "VmPeak": "vm_peak_kb",
    "VmSize": "vm_size_kb",
    "VmLck": "vm_locked_kb",
    "VmHWM": "vm_hwm_kb",
    "VmRSS": "vm_rss_kb",
    "RssAnon": "rss_anon_kb",
    "RssFile": "rss_file_kb",
    "RssShmem": "rss_shmem_kb",
    "VmData": "vm_data_kb",
    "VmSwap": "vm_swap_kb",
}
_COUNTS = {
    "Tgid": "tgid",
    "Pid": "pid",
    "PPid": "ppid",
    "Threads": "threads",
    "voluntary_ctxt_switches": "voluntary_switches",
    "nonvoluntary_ctxt_switches": "involuntary_switches",
}


@dataclass(frozen=True, slots=True)
class ProcStatus:
    """`name` is cut to 15 letters by the kernel; `state` is its letter (R, S, D, Z, T, …); `uid` the real one."""

    name: str | None = None
    state: str | None = None
    tgid: int | None = None
    pid: int | None = None
    ppid: int | None = None
    uid: int | None = None
    threads: int | None = None
    vm_peak_kb: int | None = None
    vm_size_kb: int | None = None
    vm_locked_kb: int | None = None
    vm_hwm_kb: int | None = None
    vm_rss_kb: int | None = None
    rss_anon_kb: int | None = None
    rss_file_kb: int | None = None
    rss_shmem_kb: int | None = None
    vm_data_kb: int | None = None
    vm_swap_kb: int | None = None
    voluntary_switches: int | None = None
    involuntary_switches: int | None = None


def parse(text: str) -> ProcStatus:
    """One process; DumpError where a known line is not as the kernel prints it, comes twice, or none is there."""
    words: dict[str, str] = {}
    numbers: dict[str, int] = {}
    seen: set[str] = set()
    for line, content in numbered(text):
        key, _, value = (part.strip() for part in content.partition(":"))
        if key in seen:
            raise DumpError(KIND, line, f"{key} only once: one process")
        if key in _MEMORY:
            numbers[_MEMORY[key]] = whole(KIND, line, key, value, "kB")
        elif key in _COUNTS:
            numbers[_COUNTS[key]] = whole(KIND, line, key, value)
        elif key == "Uid":
            numbers["uid"] = whole(KIND, line, key, value.partition("\t")[0].partition(" ")[0])
        elif key == "Name":
            words["name"] = value
        elif key == "State":
            words["state"] = value[:1]
        else:
            continue
        seen.add(key)
    if not seen:
        raise DumpError(KIND, after_last(text), "lines such as `Name:`, `Pid:`, `VmRSS: N kB`")
    return ProcStatus(name=words.get("name"), state=words.get("state"), **numbers)
