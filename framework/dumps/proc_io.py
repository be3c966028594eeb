"""`/proc/PID/io`: what a process has read and written (Linux Documentation/filesystems/proc.rst)."""

from __future__ import annotations

from dataclasses import dataclass

from framework.dumps.lines import amounts

KIND = "proc_io"
_FIELDS = {
    "rchar": "read_calls_bytes",
    "wchar": "write_calls_bytes",
    "syscr": "read_calls",
    "syscw": "write_calls",
    "read_bytes": "read_storage_bytes",
    "write_bytes": "write_storage_bytes",
    "cancelled_write_bytes": "cancelled_write_bytes",
}


@dataclass(frozen=True, slots=True)
class ProcIo:
    """`*_calls_bytes` went through read() and write(), the page cache included; `*_storage_bytes` reached storage."""

    read_calls_bytes: int | None = None
    write_calls_bytes: int | None = None
    read_calls: int | None = None
    write_calls: int | None = None
    read_storage_bytes: int | None = None
    write_storage_bytes: int | None = None
    cancelled_write_bytes: int | None = None


def parse(text: str) -> ProcIo:
    return ProcIo(**amounts(KIND, text, _FIELDS))
