"""What adbd starts: a script's life from its first byte to its last, and its end when the client goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framework.virtual.system.pipes import BytesReader, Pipe

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript

SECOND = 1_000_000_000


class Client:
    """Somebody on the other side of the wire: a stdin to write to and a stdout to read from."""

    def __init__(self, bench: Bench, script: str) -> None:
        self.stdin, self.stdout, self.stderr = Pipe(), Pipe(), Pipe()
        shell = bench.device.shell(f"cd /data/local/tmp\n{script}", self.stdin, self.stdout, self.stderr)
        self.call = asyncio.ensure_future(shell)
        self.call.add_done_callback(lambda _: self.stdout.close_write())

    async def line(self) -> str:
        return (await self.stdout.readline()).decode().rstrip("\n")

    async def hang_up(self) -> None:
        self.stdout.close_read()
        self.stderr.close_read()
        self.call.cancel()
        await asyncio.gather(self.call, return_exceptions=True)
        self.stdin.close_write()


async def scripts_ended(bench: Bench) -> None:
    """Wait until no process of a shell is left."""
    for process in bench.device.processes.all():
        if process.session:
            await process.wait()


def test_output_errors_and_status_come_apart(sh: RunScript) -> None:
    """stdout, stderr and the exit status of one script."""
    result = sh("echo out; echo err >&2; exit 7")
    assert (result.out, result.err, result.status) == ("out\n", "err\n", 7)


def test_the_shell_is_the_user_shell_at_the_root(on_bench: OnBench) -> None:
    """uid 2000, cwd /, adbd's environment, `$0` as adbd calls it."""

    async def story(bench: Bench) -> str:
        return (await bench.sh('id -un; pwd; echo "$0 $HOME $USER $TMPDIR $EXTERNAL_STORAGE"')).out

    assert on_bench(story) == "shell\n/\n/system/bin/sh / shell /data/local/tmp /sdcard\n"


def test_sleep_passes_in_device_time(on_bench: OnBench) -> None:
    """`sleep` takes its time of the handset's clock, fractions and minutes as well, and of the host's hardly any."""

    async def story(bench: Bench) -> int:
        started = bench.device.clock.now_ns()
        await bench.sh("sleep 3; sleep 0.25; sleep 1.5m")
        return bench.device.clock.now_ns() - started

    assert on_bench(story) >= 93.25 * SECOND


def test_standard_input_is_read_as_it_comes(on_bench: OnBench) -> None:
    """A loop answers each line before the next one is sent."""

    async def story(bench: Bench) -> list[str]:
        client = Client(bench, 'while read word; do echo "got $word"; done; echo end')
        answers = []
        for word in ("one", "two"):
            await client.stdin.write(f"{word}\n".encode())
            answers.append(await client.line())
        client.stdin.close_write()
        return [*answers, await client.line(), str(await client.call)]

    assert on_bench(story) == ["got one", "got two", "end", "0"]


def test_a_job_in_the_background_keeps_the_stream_open(on_bench: OnBench) -> None:
    """As over adb, the call returns when nobody holds stdout any more; the status is the script's."""

    async def story(bench: Bench) -> tuple[str, int, bool]:
        started = bench.device.clock.now_ns()
        result = await bench.sh("(sleep 5; echo late) & exit 3")
        return result.out, result.status, bench.device.clock.now_ns() - started >= 5 * SECOND

    assert on_bench(story) == ("late\n", 3, True)


def test_a_job_that_gave_up_the_streams_goes_on_alone(on_bench: OnBench) -> None:
    """With its output elsewhere, a job outlives the call that started it, and other calls see it."""

    async def story(bench: Bench) -> list[str]:
        waits = "while [ ! -e go ]; do sleep 1; done"
        started = await bench.sh(f"cd /data/local/tmp; ({waits}; echo done >f) >/dev/null 2>&1 & echo $!")
        alive = await bench.sh(f"kill -0 {started.out.strip()} && echo alive")
        job = bench.device.processes.get(int(started.out))
        assert job is not None
        await bench.sh("touch /data/local/tmp/go")
        await job.wait()
        return [alive.out, (await bench.sh("cat /data/local/tmp/f")).out]

    assert on_bench(story) == ["alive\n", "done\n"]


@pytest.mark.parametrize(
    "script",
    [
        "echo started; sleep 1000",
        "echo started; while :; do sleep 1; done",
        "echo started; sleep 1000 & wait",
        "echo started; sleep 1000 | cat",
        "echo started; x=$(sleep 1000)",
        "echo started; read line",
        "echo started; sh -c 'sleep 1000; echo no'",
        "echo started; while :; do :; done",
        "echo started; yes",
        "echo started; (sleep 1000; echo x) & (sleep 1000); echo no",
        "exec 9>>lock; flock -n 9 9>&9; echo started; flock 9 9<lock",
    ],
)
def test_nothing_is_left_when_the_client_goes(on_bench: OnBench, script: str) -> None:
    """Whatever a script waits for, a hang-up ends it and all it started."""

    async def story(bench: Bench) -> list[str]:
        client = Client(bench, script)
        assert await client.line() == "started"
        await client.hang_up()
        await scripts_ended(bench)
        return [process.name for process in bench.device.processes.all() if process.session]

    assert on_bench(story) == []


