"""Threads as programs read them under /proc/PID/task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.dumps import proc_stat

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.system.processes import Process

READ = """
cd /proc/{pid}/task
for t in *; do read -r stat <$t/stat; read -r comm <$t/comm; echo "$stat"; echo "$comm"; done
cat /proc/{pid}/stat
"""


def home(bench: Bench) -> Process:
    process = bench.device.processes.by_name("com.miui.home")
    assert process is not None
    return process


def test_every_thread_has_a_name_a_number_and_its_time(on_bench: OnBench) -> None:
    """Those that a real app has, their times adding up to the process's; the first has the process's number."""

    async def script(bench: Bench) -> tuple[list[str], int]:
        process = home(bench)
        with bench.device.physics.working("decode", process.pid):
            await bench.device.clock.sleep(2_000_000_000)
        return (await bench.sh(READ.format(pid=process.pid))).out.splitlines(), process.pid

    (*pairs, whole), pid = on_bench(script)
    threads = proc_stat.parse("\n".join(pairs[::2])).tasks
    (process,) = proc_stat.parse(whole).tasks
    names = {thread.pid: thread.name for thread in threads}
    assert names[pid] == "com.miui.home"
    assert list(names.values()) == pairs[1::2]
    assert {"RenderThread", "HeapTaskDaemon", f"binder:{pid}_1", "inference-0"} <= set(names.values())
    assert len(names) == process.threads
    spent = {thread.name: thread.user_ticks + thread.system_ticks for thread in threads}
    total = process.user_ticks + process.system_ticks
    assert total - len(spent) <= sum(spent.values()) <= total
    assert [name for name, ticks in spent.items() if ticks > 100] == [f"inference-{n}" for n in range(5)]


def test_a_thread_runs_while_its_work_lasts(on_bench: OnBench) -> None:
    """The others sleep, the first one too."""

    async def script(bench: Bench) -> dict[str, str]:
        process = home(bench)
        with bench.device.physics.working("listen", process.pid):
            await bench.device.clock.sleep(20_000_000)
            lines = (await bench.sh(READ.format(pid=process.pid))).out.splitlines()[:-1:2]
        return {task.name: task.state for task in proc_stat.parse("\n".join(lines)).tasks}

    states = on_bench(script)
    assert {name for name, state in states.items() if state == "R"} == {"recognizer-0"}


def test_drawing_costs_time_on_its_two_threads(on_bench: OnBench) -> None:
    """About a millisecond of each for a frame."""

    async def script(bench: Bench) -> tuple[int, int]:
        process, window = home(bench), bench.device.activities.stack[0].window
        assert window is not None
        bench.device.frames.settle()
        before = process.main_cpu_ns, process.others["RenderThread"].cpu_ns
        for _ in range(50):
            await bench.device.clock.sleep(20_000_000)
            window.changed()
        await bench.device.clock.sleep(100_000_000)
        bench.device.frames.settle()
        return process.main_cpu_ns - before[0], process.others["RenderThread"].cpu_ns - before[1]

    main_ns, render_ns = on_bench(script)
    assert 30_000_000 < main_ns < 120_000_000
    assert 30_000_000 < render_ns < 120_000_000


def test_a_thread_is_gone_with_its_process(on_bench: OnBench) -> None:
    """And a number that is no thread's has no directory."""

    async def script(bench: Bench) -> tuple[bool, bool, bool]:
        process, files = home(bench), bench.device.files
        path = f"/proc/{process.pid}/task"
        tid = process.others["RenderThread"].tid
        there, other = files.exists(f"{path}/{tid}"), files.exists(f"{path}/1")
        process.signal(9)
        return there, other, files.exists(path)

    assert on_bench(script) == (True, False, False)
