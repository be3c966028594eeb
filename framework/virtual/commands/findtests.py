"""find's expression: tests, actions, and how they are joined."""

from __future__ import annotations

import fnmatch
import posixpath
import re
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.dates import format_date
from framework.virtual.commands.modes import changed_mode, mode_text
from framework.virtual.commands.options import to_number
from framework.virtual.system.nodes import Stat
from framework.virtual.system.users import user_id, user_name

UNLIMITED = 1 << 30
KINDS = {
    "f": stat.S_ISREG,
    "d": stat.S_ISDIR,
    "l": stat.S_ISLNK,
    "c": stat.S_ISCHR,
    "b": stat.S_ISBLK,
    "p": stat.S_ISFIFO,
}
KINDS["s"] = stat.S_ISSOCK
BATCH = 500
"""Names given to one run of `-exec … +`."""


@dataclass(slots=True)
class Candidate:
    """One file on the way; `pruned` is set by -prune."""

    name: str
    path: str
    stat: Stat
    depth: int
    pruned: bool = False

    @property
    def is_directory(self) -> bool:
        return stat.S_ISDIR(self.stat.mode)


Test: TypeAlias = Callable[[Candidate], Awaitable[bool]]


@dataclass(slots=True)
class Limits:
    minimum: int = 0
    maximum: int = UNLIMITED
    depth_first: bool = False


@dataclass(slots=True)
class Expression:
    holds: Test
    limits: Limits
    finishers: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def finish(self) -> None:
        """Run what `-exec … +` still holds back."""
        for finisher in self.finishers:
            await finisher()


def parse_expression(ctx: Context, words: list[str]) -> Expression:
    """Raises CommandFault."""
    parser = _Parser(ctx, words)
    test = parser.either() if words else None
    if parser.words:
        raise CommandFault(f"bad arg '{parser.words[0]}'")
    if test is None or not parser.acts:
        found = test or _always
        test = _both(found, lambda candidate: _print(ctx, candidate, "\n"))
    return Expression(test, parser.limits, parser.finishers)


async def _always(_: Candidate) -> bool:
    return True


async def _print(ctx: Context, candidate: Candidate, end: str) -> bool:
    await ctx.out(candidate.name + end)
    return True


def _both(left: Test, right: Test) -> Test:
    async def both(candidate: Candidate) -> bool:
        return await left(candidate) and await right(candidate)

    return both


def _any(left: Test, right: Test) -> Test:
    async def either(candidate: Candidate) -> bool:
        return await left(candidate) or await right(candidate)

    return either


def _plain(test: Callable[[Candidate], bool]) -> Test:
    async def plain(candidate: Candidate) -> bool:
        return test(candidate)

    return plain


