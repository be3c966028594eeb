"""Tests of files, strings and numbers: `test`, `[` and `[[ ]]`."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence

from framework.virtual.shell.arithmetic import ArithmeticFault, evaluate
from framework.virtual.shell.expand import Expander
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import BinaryTest, BothTests, NotTest, Operand, Test, UnaryTest
from framework.virtual.system.nodes import Stat
from framework.virtual.system.tree import EXECUTE, READ, WRITE


class ConditionFault(Exception):
    """The arguments of test are wrong; the message is mksh's."""


KINDS = {
    "-f": stat.S_ISREG,
    "-d": stat.S_ISDIR,
    "-c": stat.S_ISCHR,
    "-b": stat.S_ISBLK,
    "-p": stat.S_ISFIFO,
    "-S": stat.S_ISSOCK,
}
BITS = {"-u": stat.S_ISUID, "-g": stat.S_ISGID, "-k": stat.S_ISVTX}
RIGHTS = {"-r": READ, "-w": WRITE, "-x": EXECUTE}
NUMERIC: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
TEXTUAL: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
FILES = frozenset(("-nt", "-ot", "-ef"))
UNARY = frozenset((*KINDS, *BITS, *RIGHTS, "-e", "-a", "-s", "-L", "-h", "-z", "-n", "-t", "-o", "-O", "-G"))


def is_binary(operator: str) -> bool:
    return operator in NUMERIC or operator in TEXTUAL or operator in FILES


def unary(operator: str, operand: str, state: State) -> bool:
    if operator == "-z":
        return not operand
    if operator == "-n":
        return bool(operand)
    if operator == "-o":
        return operand in state.options
    if operator == "-t":
        descriptor = state.fds.get(int(operand)) if operand.isdecimal() else None
        return descriptor is not None and descriptor.terminal is not None
    return _file_test(operator, state.files.resolve(state.cwd, operand), state)


def _file_test(operator: str, path: str, state: State) -> bool:
    files = state.files
    try:
        if operator in RIGHTS:
            return files.access(path, RIGHTS[operator])
        found = files.stat(path, follow=operator not in ("-L", "-h"))
    except OSError:
        return False
    if operator in KINDS:
        return KINDS[operator](found.mode)
    if operator in BITS:
        return bool(found.mode & BITS[operator])
    owned = {"-O": found.uid, "-G": found.gid}
    if operator in owned:
        return owned[operator] == state.process.uid
    return {"-s": found.size > 0, "-L": stat.S_ISLNK(found.mode), "-h": stat.S_ISLNK(found.mode)}.get(operator, True)


def binary(operator: str, left: str, right: str, state: State) -> bool:
    """Numbers may be expressions, as mksh has it. Raises ConditionFault for what is none."""
    if operator in TEXTUAL:
        return TEXTUAL[operator](left, right)
    if operator in FILES:
        return _compare_files(operator, left, right, state)
    try:
        return NUMERIC[operator](evaluate(left, state.variables), evaluate(right, state.variables))
    except ArithmeticFault as fault:
        raise ConditionFault(str(fault)) from None


def _compare_files(operator: str, left: str, right: str, state: State) -> bool:
    stats: list[Stat | None] = []
    for name in (left, right):
        try:
            stats.append(state.files.stat(state.files.resolve(state.cwd, name)))
        except OSError:
            stats.append(None)
    first, second = stats
    if operator == "-ef":
        return first is not None and second is not None and first.ino == second.ino
    if operator == "-ot":
        first, second = second, first
    return first is not None and (second is None or first.mtime > second.mtime)


# -- test and [ ----------------------------------------------------------------------------------------------


def run_test(arguments: Sequence[str], state: State) -> bool:
    """POSIX decides by the number of arguments, up to four. Raises ConditionFault."""
    expression = _Expression(list(arguments), state)
    return expression.by_count()


class _Expression:
    def __init__(self, arguments: list[str], state: State) -> None:
        self._arguments = arguments
        self._state = state
        self._next = 0

    def by_count(self) -> bool:
        words = self._arguments
        if len(words) == 3 and is_binary(words[1]):
            return binary(words[1], words[0], words[2], self._state)
        if words and words[0] == "!" and len(words) in (2, 3, 4):
            return not _Expression(words[1:], self._state).by_count()
        if len(words) in (3, 4) and words[0] == "(" and words[-1] == ")":
            return _Expression(words[1:-1], self._state).by_count()
        if len(words) < 2:
            return bool(words and words[0])
        value = self._either()
        if self._next < len(words):
            raise ConditionFault(f"{words[self._next]}: unexpected operator/operand")
        return value

    def _either(self) -> bool:
        value = self._both()
        while self._take("-o"):
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._not()
        while self._take("-a"):
            value = self._not() and value
        return value

    def _not(self) -> bool:
        return not self._not() if self._take("!") else self._primary()

    def _primary(self) -> bool:
        rest = self._arguments[self._next :]
        if len(rest) > 2 and is_binary(rest[1]):
            self._next += 3
            return binary(rest[1], rest[0], rest[2], self._state)
        if self._take("("):
            value = self._either()
            if not self._take(")"):
                raise ConditionFault("missing )")
            return value
        if len(rest) > 1 and rest[0] in UNARY:
            self._next += 2
            return unary(rest[0], rest[1], self._state)
        if not rest:
            raise ConditionFault("expression expected")
        if len(rest) == 2 and is_binary(rest[1]):
            raise ConditionFault(f"{rest[1]}: missing second argument")
        self._next += 1
        return bool(rest[0])

    def _take(self, word: str) -> bool:
        if self._next < len(self._arguments) and self._arguments[self._next] == word:
            self._next += 1
            return True
        return False


# -- [[ ]] ---------------------------------------------------------------------------------------------------


async def holds(test: Test, expander: Expander, state: State) -> bool:
    """Whether the test between `[[` and `]]` is true. The right side of `=` and `!=` is a pattern.

    Raises ConditionFault for what is no number.
    """
    if isinstance(test, BothTests):
        left = await holds(test.left, expander, state)
        return left if left == test.either else await holds(test.right, expander, state)
    if isinstance(test, NotTest):
        return not await holds(test.test, expander, state)
    if isinstance(test, Operand):
        return bool(await expander.text(test.word))
    if isinstance(test, UnaryTest):
        return unary(test.operator, await expander.text(test.operand), state)
    return await _binary_holds(test, expander, state)


async def _binary_holds(test: BinaryTest, expander: Expander, state: State) -> bool:
    left = await expander.text(test.left)
    if test.operator in ("=", "==", "!="):
        matches = state.patterns.matches(await expander.pattern(test.right), left)
        return matches != (test.operator == "!=")
    right = await expander.text(test.right)
    return binary(test.operator, left, right, state)
