"""Reads a script: recursive descent over the shell's grammar, with mksh's messages.

Not by tree-sitter's bash grammar, which was tried: it takes `$1a` for a variable `1a`, joins two backquoted commands
on one line, hangs what follows a here-document's delimiter below it, and knows neither `! { …; }`, `! a | b` as one,
`for x in; do`, `3<>f` nor `[ \\( a \\) ]`. Most of that it does silently, which is no ground to run scripts on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from framework.virtual.shell.lexer import Kind, Lexer, Token
from framework.virtual.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Assignment,
    Background,
    Case,
    CaseItem,
    Command,
    ConditionCommand,
    For,
    Function,
    Group,
    If,
    Not,
    Pipeline,
    Redirect,
    Redirected,
    Script,
    ShellSyntaxError,
    Simple,
    Subshell,
    While,
    Word,
)
from framework.virtual.shell.testparser import parse_test

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?)=", re.ASCII)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
FUNCTION_NAME = re.compile(r"[\w.:-]+", re.ASCII)
DECLARING = frozenset(("export", "readonly", "typeset", "local", "declare"))
NOT_AT_START = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
"""Reserved words that end or continue a command, so that none can begin with them."""
RULE_WORDS = frozenset(("{", "if", "while", "until", "for", "case", "function", "[[", "!", "in"))
"""The other reserved words."""
TERMINATORS = (";;", ";&", ";|")
MAX_DEPTH = 100


def parse(source: str) -> Script:
    """The commands of a whole script; those on lines before an error are kept, as mksh runs them first."""
    commands: list[Command] = []
    lines: list[int] = []
    error = None
    try:
        Parser(source, 0).whole(commands, lines)
    except ShellSyntaxError as found:
        error = found
    except RecursionError:
        error = ShellSyntaxError("syntax error: nested too deeply")
    lines.append((lines[-1] if lines else 0) + 1)
    return Script(tuple(commands), error, tuple(lines))


def parse_nested(source: str, position: int) -> tuple[Script, int]:
    """The script behind `$(` and the place behind the `)` that ends it."""
    parser = Parser(source, position, opened="(")
    script = parser.script((")",))
    return script, parser.token.start + 1


class Parser:
    """`token` is the next one; what reads it moves on."""

    def __init__(self, source: str, position: int, *, opened: str = "") -> None:
        self._lexer = Lexer(source, position, parse_nested)
        self._source = source
        self.token = Token(Kind.END, "", position, Word(()))
        self._opened = [opened] if opened else []
        self._rules: dict[str, Callable[[], Command]] = {
            "{": self._group,
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "case": self._case,
            "function": self._named_function,
            "[[": self._condition,
        }
        self._advance()

    # -- lists -------------------------------------------------------------------------------------------------

    def whole(self, commands: list[Command], lines: list[int]) -> None:
        """Add all commands, line by line, and the number of each one's line. Raises ShellSyntaxError."""
        while self._skip_newlines().kind is not Kind.END:
            line = self._line()
            if self.token.kind is not Kind.END and self.token.text != "\n":
                self._unexpected()
            commands += line
            lines += [self._source.count("\n", 0, self.token.start) + 1] * len(line)

    def script(self, ends: tuple[str, ...]) -> Script:
        """Commands up to one of the reserved words or operators in `ends`, which stays the next token."""
        commands: list[Command] = []
        while not self._at(self._skip_newlines(), ends):
            if self.token.kind is Kind.END:
                self._unexpected()
            commands += self._line()
            if self.token.text != "\n" and not self._at(self.token, ends):
                self._unexpected()
        return Script(tuple(commands))

    def _line(self) -> list[Command]:
        """Commands separated by `;` and `&`, up to a newline or something that is no command."""
        commands: list[Command] = []
        while True:
            command = self._and_or()
            separator = self.token.text if self.token.kind is Kind.OPERATOR else ""
            commands.append(Background(command) if separator == "&" else command)
            if separator not in ("&", ";"):
                return commands
            self._advance()
            if self.token.kind is Kind.END or self._ends_line():
                return commands

    def _ends_line(self) -> bool:
        if self.token.kind is Kind.OPERATOR:
            return self.token.text in ("\n", ")", *TERMINATORS)
        return self.token.kind is Kind.WORD and self.token.text in NOT_AT_START

    def _and_or(self) -> Command:
        left = self._pipeline()
        while self.token.kind is Kind.OPERATOR and self.token.text in ("&&", "||"):
            either = self.token.text == "||"
            self._advance()
            self._skip_newlines()
            left = AndOr(left, self._pipeline(), either)
        return left

    def _pipeline(self) -> Command:
        if self._word_is("!"):
            self._advance()
            return Not(self._pipeline())
        commands = [self._command()]
        while self.token.kind is Kind.OPERATOR and self.token.text == "|":
            self._advance()
            self._skip_newlines()
            commands.append(self._command())
        return commands[0] if len(commands) == 1 else Pipeline(tuple(commands))

    # -- commands ----------------------------------------------------------------------------------------------

    def _command(self) -> Command:
        token = self.token
        if len(self._opened) > MAX_DEPTH:
            raise ShellSyntaxError("syntax error: nested too deeply")
        if token.kind is Kind.OPERATOR and token.text == "(":
            return self._with_redirects(self._parentheses())
        if token.kind is Kind.WORD and token.text in self._rules:
            return self._with_redirects(self._rules[token.text]())
        if token.kind is Kind.REDIRECT or (token.kind is Kind.WORD and token.text not in NOT_AT_START):
            return self._simple()
        return self._unexpected()

    def _with_redirects(self, command: Command) -> Command:
        redirects: list[Token] = []
        while self.token.kind is Kind.REDIRECT:
            redirects.append(self._advance())
        if not redirects:
            return command
        return Redirected(command, tuple(map(_redirect, redirects)))

    def _simple(self) -> Command:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Token] = []
        declaring = False
        while self.token.kind in (Kind.WORD, Kind.REDIRECT):
            token = self._advance()
            if token.kind is Kind.REDIRECT:
                redirects.append(token)
            elif not words and (found := ASSIGNMENT.match(token.text)):
                value = self._lexer.reread(token.text[found.end() :], assignment=True)
                assignments.append(Assignment(found[1], value, found[2] == "+"))
            elif declaring and ASSIGNMENT.match(token.text):
                words.append(self._lexer.reread(token.text, assignment=True))
            else:
                words.append(token.word)
                declaring = words[0].static in DECLARING
            if len(words) == 1 and self._is_operator("(") and not (assignments or redirects):
                return self._function(token.text)
        return Simple(tuple(assignments), tuple(words), tuple(map(_redirect, redirects)))

    def _function(self, name: str) -> Command:
        if not FUNCTION_NAME.fullmatch(name):
            self._unexpected()
        self._advance()
        self._expect(")")
        self._skip_newlines()
        return Function(name, self._command())

    def _named_function(self) -> Command:
        self._advance()
        name = self._expect_word().text
        if self._is_operator("("):
            return self._function(name)
        self._skip_newlines()
        return Function(name, self._command())

    def _parentheses(self) -> Command:
        start = self.token.start
        if self._source.startswith("((", start):
            self._lexer.position = start + 2
            expression = self._lexer.arithmetic()
            if expression is not None:
                self._advance()
                return ArithmeticCommand(expression)
            self._lexer.position = start + 1
        return Subshell(self._body("(", ")"))

    def _group(self) -> Command:
        return Group(self._body("{", "}"))

    def _body(self, opening: str, closing: str) -> Script:
        """A script between two tokens, the first of which is next."""
        self._opened.append(opening)
        self._advance()
        body = self.script((closing,))
        self._advance()
        self._opened.pop()
        return body

    def _if(self) -> Command:
        self._opened.append("if")
        branches = []
        otherwise = None
        while self.token.text in ("if", "elif"):
            self._advance()
            condition = self.script(("then",))
            self._advance()
            branches.append((condition, self.script(("elif", "else", "fi"))))
        if self.token.text == "else":
            self._advance()
            otherwise = self.script(("fi",))
        self._advance()
        self._opened.pop()
        return If(tuple(branches), otherwise)

    def _while(self) -> Command:
        keyword = self.token.text
        self._opened.append(keyword)
        self._advance()
        condition = self.script(("do",))
        body = self._body("do", "done")
        self._opened.pop()
        return While(condition, body, keyword == "until")

    def _for(self) -> Command:
        self._opened.append("for")
        self._advance()
        name = self._expect_word()
        if not NAME.fullmatch(name.text):
            raise ShellSyntaxError(f"syntax error: unexpected '{name.text}'")
        words = self._for_words()
        if not self._word_is("do"):
            self._unexpected()
        body = self._body("do", "done")
        self._opened.pop()
        return For(name.text, words, body)

    def _for_words(self) -> tuple[Word, ...] | None:
        self._skip_newlines()
        words: list[Word] | None = None
        if self._word_is("in"):
            self._advance()
            words = []
            while self.token.kind is Kind.WORD:
                words.append(self._advance().word)
        if self._is_operator(";"):
            self._advance()
        self._skip_newlines()
        return None if words is None else tuple(words)

    def _case(self) -> Command:
        self._opened.append("case")
        self._advance()
        word = self._expect_word().word
        self._skip_newlines()
        if not self._word_is("in"):
            self._unexpected()
        self._advance()
        items = []
        while not self._at(self._skip_newlines(), ("esac",)):
            items.append(self._case_item())
        self._advance()
        self._opened.pop()
        return Case(word, tuple(items))

    def _case_item(self) -> CaseItem:
        if self._is_operator("("):
            self._advance()
        patterns = [self._expect_word().word]
        while self._is_operator("|"):
            self._advance()
            patterns.append(self._expect_word().word)
        self._expect(")")
        body = self.script((*TERMINATORS, "esac"))
        terminator = self._advance().text if self.token.kind is Kind.OPERATOR else ";;"
        return CaseItem(tuple(patterns), body, terminator)

    def _condition(self) -> Command:
        tokens = []
        while (token := self._lexer.next_in_condition()).text != "]]":
            if token.kind is Kind.END:
                raise ShellSyntaxError("syntax error: unmatched '[['", incomplete=True)
            tokens.append(token)
        self._advance()
        return ConditionCommand(parse_test([token for token in tokens if token.text != "\n"]))

    # -- tokens ------------------------------------------------------------------------------------------------

    def _advance(self) -> Token:
        """Move on; the token that was next."""
        token, self.token = self.token, self._lexer.next()
        return token

    def _skip_newlines(self) -> Token:
        while self._is_operator("\n"):
            self._advance()
        return self.token

    def _is_operator(self, text: str) -> bool:
        return self.token.kind is Kind.OPERATOR and self.token.text == text

    def _word_is(self, text: str) -> bool:
        return self.token.kind is Kind.WORD and self.token.text == text

    def _at(self, token: Token, ends: tuple[str, ...]) -> bool:
        return token.text in ends and token.kind in (Kind.WORD, Kind.OPERATOR)

    def _expect(self, text: str) -> None:
        if not self._is_operator(text):
            self._unexpected()
        self._advance()

    def _expect_word(self) -> Token:
        if self.token.kind is not Kind.WORD:
            self._unexpected()
        return self._advance()

    def _unexpected(self) -> NoReturn:
        ended = self.token.kind is Kind.END
        if ended and self._opened:
            raise ShellSyntaxError(f"syntax error: unmatched '{self._opened[-1]}'", incomplete=True)
        text = "newline" if self.token.text == "\n" else self.token.text
        raise ShellSyntaxError(f"syntax error: unexpected '{text}'", incomplete=ended)


def _redirect(token: Token) -> Redirect:
    default = 0 if token.text.startswith("<") else 1
    return Redirect(default if token.descriptor is None else token.descriptor, token.text, token.document or token.word)