def test_a_hang_up_is_a_signal_that_scripts_can_trap(on_bench: OnBench) -> None:
    """The trap on HUP runs, and the one on EXIT after it."""

    async def story(bench: Bench) -> str:
        traps = "trap 'echo hup >>f; exit 1' HUP; trap 'echo exit >>f' EXIT"
        client = Client(bench, f"{traps}; echo ready; while :; do sleep 1; done")
        await client.line()
        await client.hang_up()
        await scripts_ended(bench)
        return (await bench.sh("cat /data/local/tmp/f")).out

    assert on_bench(story) == "hup\nexit\n"


def test_nohup_survives_the_hang_up(on_bench: OnBench) -> None:
    """A job that ignores HUP goes on, as long as it does not write to the client."""

    async def story(bench: Bench) -> str:
        client = Client(bench, "nohup sh -c 'sleep 60; echo survived >f' & echo started; wait")
        await client.line()
        await client.hang_up()
        await scripts_ended(bench)
        return (await bench.sh("cat /data/local/tmp/f")).out

    assert on_bench(story) == "survived\n"


LEASE = """exec 9>>lock
flock -n 9 9>&9 || exit 75
echo held
while read -t $patience beat; do echo "$beat"; done
"""
LONG, SHORT = "patience=100000\n", "patience=10\n"


@pytest.mark.parametrize("end", ["hang up", "kill", "end of input"])
def test_a_lease_is_free_again_however_its_holder_ends(on_bench: OnBench, end: str) -> None:
    """While it beats, a second holder is refused; afterwards the lock can be taken."""

    async def story(bench: Bench) -> list[str | int]:
        holder = Client(bench, LONG + LEASE)
        await holder.line()
        await holder.stdin.write(b"beat\n")
        beat = await holder.line()
        refused = await Client(bench, LONG + LEASE).call
        if end == "hang up":
            await holder.hang_up()
        elif end == "end of input":
            holder.stdin.close_write()
        else:
            shells = [process for process in bench.device.processes.all() if process.session]
            shells[0].signal(9)
        await scripts_ended(bench)
        return [beat, refused, await Client(bench, LONG + LEASE).line()]

    assert on_bench(story) == ["beat", 75, "held"]


def test_a_lease_is_free_when_no_beat_comes_in_time(on_bench: OnBench) -> None:
    """`read -t 10` gives up after ten seconds of the handset's clock; the script ends and the lock with it."""

    async def story(bench: Bench) -> list[str | bool]:
        holder = Client(bench, SHORT + LEASE)
        held = await holder.line()
        started = bench.device.clock.now_ns()
        await holder.call
        waited = bench.device.clock.now_ns() - started
        return [held, waited >= 9 * SECOND, await Client(bench, LONG + LEASE).line()]

    assert on_bench(story) == ["held", True, "held"]


def test_many_scripts_run_beside_each_other(on_bench: OnBench) -> None:
    """Twenty sleeping scripts do not wait for each other."""

    async def story(bench: Bench) -> tuple[list[str], bool]:
        started = bench.device.clock.now_ns()
        results = await asyncio.gather(*(bench.sh(f"sleep 300; echo {i}") for i in range(20)))
        in_turn = bench.device.clock.now_ns() - started >= 20 * 300 * SECOND
        return [result.out.strip() for result in results], in_turn

    assert on_bench(story) == ([str(i) for i in range(20)], False)


def test_a_busy_script_leaves_others_their_turn(on_bench: OnBench) -> None:
    """An endless loop without a pause does not keep another script from running."""

    async def story(bench: Bench) -> str:
        busy = [Client(bench, "while :; do :; done"), Client(bench, "cat /dev/zero >/dev/null")]
        out = (await bench.sh("echo through")).out
        for client in busy:
            await client.hang_up()
        return out

    assert on_bench(story) == "through\n"


def test_a_script_that_is_killed_at_once_still_ends(on_bench: OnBench) -> None:
    """A signal before the first step is the status, and the call returns."""

    async def story(bench: Bench) -> int:
        call = asyncio.ensure_future(bench.device.shell("echo hi", BytesReader(b""), Pipe(), Pipe()))
        await asyncio.sleep(0)
        next(process for process in bench.device.processes.all() if process.session).signal(9)
        return await call

    assert on_bench(story) == 137
