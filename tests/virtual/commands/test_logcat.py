"""logcat on a whole handset."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from framework.virtual.android.logd import Buffer

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript


def quiet(bench: Bench) -> None:
    """Forget what the boot has logged."""
    for name in ("main", "system", "crash"):
        bench.device.log.clear(name)  # type: ignore[arg-type]


def write(
    bench: Bench, message: str, *, tag: str = "Tag", level: str = "I", pid: int = 7, buffer: Buffer = "main"
) -> None:
    bench.device.log.write(tag, level, message, pid=pid, uid=10200, buffer=buffer)  # type: ignore[arg-type]


def dumped(on_bench: OnBench, *words: str, env: dict[str, str] | None = None) -> str:
    """`logcat -d` with these words, of six entries."""

    async def script(bench: Bench) -> str:
        quiet(bench)
        write(bench, "one")
        write(bench, "two", tag="Other", level="W")
        write(bench, "three", buffer="system", pid=8)
        write(bench, "four", level="D")
        write(bench, "five", buffer="crash", level="E")
        write(bench, "six", buffer="events")
        return (await bench.run("logcat", "-d", "-v", "tag", *words, env=env)).out

    return str(on_bench(script))


def test_buffers_are_interleaved_with_a_divider_before_each(on_bench: OnBench) -> None:
    """main, system and crash, in the order of writing."""
    assert dumped(on_bench) == (
        "--------- beginning of main\nI/Tag     : one\nW/Other   : two\n"
        "--------- beginning of system\nI/Tag     : three\nD/Tag     : four\n"
        "--------- beginning of crash\nE/Tag     : five\n"
    )


def test_one_buffer_needs_no_divider(on_bench: OnBench) -> None:
    """-b events."""
    assert dumped(on_bench, "-b", "events") == "I/Tag     : six\n"


def test_dividers_at_each_switch(on_bench: OnBench) -> None:
    """-D."""
    assert "--------- switch to main\nD/Tag     : four\n" in dumped(on_bench, "-D")


def test_filters_regex_pid_count_and_tail(on_bench: OnBench) -> None:
    """Each by itself; a divider comes only with what is printed."""
    assert dumped(on_bench, "-s", "Other") == "--------- beginning of main\nW/Other   : two\n"
    assert dumped(on_bench, "-e", "^t") == (
        "--------- beginning of main\nW/Other   : two\n--------- beginning of system\nI/Tag     : three\n"
    )
    assert dumped(on_bench, "--pid", "8") == "--------- beginning of system\nI/Tag     : three\n"
    assert dumped(on_bench, "-m", "1") == "--------- beginning of main\nI/Tag     : one\n"
    assert dumped(on_bench, "-b", "main", "-t", "1") == "D/Tag     : four\n"
    assert dumped(on_bench, env={"ANDROID_LOG_TAGS": "*:E"}) == "--------- beginning of crash\nE/Tag     : five\n"


def test_it_streams_until_the_client_goes(on_bench: OnBench) -> None:
    """What comes is printed as it comes; cancelled, it stops following."""

    async def script(bench: Bench) -> tuple[str, bool]:
        quiet(bench)
        logcat = bench.start("logcat", "-v", "raw")
        for number in range(3):
            write(bench, f"line {number}")
            await logcat.out.wait_for(f"line {number}\n")
        logcat.task.cancel()
        await asyncio.gather(logcat.task, return_exceptions=True)
        write(bench, "too late")
        await asyncio.sleep(0)
        return logcat.out.text, bool(bench.device.log._readers)

    text, followed = on_bench(script)
    assert text == "--------- beginning of main\nline 0\nline 1\nline 2\n"
    assert not followed


def test_a_stream_ends_at_its_count(on_bench: OnBench) -> None:
    """-m counts what is printed, old and new."""

    async def script(bench: Bench) -> tuple[int, str]:
        quiet(bench)
        write(bench, "old")
        logcat = bench.start("logcat", "-v", "raw", "-b", "main", "-m", "2")
        await logcat.out.wait_for("old")
        write(bench, "new")
        write(bench, "newer")
        return await logcat.task, logcat.out.text

    assert on_bench(script) == (0, "old\nnew\n")


def test_times_are_the_handsets_own(on_bench: OnBench) -> None:
    """-v epoch is wall time, -v monotonic boot time without the time asleep, to the microsecond."""

    async def script(bench: Bench) -> list[str]:
        quiet(bench)
        boot_ns = 61_234_567_890 + bench.device.clock.slept_ns
        bench.device.log.write("T", "I", "x", pid=1, uid=0, ns=boot_ns)
        wall_ns = boot_ns + bench.device.clock.wall_offset_ns
        lines = [
            (await bench.run("logcat", "-d", "-b", "main", "-v", f"{word},usec")).out for word in ("epoch", "monotonic")
        ]
        return [*lines, f"{wall_ns // 10**9}.{wall_ns // 1000 % 10**6:06d}"]

    epoch, monotonic, expected = on_bench(script)
    assert epoch.split()[0] == expected
    assert monotonic.split()[0] == "61.234567"


def test_clear_and_sizes(on_bench: OnBench) -> None:
    """-c empties, -g tells, -G sets."""

    async def script(bench: Bench) -> list[str]:
        write(bench, "x" * 2000)
        texts = [(await bench.run("logcat", "-g", "-b", "main")).out]
        await bench.run("logcat", "-c")
        await bench.run("logcat", "-G", "1M")
        texts.append((await bench.run("logcat", "-g", "-b", "main")).out)
        return [*texts, (await bench.run("logcat", "-d")).out]

    full, empty, nothing = on_bench(script)
    assert re.match(r"main: ring buffer is 256 KiB \(2 KiB consumed, 2 KiB readable\), max entry is 5120 B, ", full)
    assert empty.startswith("main: ring buffer is 1 MiB (0 B consumed")
    assert nothing == ""


def test_what_it_cannot_use(on_bench: OnBench) -> None:
    """One line on stderr, status 1."""

    async def script(bench: Bench) -> tuple[int, str]:
        result = await bench.run("logcat", "-v", "fancy")
        return result.status, result.err

    assert on_bench(script) == (1, 'Invalid parameter "fancy" to -v\n')


def test_users_files_and_counts(sh: RunScript) -> None:
    """--uid by number and name, -f into a file, --print beside an expression that counts."""
    script = """logcat -c -b all; log -t a one; log -t a two; log -t a three
logcat -d -v raw --uid=shell -b main | grep -c .; logcat -d -v raw --uid=0,1041 -b main
logcat -d -v raw -b main -f out; cat out; logcat -d -b main -v raw -e two -m 1 --print; logcat -d -L
logcat -S -b main | cut -c1-8; logcat --uid=nosuch; echo $?
logcat -f /system/x; echo $?; logcat -p; logcat -h | head -n 1"""
    assert sh(script).out.splitlines() == [
        *("3", "one", "two", "three", "one", "two", "size/num", "Now     ", "1", "1", "~! ~1000/!"),
        "Usage: logcat [options] [filterspecs]",
    ]
