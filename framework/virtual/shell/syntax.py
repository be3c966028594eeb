"""What a script means: words and commands, as the grammar makes them and the interpreter walks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class ShellSyntaxError(Exception):
    """The script cannot be read; the message is mksh's, without the shell's name.

    `incomplete`: it ends too early, so that a shell that reads lines asks for more.
    """

    def __init__(self, message: str, *, incomplete: bool = False) -> None:
        super().__init__(message)
        self.incomplete = incomplete


# -- words ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they are; quoted ones are never split, globbed or taken for a pattern."""

    value: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Tilde:
    """An unquoted `~` or `~user` at a place where it means a home directory."""

    user: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name operator argument}`; `operator` is `""`, or `length` for `${#name}`.

    `/` has a `second` argument, the replacement; `:` (substring) the length.
    """

    name: str
    quoted: bool
    operator: str = ""
    argument: Word | None = None
    second: Word | None = None


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(script)` or backquotes."""

    script: Script
    quoted: bool


@dataclass(frozen=True, slots=True)
class FileText:
    """`$(<file)`."""

    path: Word
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expression))`; the expression is expanded before it is evaluated."""

    expression: Word
    quoted: bool


Part: TypeAlias = Text | Tilde | Parameter | Substitution | FileText | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    """`static` is the whole value when nothing in it needs expanding, splitting or globbing.

    `assigns`: it is an argument such as `x=$y` of `export`, which is expanded like an assignment.
    """

    parts: tuple[Part, ...]
    static: str | None = None
    assigns: bool = False


# -- commands ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class HereDocument:
    """What stands below a command; the body is known once the parser has passed it."""

    body: Word


@dataclass(frozen=True, slots=True)
class Redirect:
    """`descriptor operator target`."""

    descriptor: int
    operator: str
    target: Word | HereDocument


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: Word
    append: bool


@dataclass(frozen=True, slots=True)
class Simple:
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class ArithmeticCommand:
    """`((expression))`: true unless it is 0."""

    expression: Word


@dataclass(frozen=True, slots=True)
class Operand:
    """A word inside `[[ ]]`."""

    word: Word


@dataclass(frozen=True, slots=True)
class UnaryTest:
    operator: str
    operand: Word


@dataclass(frozen=True, slots=True)
class BinaryTest:
    operator: str
    left: Word
    right: Word


@dataclass(frozen=True, slots=True)
class NotTest:
    test: Test


@dataclass(frozen=True, slots=True)
class BothTests:
    """`left && right` or, with `either`, `left || right`."""

    left: Test
    right: Test
    either: bool


Test: TypeAlias = Operand | UnaryTest | BinaryTest | NotTest | BothTests


@dataclass(frozen=True, slots=True)
class ConditionCommand:
    """`[[ test ]]`."""

    test: Test


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`a | b`: two commands or more."""

    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Not:
    command: Command


@dataclass(frozen=True, slots=True)
class AndOr:
    """`left && right` or, with `either`, `left || right`."""

    left: Command
    right: Command
    either: bool


@dataclass(frozen=True, slots=True)
class Background:
    command: Command


@dataclass(frozen=True, slots=True)
class Script:
    """Commands one after the other; `error` is what is wrong with the text behind the last one.

    `lines` are those of a whole text's commands, for messages: where each ends, and where the error is.
    """

    commands: tuple[Command, ...]
    error: ShellSyntaxError | None = None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """`branches` are (condition, body) pairs: if, then every elif."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None


@dataclass(frozen=True, slots=True)
class While:
    condition: Script
    body: Script
    until: bool


@dataclass(frozen=True, slots=True)
class For:
    """Without `words`, over the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: Script


@dataclass(frozen=True, slots=True)
class CaseItem:
    """`terminator` is `;;`, `;&` (go on with the next body) or `;|` (go on testing)."""

    patterns: tuple[Word, ...]
    body: Script
    terminator: str


@dataclass(frozen=True, slots=True)
class Case:
    word: Word
    items: tuple[CaseItem, ...]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Subshell:
    body: Script


@dataclass(frozen=True, slots=True)
class Group:
    body: Script


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections of its own."""

    command: Command
    redirects: tuple[Redirect, ...]


Command: TypeAlias = (
    Simple
    | ArithmeticCommand
    | ConditionCommand
    | Pipeline
    | Not
    | AndOr
    | Background
    | If
    | While
    | For
    | Case
    | Function
    | Subshell
    | Group
    | Redirected
)
