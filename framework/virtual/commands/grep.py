"""grep, egrep and fgrep: lines that match."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass

from framework.virtual.commands.context import CommandFault, Context, reason, to_bytes
from framework.virtual.commands.inputs import lines, opened
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.commands.regex import compile_regex
from framework.virtual.system.pipes import Reader

LONG = {
    "extended-regexp": "E",
    "fixed-strings": "F",
    "ignore-case": "i",
    "invert-match": "v",
    "count": "c",
    "only-matching": "o",
    "line-number": "n",
    "quiet": "q",
    "silent": "q",
    "recursive": "r",
    "files-with-matches": "l",
    "word-regexp": "w",
    "line-regexp": "x",
    "max-count": "m",
    "no-filename": "h",
    "with-filename": "H",
    "no-messages": "s",
    "after-context": "A",
    "before-context": "B",
    "context": "C",
    "line-buffered": "u",
    "text": "a",
}


async def run(ctx: Context) -> int:
    argv = [word for word in ctx.argv if not word.startswith(("--color", "--colour"))]
    options = parse_options(argv, "zEFHIabhinorRsuvwxclLqTU", "emABCf", long=LONG, status=2)
    operands = list(options.operands)
    patterns = [line for value in options.values.get("e", []) for line in value.split("\n")]
    for name in options.values.get("f", []):
        patterns += ctx.files.read(ctx.path(name)).decode("utf-8", "surrogateescape").splitlines()
    if not options.values.get("e") and "f" not in options:
        if not operands:
            raise CommandFault("no REGEX", 2)
        patterns = operands.pop(0).split("\n")
    recursive = "r" in options or "R" in options
    names = operands or (["."] if recursive else ["-"])
    named = "h" not in options and ("H" in options or len(names) > 1 or recursive)
    search = _Search(ctx, options, _expressions(ctx, options, patterns), named)
    for name in names:
        await search.path(name, recursive=recursive)
        if search.matched and "q" in options:
            return 0
    return search.status


def _expressions(ctx: Context, options: Options, patterns: list[str]) -> list[re.Pattern[bytes]]:
    kind = {"egrep": "E", "fgrep": "F"}.get(ctx.name, options.last_of("EF"))
    return [
        compile_regex(pattern, extended=kind == "E", fixed=kind == "F", ignore_case="i" in options)
        for pattern in patterns
    ]


@dataclass(slots=True)
class _Search:
    ctx: Context
    options: Options
    expressions: list[re.Pattern[bytes]]
    named: bool
    matched: bool = False
    failed: bool = False

    @property
    def status(self) -> int:
        return 2 if self.failed else int(not self.matched)

    async def path(self, name: str, *, recursive: bool) -> None:
        path = self.ctx.path(name)
        try:
            if name != "-" and recursive and stat.S_ISDIR(self.ctx.files.stat(path).mode):
                for entry in self.ctx.files.listdir(path):
                    await self.path(f"{name.rstrip('/')}/{entry}", recursive=True)
                return
            async with opened(self.ctx, name) as reader:
                await self._reader("(standard input)" if name == "-" else name, reader)
        except BrokenPipeError:
            raise
        except OSError as error:
            self.failed = True
            if "s" not in self.options:
                await self.ctx.fail(f"{name}: {reason(error)}")

    async def _reader(self, name: str, reader: Reader) -> None:
        options = self.options
        limit = options.number("m", -1)
        before, after = (options.number(letter, options.number("C")) for letter in "BA")
        held: list[tuple[int, bytes]] = []
        count = number = pending = last_shown = 0
        async for raw in lines(reader):
            number += 1
            line = raw.removesuffix(b"\n")
            found = self._find(line)
            if bool(found) == ("v" in options):
                if pending:
                    pending -= 1
                    last_shown = number
                    await self._show(name, number, line, b"-")
                elif before:
                    held = [*held, (number, line)][-before:]
                continue
            count += 1
            self.matched = True
            if any(letter in options for letter in "qlLc"):
                if "c" not in options:
                    break
            else:
                if (before or after) and last_shown and number - len(held) > last_shown + 1:
                    await self.ctx.out("--\n")
                for at, text in held:
                    await self._show(name, at, text, b"-")
                await self._matches(name, number, line, found)
                held, pending, last_shown = [], after, number
            if count == limit and not pending:
                break
        await self._summary(name, count)

    def _find(self, line: bytes) -> list[re.Match[bytes]]:
        found = []
        for expression in self.expressions:
            if "x" in self.options:
                match = expression.fullmatch(line)
                found += [match] if match else []
            else:
                found += [match for match in expression.finditer(line) if self._fits(line, match)]
        return sorted(found, key=lambda match: match.start())

    def _fits(self, line: bytes, match: re.Match[bytes]) -> bool:
        """-w: no word character on either side."""
        if "w" not in self.options:
            return True
        around = line[max(0, match.start() - 1) : match.start()] + line[match.end() : match.end() + 1]
        return not re.search(rb"\w", around)

    async def _matches(self, name: str, number: int, line: bytes, found: list[re.Match[bytes]]) -> None:
        if "o" not in self.options:
            await self._show(name, number, line, b":")
            return
        for match in found:
            if match[0]:
                await self._show(name, number, match[0], b":")

    async def _show(self, name: str, number: int, text: bytes, mark: bytes) -> None:
        prefix = to_bytes(name) + mark if self.named else b""
        if "n" in self.options:
            prefix += b"%d" % number + mark
        await self.ctx.stdout.write(prefix + text + b"\n")

    async def _summary(self, name: str, count: int) -> None:
        if "q" in self.options:
            return
        if "c" in self.options:
            await self.ctx.out(f"{name}:{count}\n" if self.named else f"{count}\n")
        elif ("l" in self.options and count) or ("L" in self.options and not count):
            await self.ctx.out(f"{name}\n")
