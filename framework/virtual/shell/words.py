"""Reads one word of a script: quotes, expansions and what is left between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from framework.virtual.commands.escapes import decode
from framework.virtual.shell.syntax import (
    Arithmetic,
    FileText,
    Parameter,
    Part,
    Redirect,
    Script,
    ShellSyntaxError,
    Simple,
    Substitution,
    Text,
    Tilde,
    Word,
)

ScriptParser: TypeAlias = Callable[[str, int], tuple[Script, int]]
"""Parses from a place behind `$(`: the script and the place behind its `)`."""

WORD_END = frozenset(" \t\n|&;()<>")
PLAIN = re.compile(r"[^\s\\'\"`$|&;()<>@*+?!{}~:/=]+")
PLAIN_IN_QUOTES = re.compile(r'[^"\\$`}]+')
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
PARAMETER = re.compile(r"[A-Za-z_]\w*|[0-9]|[@*#?$!-]", re.ASCII)
IN_BRACES = re.compile(r"[A-Za-z_]\w*|[0-9]+|[@*#?$!-]", re.ASCII)
OPERATOR = re.compile(r":?[-=?+]|##?|%%?|//?|:")
TILDE = re.compile(r"~([A-Za-z_0-9.-]*)(?=/|$|[\s|&;()<>:}])")
ACTIVE = re.compile(r"[*?]|\[.*\]|[@+!]\(|\{.*,.*\}", re.DOTALL)
"""Unquoted text in which something is a pattern or a brace expansion."""
LENGTH = re.compile(r"#(?:[A-Za-z_]\w*|[0-9]+|[@*#?$!-])(?=})", re.ASCII)
PLAIN_IN_ARITHMETIC = re.compile(r"[^()\"\\$`}]+")
PLAIN_IN_ARGUMENT = re.compile(r'[^"\\$`}:/]+')
UNCLOSED = "no closing quote"


def make_word(parts: list[Part], *, assigns: bool = False) -> Word:
    merged: list[Part] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Text) and isinstance(last, Text) and part.quoted == last.quoted:
            merged[-1] = Text(last.value + part.value, part.quoted)
        else:
            merged.append(part)
    texts = [part for part in merged if isinstance(part, Text)]
    plain = len(texts) == len(merged) and not ACTIVE.search("".join("x" if t.quoted else t.value for t in texts))
    return Word(tuple(merged), "".join(t.value for t in texts) if plain else None, assigns)


class WordReader:
    """Reads from `source` at `position`, which moves on."""

    def __init__(self, source: str, position: int, parse_script: ScriptParser) -> None:
        self.source = source
        self.position = position
        self._parse_script = parse_script

    # -- whole words -------------------------------------------------------------------------------------------

    def word(self, *, assignment: bool = False) -> Word:
        """An ordinary word, up to the blank or operator that ends it."""
        return make_word(self.unquoted(WORD_END, assignment=assignment), assigns=assignment)

    def document(self) -> Word:
        """The body of a here-document whose delimiter was not quoted, to the end of the source."""
        parts: list[Part] = []
        while self.position < len(self.source):
            self._in_quotes(parts, escapable="$`\\")
        return make_word(parts)

    # -- unquoted ----------------------------------------------------------------------------------------------

    def unquoted(self, stop: frozenset[str], *, assignment: bool = False) -> list[Part]:
        parts: list[Part] = []
        tilde_at = self.position
        while self.position < len(self.source) and (char := self.source[self.position]) not in stop:
            if char == "~" and self.position == tilde_at and (tilde := self._tilde()):
                parts.append(tilde)
                continue
            self._one_unquoted(parts, char)
            if char == "=" or (assignment and char == ":"):
                tilde_at = self.position
        return parts

    def _one_unquoted(self, parts: list[Part], char: str) -> None:
        if char == "\\":
            self._escaped(parts)
        elif char == "'":
            parts.append(Text(self._single(), quoted=True))
        elif char == '"':
            parts += self._double()
        elif char == "`":
            parts.append(self._backquotes(quoted=False))
        elif char == "$":
            parts += self._dollar(quoted=False)
        elif char in "@*+?!" and self.source.startswith("(", self.position + 1):
            self._group(parts)
        else:
            plain = PLAIN.match(self.source, self.position)
            end = plain.end() if plain else self.position + 1
            parts.append(Text(self.source[self.position : end]))
            self.position = end

    def _escaped(self, parts: list[Part]) -> None:
        following = self.source[self.position + 1 : self.position + 2]
        self.position += 2
        if following != "\n":
            parts.append(Text(following or "\\", quoted=True))

    def _tilde(self) -> Tilde | None:
        found = TILDE.match(self.source, self.position)
        if found:
            self.position = found.end()
        return Tilde(found[1]) if found else None

    def _group(self, parts: list[Part]) -> None:
        """An extended pattern such as `@(a|b)`, whose parentheses and bars belong to the word."""
        parts.append(Text(self.source[self.position : self.position + 2]))
        self.position += 2
        while True:
            parts += self.unquoted(frozenset("|()"))
            char = self.source[self.position : self.position + 1]
            if not char:
                raise ShellSyntaxError(UNCLOSED, incomplete=True)
            parts.append(Text(char))
            self.position += 1
            if char == ")":
                return

    # -- quotes ------------------------------------------------------------------------------------------------

    def _single(self) -> str:
        end = self.source.find("'", self.position + 1)
        if end < 0:
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        text = self.source[self.position + 1 : end]
        self.position = end + 1
        return text

    def _ansi(self) -> Text:
        start = end = self.position + 2
        while end < len(self.source) and self.source[end] != "'":
            end += 2 if self.source[end] == "\\" else 1
        if end >= len(self.source):
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        self.position = end + 1
        return Text(decode(self.source[start:end], quotes=True), quoted=True)

    def _double(self) -> list[Part]:
        self.position += 1
        parts: list[Part] = []
        while not self.source.startswith('"', self.position):
            self._in_quotes(parts, escapable='$`"\\')
        self.position += 1
        return parts or [Text("", quoted=True)]

    def _in_quotes(self, parts: list[Part], *, escapable: str) -> None:
        """One step inside double quotes, a here-document or a quoted `${x:-…}`."""
        if self.position >= len(self.source):
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        char = self.source[self.position]
        if char == "\\":
            following = self.source[self.position + 1 : self.position + 2]
            self.position += 2
            if following != "\n":
                parts.append(Text(following if following and following in escapable else char + following, quoted=True))
        elif char == "$":
            parts += self._dollar(quoted=True)
        elif char == "`":
            parts.append(self._backquotes(quoted=True))
        else:
            plain = PLAIN_IN_QUOTES.match(self.source, self.position)
            end = plain.end() if plain else self.position + 1
            parts.append(Text(self.source[self.position : end], quoted=True))
            self.position = end

    def _backquotes(self, *, quoted: bool) -> Part:
        end = start = self.position + 1
        while end < len(self.source) and self.source[end] != "`":
            end += 2 if self.source[end] == "\\" else 1
        if end >= len(self.source):
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        self.position = end + 1
        escapable = '[$`"\\\\]' if quoted else "[$`\\\\]"
        script = re.sub(rf"\\({escapable})", r"\1", self.source[start:end])
        return _substitution(self._parse_script(script + "\n)", 0)[0], quoted)

    # -- expansions --------------------------------------------------------------------------------------------

    def _dollar(self, *, quoted: bool) -> list[Part]:
        following = self.source[self.position + 1 : self.position + 2]
        if following == "(":
            return [self._arithmetic(quoted) or self._command(quoted)]
        if following == "{":
            return [self._braces(quoted)]
        if following == "'" and not quoted:
            return [self._ansi()]
        name = PARAMETER.match(self.source, self.position + 1)
        if name is None:
            self.position += 1
            return [Text("$", quoted)]
        self.position = name.end()
        return [Parameter(name[0], quoted)]

    def _command(self, quoted: bool) -> Part:
        script, self.position = self._parse_script(self.source, self.position + 2)
        return _substitution(script, quoted)

    def _arithmetic(self, quoted: bool) -> Part | None:
        """`$((…))`; None, without moving, when it is a subshell in `$( (…) )`."""
        start = self.position
        if not self.source.startswith("$((", start):
            return None
        self.position += 3
        expression = self.arithmetic_body()
        if expression is None:
            self.position = start
            return None
        return Arithmetic(expression, quoted)

    def arithmetic_body(self) -> Word | None:
        """The expression up to the `))` that closes it; None if none does."""
        parts: list[Part] = []
        depth = 0
        while self.position < len(self.source):
            char = self.source[self.position]
            if char == ")" and depth == 0:
                closed = self.source.startswith("))", self.position)
                self.position += 2
                return make_word(parts) if closed else None
            depth += {"(": 1, ")": -1}.get(char, 0)
            if char in '()"}':
                parts.append(Text(char if char != '"' else "", quoted=True))
                self.position += 1
            else:
                self._until_parenthesis(parts)
        return None

    def _until_parenthesis(self, parts: list[Part]) -> None:
        plain = PLAIN_IN_ARITHMETIC.match(self.source, self.position)
        if plain:
            parts.append(Text(plain[0], quoted=True))
            self.position = plain.end()
        else:
            self._in_quotes(parts, escapable="$`\\")

    # -- ${…} --------------------------------------------------------------------------------------------------

    def _braces(self, quoted: bool) -> Part:
        start = self.position
        self.position += 2
        if length := LENGTH.match(self.source, self.position):
            self.position = length.end() + 1
            return Parameter(length[0][1:], quoted, "length")
        name = IN_BRACES.match(self.source, self.position)
        self.position = name.end() if name else self.position
        operator = OPERATOR.match(self.source, self.position)
        if name is None or not (operator or self.source.startswith("}", self.position)):
            end = self.source.find("}", start)
            if end < 0:
                raise ShellSyntaxError(UNCLOSED, incomplete=True)
            raise ShellSyntaxError(f"{self.source[start : end + 1]}: bad substitution")
        if operator is None:
            self.position += 1
            return Parameter(name[0], quoted)
        self.position = operator.end()
        return self._operation(name[0], operator[0], quoted)

    def _operation(self, name: str, operator: str, quoted: bool) -> Parameter:
        second = None
        if operator in ("/", "//"):
            argument = make_word(self._until("}/", quoted=False))
            second = make_word(self._second(quoted=quoted))
        elif operator == ":":
            argument = make_word(self._until("}:", quoted=True))
            second = make_word(self._second(quoted=True)) if self.source.startswith(":", self.position) else None
        else:
            argument = make_word(self._until("}", quoted=quoted and operator[0] not in "#%"))
        if not self.source.startswith("}", self.position):
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        self.position += 1
        return Parameter(name, quoted, operator, argument, second)

    def _second(self, *, quoted: bool) -> list[Part]:
        """What stands behind the `/` or `:` between two arguments, if there is one."""
        if self.source.startswith("}", self.position):
            return []
        self.position += 1
        return self._until("}", quoted=quoted)

    def _until(self, stop: str, *, quoted: bool) -> list[Part]:
        """An argument of an expansion. In double quotes a single quote is an ordinary character there."""
        if not quoted:
            return self.unquoted(frozenset(stop))
        parts: list[Part] = []
        while self.position < len(self.source) and (char := self.source[self.position]) not in stop:
            if char == '"':
                parts += self._double()
            else:
                self._quoted_argument(parts)
        if self.position >= len(self.source):
            raise ShellSyntaxError(UNCLOSED, incomplete=True)
        return parts

    def _quoted_argument(self, parts: list[Part]) -> None:
        plain = PLAIN_IN_ARGUMENT.match(self.source, self.position)
        if plain:
            parts.append(Text(plain[0], quoted=True))
            self.position = plain.end()
        elif self.source[self.position] in "}:/":
            parts.append(Text(self.source[self.position], quoted=True))
            self.position += 1
        else:
            self._in_quotes(parts, escapable='$`"\\}')


def _substitution(script: Script, quoted: bool) -> Part:
    match script.commands:
        case (Simple(assignments=(), words=(), redirects=(Redirect(0, "<", Word() as path),)),):
            return FileText(path, quoted)
    return Substitution(script, quoted)
