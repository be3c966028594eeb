"""Splits a script into words, operators and redirections, one at a time as the parser asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from framework.virtual.shell.syntax import HereDocument, ShellSyntaxError, Word
from framework.virtual.shell.words import ScriptParser, WordReader, make_word

OPERATOR = re.compile(r"&&|\|\||;;|;&|;\||[;&|()\n]")
CONDITION_OPERATOR = re.compile(r"&&|\|\||[()<>\n]")
REDIRECT = re.compile(r"([0-9]?)(<<<|<<-|<<|<&|<>|<|>>|>&|>\||>)")
BLANK = re.compile(r"(?:[ \t]|\\\n)+")


class Kind(Enum):
    WORD = auto()
    OPERATOR = auto()
    REDIRECT = auto()
    END = auto()


@dataclass(slots=True)
class Token:
    """`text` is the source of a word or an operator; `word` the word itself, or a redirection's target."""

    kind: Kind
    text: str
    start: int
    word: Word
    descriptor: int | None = None
    document: HereDocument | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A here-document whose body is still ahead."""

    document: HereDocument
    delimiter: str
    strip_tabs: bool
    quoted: bool


EMPTY = make_word([])


class Lexer:
    """Tokens of `source` from `position` on."""

    def __init__(self, source: str, position: int, parse_script: ScriptParser) -> None:
        self.source = source
        self.position = position
        self._parse_script = parse_script
        self._pending: list[Pending] = []

    def next(self) -> Token:
        self._skip_blanks()
        start = self.position
        if start >= len(self.source):
            self._check_documents()
            return Token(Kind.END, "EOF", start, EMPTY)
        if redirect := REDIRECT.match(self.source, start):
            return self._redirect(redirect)
        if operator := OPERATOR.match(self.source, start):
            self.position = operator.end()
            if operator[0] == "\n":
                self._read_documents()
            return Token(Kind.OPERATOR, operator[0], start, EMPTY)
        return self._word()

    def next_in_condition(self) -> Token:
        """Between `[[` and `]]`, where `<` and `>` compare."""
        self._skip_blanks()
        if operator := CONDITION_OPERATOR.match(self.source, self.position):
            self.position = operator.end()
            return Token(Kind.OPERATOR, operator[0], operator.start(), EMPTY)
        return self._word() if self.position < len(self.source) else self.next()

    def arithmetic(self) -> Word | None:
        """The expression of `((…))` behind its opening parentheses; None, without moving, if it is none."""
        reader = WordReader(self.source, self.position, self._parse_script)
        expression = reader.arithmetic_body()
        if expression is not None:
            self.position = reader.position
        return expression

    def reread(self, text: str, *, assignment: bool) -> Word:
        """Read the text of a word again, as (part of) an assignment."""
        return WordReader(text, 0, self._parse_script).word(assignment=assignment)

    def _skip_blanks(self) -> None:
        if blank := BLANK.match(self.source, self.position):
            self.position = blank.end()
        if self.source.startswith("#", self.position):
            end = self.source.find("\n", self.position)
            self.position = len(self.source) if end < 0 else end

    def _word(self) -> Token:
        reader = WordReader(self.source, self.position, self._parse_script)
        word = reader.word()
        start, self.position = self.position, min(reader.position, len(self.source))
        return Token(Kind.WORD, self.source[start : self.position], start, word)

    def _redirect(self, found: re.Match[str]) -> Token:
        self.position = found.end()
        self._skip_blanks()
        target = self._word()
        if not target.text:
            raise ShellSyntaxError(f"syntax error: unexpected '{self.next().text}'".replace("\n", "newline"))
        digit, operator = found.groups()
        token = Token(Kind.REDIRECT, operator, found.start(), target.word, int(digit) if digit else None)
        if operator in ("<<", "<<-"):
            token.text, token.document = "<<", HereDocument(EMPTY)
            quoted = any(char in target.text for char in "'\"\\")
            delimiter = re.sub(r"['\"\\]", "", target.text)
            self._pending.append(Pending(token.document, delimiter, operator == "<<-", quoted))
        return token

    def _read_documents(self) -> None:
        waiting, self._pending = self._pending, []
        for pending in waiting:
            body = self._body(pending)
            if pending.quoted:
                pending.document.body = Word((), body)
            else:
                pending.document.body = WordReader(body, 0, self._parse_script).document()

    def _body(self, pending: Pending) -> str:
        lines: list[str] = []
        while self.position < len(self.source):
            end = self.source.find("\n", self.position)
            end = len(self.source) if end < 0 else end
            line = self.source[self.position : end]
            self.position = min(end + 1, len(self.source))
            line = line.lstrip("\t") if pending.strip_tabs else line
            if line == pending.delimiter:
                return "".join(lines)
            lines.append(line + "\n")
        raise ShellSyntaxError(f"here document '{pending.delimiter}' unclosed", incomplete=True)

    def _check_documents(self) -> None:
        for pending in self._pending:
            raise ShellSyntaxError(f"here document '{pending.delimiter}' unclosed", incomplete=True)
