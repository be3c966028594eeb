"""Expands words: parameters, substitutions, arithmetic, tildes, then fields and file names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from framework.virtual.shell.arithmetic import ArithmeticFault, evaluate
from framework.virtual.shell.braces import expand_braces
from framework.virtual.shell.fields import Field, FieldBuilder
from framework.virtual.shell.parameters import operate, special_value
from framework.virtual.shell.patterns import glob, quote
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import (
    Arithmetic,
    FileText,
    Parameter,
    Script,
    Substitution,
    Text,
    Tilde,
    Word,
)
from framework.virtual.shell.variables import ShellFault

Capture: TypeAlias = Callable[[Script], Awaitable[str]]
"""Runs a script in a subshell and gives what it printed."""
ReadFile: TypeAlias = Callable[[str], Awaitable[str]]


class Expander:
    """Expands words of one shell; substitutions are run by `capture`, `$(<file)` read by `read_file`."""

    def __init__(self, state: State, capture: Capture, read_file: ReadFile) -> None:
        self._state = state
        self._capture = capture
        self._read_file = read_file
        self._rules: dict[type, Callable[[Any, FieldBuilder], Awaitable[None]]] = {
            Text: self._add_text,
            Tilde: self._add_tilde,
            Parameter: self._add_parameter,
            Substitution: self._add_substitution,
            FileText: self._add_file,
            Arithmetic: self._add_arithmetic,
        }

    async def fields(self, word: Word) -> list[str]:
        """What a word of a command becomes: any number of arguments."""
        if word.static is not None:
            return [word.static]
        if word.assigns:
            return [await self.text(word)]
        builder = FieldBuilder(self._state.ifs)
        for part in word.parts:
            await self._rules[type(part)](part, builder)
        expanded: list[str] = []
        for field in builder.finish():
            for made in expand_braces(field):
                expanded += self._files(made) or [made.text]
        return expanded

    def _files(self, field: Field) -> list[str]:
        if not field.has_magic or "noglob" in self._state.options:
            return []
        return glob(self._state.files, self._state.cwd, field.pattern)

    async def text(self, word: Word) -> str:
        """One string: what an assignment, a here-document or a redirection takes."""
        if word.static is not None:
            return word.static
        return "".join([text for part in word.parts for text, _ in await self._pieces(part)])

    async def pattern(self, word: Word) -> str:
        """A pattern, in which everything quoted stands for itself."""
        pieces = [piece for part in word.parts for piece in await self._pieces(part)]
        return "".join(quote(text) if quoted else text for text, quoted in pieces)

    def evaluate(self, expression: str) -> int:
        """Raises ArithmeticFault."""
        return evaluate(expression, _Named(self._state))

    def arithmetic(self, expression: str) -> int:
        """Raises ShellFault."""
        try:
            return self.evaluate(expression)
        except ArithmeticFault as fault:
            raise ShellFault(str(fault)) from None

    async def _pieces(self, part: object) -> list[tuple[str, bool]]:
        """The (text, quoted) pieces of a part without splitting; the elements of `$@` are joined by spaces."""
        if isinstance(part, Text):
            return [(part.value, part.quoted)]
        builder = FieldBuilder("")
        await self._rules[type(part)](part, builder)
        pieces: list[tuple[str, bool]] = []
        for field in builder.finish():
            pieces += [(" ", True), *field.pieces] if pieces else field.pieces
        return pieces

    # -- one part ----------------------------------------------------------------------------------------------

    async def _add_text(self, part: Text, builder: FieldBuilder) -> None:
        builder.add(part.value, quoted=part.quoted)

    async def _add_tilde(self, part: Tilde, builder: FieldBuilder) -> None:
        homes = {"": self._state.variables.get("HOME"), "root": "/", "shell": "/"}
        home = homes.get(part.user)
        builder.add(f"~{part.user}" if home is None else home, quoted=True)

    async def _add_substitution(self, part: Substitution, builder: FieldBuilder) -> None:
        self._add(await self._capture(part.script), part.quoted, builder)

    async def _add_file(self, part: FileText, builder: FieldBuilder) -> None:
        self._add(await self._read_file(await self.text(part.path)), part.quoted, builder)

    async def _add_arithmetic(self, part: Arithmetic, builder: FieldBuilder) -> None:
        self._add(str(self.arithmetic(await self.text(part.expression))), part.quoted, builder)

    def _add(self, value: str, quoted: bool, builder: FieldBuilder) -> None:
        if quoted:
            builder.add(value, quoted=True)
        else:
            builder.split(value)

    async def _add_parameter(self, part: Parameter, builder: FieldBuilder) -> None:
        if part.name in "@*" and part.operator == "":
            self._add_positional(part, builder)
            return
        value = special_value(self._state, part.name)
        if part.operator == "":
            if value is None and "nounset" in self._state.options:
                raise ShellFault(f"{part.name}: parameter not set")
            self._add(value or "", part.quoted, builder)
        elif part.operator[-1] in "-=?+":
            await self._add_alternative(part, value, builder)
        else:
            self._add(await operate(self, self._state, part, value or ""), part.quoted, builder)

    def _add_positional(self, part: Parameter, builder: FieldBuilder) -> None:
        if part.quoted and part.name == "*":
            builder.add(self._state.ifs[:1].join(self._state.positional), quoted=True)
            return
        for i, value in enumerate(self._state.positional):
            if i:
                builder.end_field()
            self._add(value, part.quoted, builder)

    async def _add_alternative(self, part: Parameter, value: str | None, builder: FieldBuilder) -> None:
        """`${x:-word}` and its kin."""
        missing = value is None or (part.operator[0] == ":" and not value)
        kind = part.operator[-1]
        word = part.argument or Word(())
        if missing == (kind == "+"):
            plain = Parameter(part.name, part.quoted)
            await (self._add_nothing(part, builder) if kind == "+" else self._add_parameter(plain, builder))
        elif kind == "?":
            raise ShellFault(f"{part.name}: {await self.text(word) or 'parameter null or not set'}")
        elif kind == "=":
            self._state.variables.set(part.name, await self.text(word))
            await self._add_parameter(Parameter(part.name, part.quoted), builder)
        else:
            for inner in word.parts:
                if isinstance(inner, Text) and not inner.quoted:
                    builder.split(inner.value)
                else:
                    await self._rules[type(inner)](inner, builder)
            if not word.parts:
                await self._add_nothing(part, builder)

    async def _add_nothing(self, part: Parameter, builder: FieldBuilder) -> None:
        builder.add("", quoted=part.quoted)


class _Named:
    """The names of an expression: variables and positional parameters."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, name: str, /) -> str | None:
        value = self._state.variables.get(name)
        if value is None and "nounset" in self._state.options:
            raise ShellFault(f"{name}: parameter not set")
        return value

    def set(self, name: str, value: str, /) -> None:
        self._state.variables.set(name, value)
