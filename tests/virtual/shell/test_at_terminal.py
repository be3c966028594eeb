"""A shell at a terminal: what a person sees, and what becomes of programs when keys say so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from framework.virtual.system.pipes import BytesWriter
from framework.virtual.system.terminal import Terminal

if TYPE_CHECKING:
    from conftest import Bench, OnBench

PROMPT = b"fuxi:/ $ "


class Person:
    """Somebody before a terminal at which a script runs."""

    def __init__(self, bench: Bench, script: str = "exec sh -i", rows: int = 0, columns: int = 0) -> None:
        self.screen = BytesWriter()
        self.terminal = Terminal(self.screen, rows, columns)
        self.call = asyncio.ensure_future(bench.device.shell_at(self.terminal, script))

    async def see(self, end: bytes) -> bytes:
        """What is shown up to `end`, which it ends with; then the screen is empty."""
        async with asyncio.timeout(20):
            while not self.screen.data.endswith(end):
                await asyncio.sleep(0.001)
        seen = bytes(self.screen.data)
        self.screen.data.clear()
        return seen

    async def type(self, keys: bytes, end: bytes = PROMPT) -> bytes:
        await self.terminal.press(keys)
        return await self.see(end)

    async def end(self, keys: bytes = b"exit 0\r") -> int:
        await self.terminal.press(keys)
        return await asyncio.wait_for(self.call, 20)


def at_prompt(on_bench: OnBench, story: Callable[[Bench, Person], Awaitable[None]]) -> None:
    """Run `story` with a person who has just got a prompt."""

    async def run(bench: Bench) -> None:
        person = Person(bench, rows=24, columns=80)
        await person.see(PROMPT)
        await story(bench, person)
        if not person.call.done():
            assert await person.end() == 0

    on_bench(run)


def test_a_terminal_is_known_as_one(on_bench: OnBench) -> None:
    """`[ -t 0 ]`, tty and stty, with the size of the window and its changes."""

    async def story(bench: Bench, person: Person) -> None:
        assert await person.type(b"[ -t 0 ] && [ -t 1 ] && [ -t 2 ]; echo $?\r") == (
            b"[ -t 0 ] && [ -t 1 ] && [ -t 2 ]; echo $?\r\n0\r\n" + PROMPT
        )
        assert b"\r\n1\r\n" in await person.type(b"[ -t 0 ] </dev/null; echo $?\r")
        assert b"\r\n24 80\r\n" in await person.type(b"stty size\r")
        person.terminal.resize(50, 132)
        assert b"\r\n50 132\r\n" in await person.type(b"stty size\r")
        assert b"\r\n/dev/pts/0\r\n" in await person.type(b"tty\r")

    at_prompt(on_bench, story)


def test_without_one_it_is_known_too(on_bench: OnBench) -> None:
    """The same commands in a script over pipes."""

    async def story(bench: Bench) -> tuple[str, str]:
        ran = await bench.sh("[ -t 0 ]; echo $?; tty; stty size")
        return ran.out, ran.err

    assert on_bench(story) == ("1\nnot a tty\n", "stty: tcgetattr: Not a typewriter\n")


def test_interrupt_ends_what_is_in_the_foreground(on_bench: OnBench) -> None:
    """A program, a loop, a pipeline, a substitution; the shell and its background live on."""

    async def story(bench: Bench, person: Person) -> None:
        await person.type(b"sleep 100000 &\r")
        for line in (b"sleep 1000", b"while :; do sleep 1; done", b"sleep 1000 | cat", b"x=$(sleep 1000)", b"cat"):
            await person.type(b"echo ready; " + line + b"; echo $((6 * 7))\r", b"\r\nready\r\n")
            assert await person.type(b"\x03") == b"^C\r\n" + PROMPT
            assert b"\r\n130\r\n" in await person.type(b"echo $?\r")
        assert [each.argv for each in bench.device.processes.all() if each.name == "sleep"] == [("sleep", "100000")]

    at_prompt(on_bench, story)


def test_interrupt_drops_the_line(on_bench: OnBench) -> None:
    """At the prompt, also in the middle of a command that goes over several lines."""

    async def story(bench: Bench, person: Person) -> None:
        assert await person.type(b"echo never\x03") == b"echo never^C\r\n" + PROMPT
        await person.type(b"for i in 1 2\r", b"> ")
        assert await person.type(b"\x03") == b"^C\r\n" + PROMPT
        assert await person.type(b"echo fine\r") == b"echo fine\r\nfine\r\n" + PROMPT

    at_prompt(on_bench, story)


def test_end_of_input_ends_one_program_at_a_time(on_bench: OnBench) -> None:
    """Ctrl+D ends cat, then the shell."""

    async def story(bench: Bench, person: Person) -> None:
        await person.type(b"cat; echo $?\r", b"\r\n")
        assert await person.type(b"said\r", b"said\r\nsaid\r\n") == b"said\r\nsaid\r\n"
        assert await person.type(b"\x04") == b"0\r\n" + PROMPT
        assert await person.end(b"\x04") == 0

    at_prompt(on_bench, story)


def test_a_command_at_a_terminal_is_interrupted(on_bench: OnBench) -> None:
    """`adb shell -t COMMAND`: its status is that of SIGINT, and a trap sees it."""

    async def story(bench: Bench) -> list[int]:
        plain = Person(bench, "echo ready; sleep 1000; echo never")
        await plain.see(b"ready\r\n")
        trapping = Person(bench, "trap 'exit 7' INT; echo ready; sleep 1000; echo never")
        await trapping.see(b"ready\r\n")
        return [await plain.end(b"\x03"), await trapping.end(b"\x03")]

    assert on_bench(story) == [130, 7]


def test_hanging_up_ends_the_foreground_alone(on_bench: OnBench) -> None:
    """SIGHUP, which a trap sees; what was put into the background goes on."""

    async def story(bench: Bench, person: Person) -> None:
        await person.type(b"trap 'echo hup >/data/local/tmp/hup' HUP; (sleep 5; echo on >/data/local/tmp/on) &\r")
        await person.type(b"echo ready; sleep 100000\r", b"\r\nready\r\n")
        person.call.cancel()
        await asyncio.gather(person.call, return_exceptions=True)
        seen = await bench.sh("until [ -e /data/local/tmp/on ]; do sleep 1; done; cat /data/local/tmp/hup; pidof sleep")
        assert (seen.out, seen.status) == ("hup\n", 1)

    at_prompt(on_bench, story)


def test_a_shell_that_is_told_the_size_hears_of_it(on_bench: OnBench) -> None:
    """A trap on WINCH."""

    async def story(bench: Bench, person: Person) -> None:
        await person.type(b"trap 'stty size' WINCH\r")
        person.terminal.resize(10, 20)
        assert await person.see(b"10 20\r\n") == b"10 20\r\n"
        await person.type(b"\r")

    at_prompt(on_bench, story)


def test_modes_are_set_and_shown(on_bench: OnBench) -> None:
    """Without echo what is typed is not seen; sane brings it back; what stty does not know it says."""

    async def story(bench: Bench, person: Person) -> None:
        await person.type(b"stty -echo\r")
        assert await person.type(b"read x; echo got $x\rhidden\r") == b"got hidden\r\n" + PROMPT
        await person.type(b"stty sane\r")
        assert b"rows 24; columns 80" in await person.type(b"stty -a\r")
        assert b"unknown option 'nonsense'" in await person.type(b"stty nonsense\r")

    at_prompt(on_bench, story)
