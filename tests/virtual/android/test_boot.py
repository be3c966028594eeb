"""What runs after boot."""

from __future__ import annotations

from framework.virtual.android.boot import BOOT_PROCESSES, FIRST_FREE_PID, spawn_boot_processes
from framework.virtual.system.processes import ProcessTable


def test_processes_have_their_parents() -> None:
    """Apps come from zygote, daemons from init, kernel threads from kthreadd; what is new gets higher numbers."""
    table = ProcessTable(lambda: 60_000_000_000, first_pid=FIRST_FREE_PID)
    spawn_boot_processes(table)
    by_name = {process.name: process for process in table.all()}
    assert len(by_name) == len(BOOT_PROCESSES)
    assert by_name["system_server"].ppid == by_name["zygote64"].pid
    assert by_name["/system/bin/logd"].ppid == 1
    assert by_name["[kswapd0]"].ppid == 2
    assert {process.started_ns for process in table.all()} == {0}
    assert {process.name: process.threads for process in table.all()} == {
        entry.name: entry.threads for entry in BOOT_PROCESSES
    }
    threads = [thread.tid for process in table.all() for thread in process.others.values()]
    assert table.spawn("sh", 2000).pid == max(threads) + 1 == FIRST_FREE_PID + len(threads)


def test_memory_and_time_are_as_listed() -> None:
    """Megabytes and seconds of the table."""
    table = ProcessTable(lambda: 0, first_pid=FIRST_FREE_PID)
    spawn_boot_processes(table)
    server = table.get(1254)
    assert server is not None
    assert server.memory.rss_bytes == (212 + 168) << 20
    assert server.cpu_ns == 14_000_000_000
