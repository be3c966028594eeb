"""Processes: who is there, what signals do, how they end."""

from __future__ import annotations

import asyncio
import signal

import pytest

from framework.virtual.system.processes import Process, ProcessTable


@pytest.fixture
def table() -> ProcessTable:
    return ProcessTable(lambda: 5_000_000_000, first_pid=100)


def test_a_process_is_in_the_table_until_it_ends(table: ProcessTable) -> None:
    """Found by pid and by name, with the time it started; pids go up."""
    first, second = table.spawn("/system/bin/sh", 2000), table.spawn("org.example.app", 10100, ppid=1)
    assert [first.pid, second.pid, second.started_ns] == [100, 101, 5_000_000_000]
    assert [table.get(100), table.by_name("org.example.app"), table.all()] == [first, second, [first, second]]
    first.finish(3)
    assert [first.exit_status, first.running, table.get(100)] == [3, False, None]


def test_the_short_name_is_the_kernels(table: ProcessTable) -> None:
    """15 characters: of a path the beginning of its last part, of an app's name the end."""
    names = ["/system/bin/surfaceflinger_long", "org.pocketfarm.assistant", "sh"]
    assert [table.spawn(name, 0).comm for name in names] == ["surfaceflinger_", "tfarm.assistant", "sh"]


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGKILL, 137), (signal.SIGHUP, 129), (signal.SIGCHLD, None), (0, None)],
)
def test_a_signal_ends_a_process_with_its_number(table: ProcessTable, number: int, status: int | None) -> None:
    """The default action of most signals; 0 and harmless ones do nothing."""
    process = table.spawn("x", 2000)
    table.kill(process.pid, number)
    assert process.exit_status == status


def test_signals_can_be_ignored_and_caught_but_not_kill(table: ProcessTable) -> None:
    """What is ignored is ignored by children, too; what is caught goes to the handler."""
    caught: list[int] = []

    def handler(number: int) -> bool:
        caught.append(number)
        return True

    parent = table.spawn("x", 2000)
    parent.ignored = {signal.SIGHUP}
    child = table.spawn("y", 2000, parent.pid)
    parent.handler = handler
    for process in (parent, child):
        process.signal(signal.SIGHUP)
    parent.signal(signal.SIGTERM)
    child.signal(signal.SIGTERM)
    assert [caught, parent.running, child.exit_status] == [[signal.SIGTERM], True, 143]
    parent.signal(signal.SIGKILL)
    assert parent.exit_status == 137


def test_the_shell_may_only_kill_its_own(table: ProcessTable) -> None:
    """EPERM for others' processes, ESRCH for none."""
    app = table.spawn("app", 10100)
    with pytest.raises(PermissionError):
        table.kill(app.pid, 9, uid=2000)
    with pytest.raises(ProcessLookupError):
        table.kill(9999, 9, uid=2000)
    table.kill(app.pid, 9, uid=1000)
    assert not app.running


def test_children_of_the_dead_belong_to_init(table: ProcessTable) -> None:
    """An orphan's parent is process 1."""
    parent = table.spawn("x", 2000)
    child = table.spawn("y", 2000, parent.pid)
    parent.finish(0)
    assert [child.ppid, list(table.children(parent.pid))] == [1, []]


def test_a_signal_cancels_the_task_and_close_ends_all(table: ProcessTable) -> None:
    """Waiting gives the status; a closed table has no task left."""

    async def story() -> list[int | bool]:
        async def sleep() -> int:
            await asyncio.Event().wait()
            return 0

        def start() -> Process:
            process = table.spawn("x", 2000)
            process.task = asyncio.ensure_future(sleep())
            process.task.add_done_callback(lambda _: process.finish(128 + (process.killed_by or 0)))
            return process

        processes = [start(), start()]
        waiting = asyncio.ensure_future(processes[0].wait())
        processes[0].signal(signal.SIGTERM)
        status = await waiting
        await table.close()
        await asyncio.sleep(0)
        return [status, processes[1].exit_status or 0, len(asyncio.all_tasks()) == 1]

    assert asyncio.run(story()) == [143, 137, True]


def test_threads_share_the_numbers_and_the_time_of_their_process(table: ProcessTable) -> None:
    """They begin when they are first needed, or before; what no thread of its own used, the first one did."""
    process = table.spawn("org.example.app", 10100)
    table.start_threads(process, ["RenderThread", "binder:100_1"])
    table.spend(process, (), 500)
    table.spend(process, ("worker-0", "worker-1"), 2000)
    table.spend(process, ("worker-0",), 1000)
    assert {name: thread.cpu_ns for name, thread in process.others.items()} == {
        "RenderThread": 0,
        "binder:100_1": 0,
        "worker-0": 2000,
        "worker-1": 1000,
    }
    assert [thread.tid for thread in process.others.values()] == [101, 102, 103, 104]
    assert (process.threads, process.cpu_ns, process.main_cpu_ns) == (5, 3500, 500)
    assert table.spawn("next", 0).pid == 105
