"""sed's scripts: addresses and commands, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from framework.virtual.commands.context import CommandFault
from framework.virtual.commands.regex import compile_regex


@dataclass(frozen=True, slots=True)
class Address:
    """A line number, the last line (`$`), a regular expression, or `+n` lines more."""

    line: int | None = None
    last: bool = False
    regex: re.Pattern[bytes] | None = None
    plus: int | None = None


@dataclass(slots=True)
class Instruction:
    """One command: where it applies, its letter, and what it takes. `in_range`, `until`: where a range stands."""

    addresses: tuple[Address, ...]
    inverted: bool
    letter: str
    text: str = ""
    regex: re.Pattern[bytes] | None = None
    replacement: tuple[bytes | int, ...] = ()
    flags: str = ""
    occurrence: int = 1
    target: int = -1
    table: dict[int, int] = field(default_factory=dict)
    in_range: bool = False
    until: int = 0


ADDRESS = re.compile(r"(?P<line>\d+)|(?P<last>\$)|\+(?P<plus>\d+)")
LETTERS = "=acdDgGhHiInNpPqQstbyTwlx{}:r#"


class SedParser:
    """Reads a script; `program` is the result. Raises CommandFault."""

    def __init__(self, script: str, *, extended: bool) -> None:
        self._script = script
        self._at = 0
        self._extended = extended
        self._last_regex: re.Pattern[bytes] | None = None

    def program(self) -> list[Instruction]:
        made: list[Instruction] = []
        open_blocks: list[int] = []
        labels: dict[str, int] = {}
        while self._skip(" \t\n;"):
            instruction = self._instruction()
            if instruction.letter == "{":
                open_blocks.append(len(made))
            elif instruction.letter == "}":
                if not open_blocks:
                    raise CommandFault("extra }")
                made[open_blocks.pop()].target = len(made)
            elif instruction.letter == ":":
                labels[instruction.text] = len(made)
            if instruction.letter != "#":
                made.append(instruction)
        if open_blocks:
            raise CommandFault("no }")
        for instruction in made:
            if instruction.letter in "btT" and instruction.text:
                if instruction.text not in labels:
                    raise CommandFault(f"no :{instruction.text}")
                instruction.target = labels[instruction.text]
        return made

    def _skip(self, characters: str) -> bool:
        while self._at < len(self._script) and self._script[self._at] in characters:
            self._at += 1
        return self._at < len(self._script)

    def _peek(self) -> str:
        return self._script[self._at : self._at + 1]

    def _instruction(self) -> Instruction:
        addresses: list[Address] = []
        while len(addresses) < 2 and (address := self._address()) is not None:
            addresses.append(address)
            self._skip(" \t")
            if len(addresses) == 1 and self._peek() == ",":
                self._at += 1
                self._skip(" \t")
            else:
                break
        self._skip(" \t")
        inverted = self._peek() == "!"
        if inverted:
            self._at += 1
            self._skip(" \t!")
        letter = self._peek()
        self._at += 1
        if not letter or letter not in LETTERS:
            raise CommandFault(f"bad pattern '{self._script}'@{self._at} ({letter})")
        made = Instruction(tuple(addresses), inverted, letter)
        self._arguments(made)
        return made

    def _address(self) -> Address | None:
        if found := ADDRESS.match(self._script, self._at):
            self._at = found.end()
            if found["plus"]:
                return Address(plus=int(found["plus"]))
            line = None if found["line"] is None else int(found["line"])
            return Address(line, bool(found["last"]))
        if self._peek() in ("/", "\\") and self._peek():
            if self._peek() == "\\":
                self._at += 1
            pattern = self._delimited(self._peek())
            flags = self._peek() == "I"
            self._at += flags
            return Address(regex=self._regex(pattern, ignore_case=flags))
        return None

    def _regex(self, pattern: str, *, ignore_case: bool = False) -> re.Pattern[bytes]:
        if pattern:
            self._last_regex = compile_regex(pattern, extended=self._extended, ignore_case=ignore_case)
        if self._last_regex is None:
            raise CommandFault("no previous regex")
        return self._last_regex

    def _delimited(self, delimiter: str, *, keep_newline: bool = False) -> str:
        """Text up to the delimiter, which becomes the next character of the following text."""
        self._at += 1
        made = ""
        in_bracket = False
        while self._at < len(self._script):
            char = self._script[self._at]
            if char == "\\" and self._at + 1 < len(self._script):
                following = self._script[self._at + 1]
                made += following if following == delimiter and delimiter not in "()|+?{}" else char + following
                self._at += 2
                continue
            if char == delimiter and not in_bracket:
                self._at += 1
                return made
            if not keep_newline:
                in_bracket = char == "[" or (in_bracket and (char != "]" or made[-1:] in ("[", "^")))
            made += char
            self._at += 1
        raise CommandFault(f"bad pattern '{self._script}'@{self._at}")

    def _arguments(self, made: Instruction) -> None:
        if made.letter == "s":
            self._substitution(made)
        elif made.letter == "y":
            delimiter = self._peek()
            source = self._delimited(delimiter, keep_newline=True).replace("\\n", "\n")
            self._at -= 1
            target = self._delimited(delimiter, keep_newline=True).replace("\\n", "\n")
            if len(source) != len(target):
                raise CommandFault("bad y: strings differ in length")
            made.table = dict(zip(source.encode("latin1", "replace"), target.encode("latin1", "replace"), strict=True))
        elif made.letter in "aic":
            made.text = self._added_text()
        elif made.letter in ":btTrw":
            end = re.compile(r"[;\n}]" if made.letter in "btT" else r"[;\n]" if made.letter == ":" else r"\n")
            found = end.search(self._script, self._at)
            stop = found.start() if found else len(self._script)
            made.text = self._script[self._at : stop].strip()
            self._at = stop
        elif made.letter in "qQ":
            found = re.compile(r"\s*(\d*)").match(self._script, self._at)
            made.text = found[1] if found else ""
            self._at = found.end() if found else self._at
        elif made.letter == "#":
            end_of_line = self._script.find("\n", self._at)
            self._at = len(self._script) if end_of_line < 0 else end_of_line

    def _added_text(self) -> str:
        """What a, i and c add: to the end of the line, or of the last line that does not end in a backslash."""
        self._skip(" \t")
        if self._script.startswith("\\", self._at):
            self._at += 1
            self._skip(" \t")
            if self._peek() == "\n":
                self._at += 1
        found = re.compile(r"(?:\\.|[^\\\n])*", re.DOTALL).match(self._script, self._at)
        text = found[0] if found else ""
        self._at += len(text)
        return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) + "\n"

    def _substitution(self, made: Instruction) -> None:
        delimiter = self._peek()
        pattern = self._delimited(delimiter)
        self._at -= 1
        replacement = self._delimited(delimiter, keep_newline=True)
        found = re.compile(r"[gpiIe0-9]*").match(self._script, self._at)
        flags = found[0] if found else ""
        self._at += len(flags)
        made.flags = re.sub(r"\d", "", flags)
        made.occurrence = int(re.sub(r"\D", "", flags) or 1)
        made.regex = self._regex(pattern, ignore_case="i" in flags.lower())
        made.replacement = _replacement(replacement)


def _replacement(text: str) -> tuple[bytes | int, ...]:
    """Literal bytes and the numbers of groups, 0 being the whole match."""
    made: list[bytes | int] = []
    for found in re.finditer(r"\\(\d)|\\(.)|(&)|([^\\&]+)|(\\)$", text, re.DOTALL):
        if found[1]:
            made.append(int(found[1]))
        elif found[3]:
            made.append(0)
        else:
            plain = {"n": "\n", "t": "\t"}.get(found[2], found[2]) if found[2] else found[4] or found[5]
            made.append(plain.encode("utf-8", "surrogateescape"))
    return tuple(made)
