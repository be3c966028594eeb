"""sed: edit a stream line by line."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from framework.virtual.commands.context import CommandFault, Context, reason, to_bytes
from framework.virtual.commands.inputs import lines, opened
from framework.virtual.commands.options import parse_options
from framework.virtual.commands.sedscript import Address, Instruction, SedParser
from framework.virtual.system.pipes import BytesWriter, Reader, Writer


async def run(ctx: Context) -> int:
    long = {"quiet": "n", "silent": "n", "regexp-extended": "r", "in-place": "i", "expression": "e"}
    argv = list(ctx.argv)
    options = parse_options(argv, "nErsiuz", "ef", long=long)
    operands = list(options.operands)
    scripts = list(options.values.get("e", []))
    for name in options.values.get("f", []):
        scripts.append(ctx.files.read(ctx.path(name)).decode("utf-8", "surrogateescape"))
    if not scripts:
        if not operands:
            raise CommandFault('Needs 1 argument (see "sed --help")')
        scripts.append(operands.pop(0))
    parser = SedParser("\n".join(scripts), extended="E" in options or "r" in options)
    program = parser.program()
    quiet = "n" in options
    if "i" in options:
        return await _in_place(ctx, program, operands, quiet=quiet)
    source = _Source(ctx, operands or ["-"])
    editor = _Editor(program, source.lines(), ctx.stdout, quiet=quiet)
    return await editor.run() or source.status


async def _in_place(ctx: Context, program: list[Instruction], names: list[str], *, quiet: bool) -> int:
    status = 0
    for name in names:
        output = BytesWriter()
        source = _Source(ctx, [name])
        editor = _Editor(program, source.lines(), output, quiet=quiet)
        status = await editor.run() or source.status or status
        if not source.status:
            ctx.files.write(ctx.path(name), bytes(output.data))
    return status


class _Source:
    """The lines of all inputs, one after the other."""

    def __init__(self, ctx: Context, names: list[str]) -> None:
        self.status = 0
        self._ctx = ctx
        self._names = names

    async def lines(self) -> AsyncIterator[bytes]:
        for name in self._names:
            try:
                async with opened(self._ctx, name) as reader:
                    async for line in _lines(reader):
                        yield line
            except BrokenPipeError:
                raise
            except OSError as error:
                self.status = await self._ctx.fail(f"{name}: {reason(error)}")


async def _lines(reader: Reader) -> AsyncIterator[bytes]:
    async for line in lines(reader):
        yield line


class _Quit(Exception):
    """q and Q."""


class _NextCycle(Exception):
    """d, D, and n or N without a next line."""


class _Editor:
    """Runs a program over lines: `_space` is the pattern space, `_hold` the hold space."""

    def __init__(
        self, program: list[Instruction], source: AsyncIterator[bytes], output: Writer, *, quiet: bool
    ) -> None:
        self._program = program
        self._source = source
        self._output = output
        self._quiet = quiet
        self._hold = b""
        self._space = b""
        self._newline = b"\n"
        self._ahead: bytes | None = None
        self._number = 0
        self._appended: list[bytes] = []
        self._replaced = False
        self._status = 0

    async def run(self) -> int:
        self._ahead = await anext(self._source, None)
        try:
            while await self._next_line():
                await self._cycle()
        except _Quit:
            pass
        return self._status

    async def _next_line(self) -> bool:
        if self._ahead is None:
            return False
        line, self._ahead = self._ahead, await anext(self._source, None)
        self._space = line.removesuffix(b"\n")
        self._newline = b"\n" if line.endswith(b"\n") else b""
        self._number += 1
        return True

    async def _cycle(self) -> None:
        self._replaced = False
        quit_after: _Quit | None = None
        try:
            await self._execute()
        except _NextCycle:
            await self._end_cycle(show=False)
            return
        except _Quit as end:
            quit_after = end
        await self._end_cycle(show=not self._quiet and not (quit_after and quit_after.args))
        if quit_after:
            raise quit_after

    async def _end_cycle(self, *, show: bool) -> None:
        if show:
            await self._put(self._space)
        for text in self._appended:
            await self._output.write(text)
        self._appended.clear()

    async def _put(self, text: bytes) -> None:
        last = self._ahead is None
        await self._output.write(text + (self._newline if last else b"\n"))

    async def _execute(self) -> None:
        at = 0
        while at < len(self._program):
            instruction = self._program[at]
            if self._applies(instruction):
                at = await self._one(instruction, at)
            elif instruction.letter == "{":
                at = instruction.target
            at += 1

    # -- addresses ---------------------------------------------------------------------------------------------

    def _applies(self, instruction: Instruction) -> bool:
        return self._selected(instruction) != instruction.inverted

    def _selected(self, instruction: Instruction) -> bool:
        addresses = instruction.addresses
        if len(addresses) < 2:
            return not addresses or self._matches(addresses[0])
        if not instruction.in_range:
            if not self._matches(addresses[0]):
                return False
            return self._begin_range(instruction, addresses[1])
        ended = self._matches(addresses[1]) if addresses[1].regex or addresses[1].last else False
        if ended or (instruction.until and self._number >= instruction.until):
            instruction.in_range = False
            return not instruction.until or self._number <= instruction.until
        return True

    def _begin_range(self, instruction: Instruction, end: Address) -> bool:
        instruction.until = 0
        if end.plus is not None:
            instruction.until = self._number + end.plus
        elif end.line is not None:
            instruction.until = max(end.line, self._number)
        instruction.in_range = instruction.until != self._number and not (end.last and self._ahead is None)
        return True

    def _matches(self, address: Address) -> bool:
        if address.last:
            return self._ahead is None
        if address.regex is not None:
            return address.regex.search(self._space) is not None
        return self._number == address.line

    # -- commands ----------------------------------------------------------------------------------------------

    async def _one(self, instruction: Instruction, at: int) -> int:
        """Do it; the place to go on behind."""
        letter = instruction.letter
        if letter == "s":
            await self._substitute(instruction)
        elif letter in "btT":
            taken = letter == "b" or self._replaced == (letter == "t")
            self._replaced = self._replaced and letter == "b"
            if taken:
                return instruction.target if instruction.target >= 0 else len(self._program)
        elif letter in "pPl=aicw":
            await self._show(instruction)
        elif letter in "gGhHx":
            self._exchange(letter)
        elif letter in "nNdDqQ":
            await self._advance(instruction)
        elif letter == "y":
            self._space = bytes(instruction.table.get(byte, byte) for byte in self._space)
        return at

    def _exchange(self, letter: str) -> None:
        if letter == "g":
            self._space = self._hold
        elif letter == "G":
            self._space += b"\n" + self._hold
        elif letter == "h":
            self._hold = self._space
        elif letter == "H":
            self._hold += b"\n" + self._space
        else:
            self._space, self._hold = self._hold, self._space

    async def _show(self, instruction: Instruction) -> None:
        letter = instruction.letter
        if letter == "p":
            await self._put(self._space)
        elif letter == "P":
            await self._output.write(self._space.partition(b"\n")[0] + b"\n")
        elif letter == "=":
            await self._output.write(b"%d\n" % self._number)
        elif letter == "a":
            self._appended.append(to_bytes(instruction.text))
        elif letter == "i":
            await self._output.write(to_bytes(instruction.text))
        elif letter == "c":
            if len(instruction.addresses) < 2 or not instruction.in_range or instruction.inverted:
                await self._output.write(to_bytes(instruction.text))
            raise _NextCycle
        elif letter == "l":
            await self._output.write(_visible(self._space))

    async def _advance(self, instruction: Instruction) -> None:
        letter = instruction.letter
        if letter == "d":
            raise _NextCycle
        if letter == "D":
            _, newline, rest = self._space.partition(b"\n")
            if not newline:
                raise _NextCycle
            self._space = rest
            await self._end_cycle(show=False)
            await self._execute()
            return
        if letter in "qQ":
            self._status = int(instruction.text or 0)
            raise _Quit("silently") if letter == "Q" else _Quit
        before = self._space
        if letter == "n" and not self._quiet and self._ahead is not None:
            await self._put(self._space)
        if not await self._next_line():
            raise _Quit
        if letter == "N":
            self._space = before + b"\n" + self._space

    async def _substitute(self, instruction: Instruction) -> None:
        assert instruction.regex is not None
        count = 0

        def replaced(found: re.Match[bytes]) -> bytes:
            nonlocal count
            count += 1
            wanted = count >= instruction.occurrence if "g" in instruction.flags else count == instruction.occurrence
            if not wanted:
                return found[0]
            return b"".join(
                part if isinstance(part, bytes) else (found[part] or b"") for part in instruction.replacement
            )

        after = instruction.regex.sub(replaced, self._space)
        if count >= instruction.occurrence:
            self._space, self._replaced = after, True
            if "p" in instruction.flags:
                await self._put(self._space)


def _visible(text: bytes) -> bytes:
    return repr(text)[2:-1].encode() + b"$\n"