class _Parser:
    def __init__(self, ctx: Context, words: list[str]) -> None:
        self.words = list(words)
        self.limits = Limits()
        self.acts = False
        self.finishers: list[Callable[[], Awaitable[None]]] = []
        self._ctx = ctx

    def either(self) -> Test:
        test = self._all()
        while self.words[:1] in (["-o"], ["-or"]):
            self.words.pop(0)
            test = _any(test, self._all())
        return test

    def _all(self) -> Test:
        test = self._one()
        while self.words and self.words[0] not in ("-o", "-or", ")"):
            if self.words[0] in ("-a", "-and"):
                self.words.pop(0)
            test = _both(test, self._one())
        return test

    def _one(self) -> Test:
        if not self.words:
            raise CommandFault("missing expression")
        word = self.words.pop(0)
        if word in ("!", "-not"):
            inner = self._one()

            async def inverted(candidate: Candidate) -> bool:
                return not await inner(candidate)

            return inverted
        if word == "(":
            test = self.either()
            if self.words[:1] != [")"]:
                raise CommandFault("bad (")
            self.words.pop(0)
            return test
        return self._limit(word) or self._action(word) or _plain(self._test(word))

    def _value(self, word: str) -> str:
        if not self.words:
            raise CommandFault(f"'{word}' needs 1 arg")
        return self.words.pop(0)

    def _limit(self, word: str) -> Test | None:
        if word == "-maxdepth":
            self.limits.maximum = to_number(self._value(word))
        elif word == "-mindepth":
            self.limits.minimum = to_number(self._value(word))
        elif word in ("-depth", "-d"):
            self.limits.depth_first = True
        elif word not in ("-xdev", "-mount", "-noleaf"):
            return None
        return _always

    # -- tests -------------------------------------------------------------------------------------------------

    def _test(self, word: str) -> Callable[[Candidate], bool]:
        files = self._ctx.files
        if word in ("-true", "-false"):
            return lambda _: word == "-true"
        if word == "-empty":
            return lambda c: not files.listdir(c.path) if c.is_directory else c.stat.size == 0
        if word in ("-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-iregex"):
            return _name_test(word, self._value(word))
        if word in ("-type", "-xtype"):
            kinds = [KINDS[letter] for letter in self._value(word).replace(",", "") if letter in KINDS]
            return lambda c: any(kind(c.stat.mode) for kind in kinds)
        if word in ("-size", "-mtime", "-mmin", "-links", "-inum", "-atime", "-ctime", "-amin", "-cmin"):
            return self._number_test(word, self._value(word))
        if word == "-perm":
            return _mode_test(self._value(word))
        if word in ("-user", "-group", "-uid", "-gid"):
            wanted = user_id(self._value(word))
            return lambda c: (c.stat.uid if word in ("-user", "-uid") else c.stat.gid) == wanted
        if word == "-newer":
            reference = files.stat(self._ctx.path(self._value(word))).mtime
            return lambda c: c.stat.mtime > reference
        raise CommandFault(f"bad arg '{word}'")

    def _number_test(self, word: str, text: str) -> Callable[[Candidate], bool]:
        """`+n` is more than n, `-n` less; sizes are rounded up to their unit."""
        sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
        now = self._ctx.device.clock.wall_ns() // 1_000_000_000
        unit = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 1 << 20, "G": 1 << 30}.get(digits[-1:], 0)
        count = int(re.sub(r"\D", "", digits) or 0)

        def measure(candidate: Candidate) -> int:
            if word == "-size":
                return -(-candidate.stat.size // (unit or 512))
            if word in ("-links", "-inum"):
                return candidate.stat.nlink if word == "-links" else candidate.stat.ino
            return (now - candidate.stat.mtime) // (60 if word.endswith("min") else 86400)

        return {
            "+": lambda c: measure(c) > count,
            "-": lambda c: measure(c) < count,
            "": lambda c: measure(c) == count,
        }[sign]

    # -- actions -----------------------------------------------------------------------------------------------

    def _action(self, word: str) -> Test | None:
        ctx = self._ctx
        if word == "-prune":
            return self._prune
        if word not in ("-print", "-print0", "-printf", "-ls", "-quit", "-delete", "-exec", "-execdir", "-ok"):
            return None
        self.acts |= word != "-delete"
        if word in ("-print", "-print0"):
            return lambda candidate: _print(ctx, candidate, "\n" if word == "-print" else "\0")
        if word == "-printf":
            form = self._value(word)
            return lambda candidate: _printf(ctx, form, candidate)
        if word == "-delete":
            self.limits.depth_first = True
            return self._delete
        if word in ("-exec", "-execdir", "-ok"):
            return self._exec(word)
        raise CommandFault(f"bad arg '{word}'")

    async def _prune(self, candidate: Candidate) -> bool:
        candidate.pruned = True
        return True

    async def _delete(self, candidate: Candidate) -> bool:
        try:
            (self._ctx.files.rmdir if candidate.is_directory else self._ctx.files.remove)(candidate.path)
        except OSError as error:
            await self._ctx.fail(f"{candidate.name}: {reason(error)}")
            return False
        return True

    def _exec(self, word: str) -> Test:
        argv: list[str] = []
        while self.words and self.words[0] not in (";", "+"):
            argv.append(self.words.pop(0))
        if not self.words:
            raise CommandFault(f"{word} needs ;")
        if self.words.pop(0) == "+":
            return self._exec_together(argv[:-1] if argv[-1:] == ["{}"] else argv)

        async def each(candidate: Candidate) -> bool:
            return await self._ctx.launch([part.replace("{}", candidate.name) for part in argv]) == 0

        return each

    def _exec_together(self, argv: list[str]) -> Test:
        names: list[str] = []

        async def flush() -> None:
            if names:
                batch = [*argv, *names]
                names.clear()
                await self._ctx.launch(batch)

        async def collect(candidate: Candidate) -> bool:
            names.append(candidate.name)
            if len(names) >= BATCH:
                await flush()
            return True

        self.finishers.append(flush)
        return collect


def _name_test(word: str, pattern: str) -> Callable[[Candidate], bool]:
    ignore_case = word.startswith("-i")
    expression = pattern if "regex" in word else fnmatch.translate(pattern)
    compiled = re.compile(expression, re.IGNORECASE if ignore_case else 0)
    if word in ("-name", "-iname"):
        return lambda c: compiled.fullmatch(posixpath.basename(c.name.rstrip("/")) or "/") is not None
    return lambda c: compiled.fullmatch(c.name) is not None


def _mode_test(text: str) -> Callable[[Candidate], bool]:
    kind, digits = (text[0], text[1:]) if text[0] in "-/" else ("", text)
    wanted = changed_mode(digits, 0, is_directory=False)
    return {
        "": lambda c: c.stat.mode & 0o7777 == wanted,
        "-": lambda c: c.stat.mode & wanted == wanted,
        "/": lambda c: bool(c.stat.mode & wanted) or not wanted,
    }[kind]


async def _printf(ctx: Context, form: str, candidate: Candidate) -> bool:
    info = candidate.stat
    values = {
        "p": candidate.name,
        "f": posixpath.basename(candidate.name) or candidate.name,
        "h": posixpath.dirname(candidate.name) or ".",
        "s": str(info.size),
        "m": f"{info.mode & 0o7777:o}",
        "M": mode_text(info.mode),
        "u": user_name(info.uid),
        "g": user_name(info.gid),
        "U": str(info.uid),
        "G": str(info.gid),
        "d": str(candidate.depth),
        "i": str(info.ino),
        "y": next((letter for letter, test in KINDS.items() if test(info.mode)), "U"),
        "T@": f"{info.mtime}.0000000000",
        "t": format_date("%c", info.mtime * 1_000_000_000),
        "%": "%",
    }
    text = re.sub(r"%(T@|.)", lambda found: values.get(found[1], found[0]), form)
    await ctx.out(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0"))
    return True
