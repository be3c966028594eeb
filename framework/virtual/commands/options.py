"""Command lines as toybox reads them: bundled letters, values, long names, options behind operands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from framework.virtual.commands.context import CommandFault


@dataclass(slots=True)
class Options:
    """What was given: flags in order, the values of options that take one, and the operands."""

    flags: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    operands: list[str] = field(default_factory=list)

    def __contains__(self, letter: str) -> bool:
        return letter in self.flags or letter in self.values

    def value(self, letter: str, default: str = "") -> str:
        """The last value given for an option."""
        return self.values.get(letter, [default])[-1]

    def number(self, letter: str, default: int = 0) -> int:
        """As an integer, with toybox's suffixes."""
        return default if letter not in self.values else to_number(self.value(letter))

    def last_of(self, letters: str, default: str = "") -> str:
        """Of flags that override each other, the one given last."""
        return next((flag for flag in reversed(self.flags) if flag in letters), default)


class HelpWanted(Exception):
    """`--help` was given; the text to print."""


def parse_options(
    argv: Sequence[str],
    flags: str = "",
    values: str = "",
    *,
    long: Mapping[str, str] | None = None,
    minimum: int = 0,
    maximum: int | None = None,
    leading: bool = False,
    usage: str = "",
    status: int = 1,
) -> Options:
    """Read the words behind the command's name.

    `flags` and `values` list letters without and with a value, `long` the letters of long names; `leading`: options
    stand before the first operand only; `usage` is what --help prints; `status` that of a wrong command line.
    Raises CommandFault in toybox's words.
    """
    if "--help" in argv[1:2]:
        raise HelpWanted(f"usage: {argv[0]} {usage}\n")
    parser = _Parser(argv[0], flags, values, long or {})
    try:
        parser.run(list(argv[1:]), leading)
    except CommandFault as fault:
        raise CommandFault(str(fault), status) from None
    count = len(parser.options.operands)
    if count < minimum:
        raise CommandFault(f"Needs {minimum} argument{'s' * (minimum > 1)}{parser.hint}")
    if maximum is not None and count > maximum:
        raise CommandFault(f"Max {maximum} argument{'s' * (maximum > 1)}{parser.hint}")
    return parser.options


class _Parser:
    def __init__(self, name: str, flags: str, values: str, long: Mapping[str, str]) -> None:
        self.options = Options()
        self.hint = f' (see "{name} --help")'
        self._flags = flags
        self._values = values
        self._long = long

    def run(self, words: list[str], leading: bool) -> None:
        while words:
            word = words.pop(0)
            if word == "--":
                self.options.operands += words
                return
            if word.startswith("--"):
                self._long_option(word[2:], words)
            elif word.startswith("-") and len(word) > 1:
                self._letters(word[1:], words)
            else:
                self.options.operands.append(word)
                if leading:
                    self.options.operands += words
                    return

    def _letters(self, letters: str, words: list[str]) -> None:
        for i, letter in enumerate(letters):
            if letter in self._values:
                self._take_value(letter, letter, letters[i + 1 :] or None, words)
                return
            if letter not in self._flags:
                raise CommandFault(f"Unknown option '{letter}'{self.hint}")
            self.options.flags.append(letter)

    def _long_option(self, text: str, words: list[str]) -> None:
        name, equals, value = text.partition("=")
        letter = self._long.get(name)
        if letter is None:
            raise CommandFault(f"Unknown option '{name}'{self.hint}")
        if letter in self._values:
            self._take_value(letter, f"-{name}", value if equals else None, words)
        else:
            self.options.flags.append(letter)

    def _take_value(self, letter: str, shown: str, value: str | None, words: list[str]) -> None:
        if value is None:
            if not words:
                raise CommandFault(f"Missing argument to -{shown}{self.hint}")
            value = words.pop(0)
        self.options.values.setdefault(letter, []).append(value)


UNITS = {"c": 1, "w": 2, "b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}


def to_number(text: str) -> int:
    """An integer such as `-5`, `0x10`, `4k` (1024 each) or `4kd` (1000 each). Raises CommandFault."""
    digits, unit = text.lower(), 1
    if digits.endswith("d") and len(digits) > 2 and digits[-2] in "kmgtp" and not digits.startswith("0x"):
        unit = 1000 ** ("kmgtp".index(digits[-2]) + 1)
        digits = digits[:-2]
    elif digits[-1:] in UNITS and not digits.startswith("0x"):
        unit = UNITS[digits[-1]]
        digits = digits[:-1]
    try:
        return int(digits, 16 if digits.lstrip("-+").startswith("0x") else 10) * unit
    except ValueError:
        raise CommandFault(f"not integer: {text}") from None


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def to_nanoseconds(text: str) -> int:
    """A duration such as `5`, `0.2` or `1.5m`. Raises CommandFault."""
    unit = SECONDS.get(text[-1:], 0)
    digits = text[:-1] if unit else text
    try:
        seconds = float(digits)
    except ValueError:
        raise CommandFault(f"Not a number '{text}'") from None
    return int(seconds * (unit or 1) * 1_000_000_000)
