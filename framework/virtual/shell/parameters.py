"""Parameters: the special ones, and what `${name operator argument}` makes of a value."""

from __future__ import annotations

import re
from typing import Protocol

from framework.virtual.shell.patterns import MAGIC, Patterns
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import Parameter, Text, Word

OPTION_LETTERS = {
    "errexit": "e",
    "noglob": "f",
    "noexec": "n",
    "nounset": "u",
    "verbose": "v",
    "xtrace": "x",
    "allexport": "a",
    "noclobber": "C",
    "braceexpand": "B",
    "interactive": "i",
}


class WordExpander(Protocol):
    async def text(self, word: Word) -> str: ...

    async def pattern(self, word: Word) -> str: ...

    def arithmetic(self, expression: str) -> int: ...


def special_value(state: State, name: str) -> str | None:
    """The value of any parameter; None if it is not set. `@` and `*` are joined."""
    if name.isdigit():
        place = int(name)
        if place == 0:
            return state.name
        return state.positional[place - 1] if place <= len(state.positional) else None
    if name[0].isalpha() or name[0] == "_":
        return state.variables.get(name)
    if name in "@*":
        return " ".join(state.positional) if state.positional else None
    if name == "!":
        return None if state.jobs.last is None else str(state.jobs.last.pid)
    if name == "-":
        return "".join(sorted(letter for option, letter in OPTION_LETTERS.items() if option in state.options))
    return {"?": str(state.status), "#": str(len(state.positional)), "$": str(state.shell_pid)}[name]


async def operate(expander: WordExpander, state: State, part: Parameter, value: str) -> str:
    """What the operators that always change the value make of it: length, trimming, replacing, cutting."""
    if part.operator == "length":
        return str(len(state.positional)) if part.name in "@*" else str(len(value))
    argument = part.argument or Word(())
    if part.operator == ":":
        return await _substring(expander, argument, part.second, value)
    if part.operator[0] == "/":
        return await _replace(expander, state.patterns, part, value)
    return trim(state.patterns, part.operator, await expander.pattern(argument), value)


def trim(patterns: Patterns, operator: str, pattern: str, value: str) -> str:
    """`#` and `##` take the shortest or longest beginning that matches, `%` and `%%` the end."""
    if not MAGIC.search(pattern):
        literal = re.sub(r"\\(.)", r"\1", pattern)
        return value.removeprefix(literal) if operator[0] == "#" else value.removesuffix(literal)
    compiled = patterns.compile(pattern)
    places = range(len(value) + 1)
    if operator in ("##", "%"):
        places = places[::-1]
    for place in places:
        if operator[0] == "#" and compiled.fullmatch(value, 0, place):
            return value[place:]
        if operator[0] == "%" and compiled.fullmatch(value, place):
            return value[:place]
    return value


async def _replace(expander: WordExpander, patterns: Patterns, part: Parameter, value: str) -> str:
    argument = part.argument or Word(())
    anchor, argument = _anchor(argument) if part.operator == "/" else ("", argument)
    pattern = await expander.pattern(argument)
    replacement = await expander.text(part.second) if part.second else ""
    if not pattern and not anchor:
        return value
    expression = patterns.compile(pattern).pattern
    expression = {"#": rf"\A(?:{expression})", "%": rf"(?:{expression})\Z"}.get(anchor, expression)
    count = 0 if part.operator == "//" else 1
    return re.sub(expression, lambda _: replacement, value, count=count, flags=re.DOTALL)


def _anchor(argument: Word) -> tuple[str, Word]:
    """`${x/#pattern}` matches at the beginning only, `${x/%pattern}` at the end."""
    first = argument.parts[0] if argument.parts else None
    if isinstance(first, Text) and not first.quoted and first.value[:1] in ("#", "%"):
        rest = Text(first.value[1:])
        return first.value[0], Word((rest, *argument.parts[1:]))
    return "", argument


async def _substring(expander: WordExpander, start: Word, length: Word | None, value: str) -> str:
    begin = expander.arithmetic(await expander.text(start))
    if begin < 0:
        begin = max(0, len(value) + begin)
    if length is None:
        return value[begin:]
    size = expander.arithmetic(await expander.text(length))
    return value[begin : begin + size] if size >= 0 else value[begin : len(value) + size]
