"""Built-ins that write and read: echo, print and read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from framework.virtual.commands.context import to_text
from framework.virtual.commands.escapes import decode
from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.timeouts import within
from framework.virtual.shell.variables import ShellFault
from framework.virtual.system.descriptors import Descriptor

NANOSECONDS = 1_000_000_000
TIMED_OUT = 142
"""128 and the number of SIGALRM."""


async def echo(shell: Shell, argv: Sequence[str]) -> int:
    r"""mksh's: escapes are read unless -E says otherwise, and `\c` takes the newline away."""
    words = list(argv[1:])
    newline, escapes = True, True
    while words and re.fullmatch(r"-[neE]+", words[0]):
        for letter in words.pop(0)[1:]:
            newline = newline and letter != "n"
            escapes = {"e": True, "E": False}.get(letter, escapes)
    await _write(shell, " ".join(words), newline, escapes)
    return 0


async def print_(shell: Shell, argv: Sequence[str]) -> int:
    """ksh's: `-r` leaves escapes as they are, `-n` the newline away; a lone `-` or `--` ends the options."""
    words = list(argv[1:])
    newline, escapes = True, True
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-", "--"):
            break
        if not re.fullmatch(r"-[ner]+", option):
            await shell.warn(f"print: {option[:2]}: unknown option")
            return 1
        for letter in option[1:]:
            newline = newline and letter != "n"
            escapes = {"e": True, "r": False}.get(letter, escapes)
    await _write(shell, " ".join(words), newline, escapes)
    return 0


async def _write(shell: Shell, text: str, newline: bool, escapes: bool) -> None:
    if escapes and "\\" in text:
        kept = re.sub(r"(\\\\)|\\c", lambda found: found[1] or "", text)
        text, newline = decode(kept, zero_octal=True), newline and kept == text
    await shell.out(f"{text}\n" if newline else text)


@dataclass(slots=True)
class ReadOptions:
    """How read reads: `timeout` in seconds; `count` characters at most (`exactly`: delimiters do not end it)."""

    names: list[str]
    raw: bool = False
    timeout: float | None = None
    fd: int = 0
    delimiter: bytes = b"\n"
    count: int | None = None
    exactly: bool = False


async def read(shell: Shell, argv: Sequence[str]) -> int:
    """0 if a whole line came, 142 if none came in time, else 1."""
    try:
        options = _read_options(argv)
    except ShellFault as fault:
        await shell.warn(str(fault))
        return fault.status
    source = shell.state.fds.get(options.fd)
    if source is None:
        await shell.warn(f"read: -u: {options.fd}: bad file descriptor")
        return 2
    try:
        if options.timeout is None:
            line, complete = await _read_record(source, options)
        else:
            clock = shell.state.clock
            line, complete = await within(clock, int(options.timeout * NANOSECONDS), _read_record(source, options))
    except TimeoutError:
        return TIMED_OUT
    if "\\" in line and not options.raw:
        line = re.sub(r"\\(.?)", "\0\\1", line, flags=re.DOTALL)
    values = split_line(line, shell.state.ifs, len(options.names))
    for name, value in zip(options.names, values, strict=True):
        shell.state.variables.set(name, value)
    return int(not complete)


def _read_options(argv: Sequence[str]) -> ReadOptions:
    options = ReadOptions([])
    words = list(argv[1:])
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        letters = list(word[1:])
        while letters:
            letter = letters.pop(0)
            if letter in "tudnN":
                value = "".join(letters) or (words.pop(0) if words else "")
                letters = []
                _set_option(options, letter, value)
            elif letter == "r":
                options.raw = True
            elif letter not in "ps":
                raise ShellFault(f"read: -{letter}: unknown option", 2)
    options.names = [word.partition("?")[0] for word in words] or ["REPLY"]
    return options


def _set_option(options: ReadOptions, letter: str, value: str) -> None:
    try:
        if letter == "t":
            options.timeout = float(value)
        elif letter == "u":
            options.fd = int(value)
        elif letter == "d":
            options.delimiter = value[:1].encode() or b"\0"
        else:
            options.count, options.exactly = int(value), letter == "N"
    except ValueError:
        raise ShellFault(f"read: -{letter}: bad number: {value}", 2) from None


async def _read_record(source: Descriptor, options: ReadOptions) -> tuple[str, bool]:
    if options.count is not None or options.delimiter != b"\n":
        data, complete = await _read_bytes(source, options)
    else:
        data = await source.readline()
        complete = data.endswith(b"\n")
        while complete and not options.raw and _continues(data):
            following = await source.readline()
            data, complete = data[:-2] + following, following.endswith(b"\n")
        data = data[:-1] if complete else data
    return to_text(data.replace(b"\0", b"")), complete


def _continues(line: bytes) -> bool:
    """Whether a line ends in a backslash that is not itself quoted."""
    body = line[:-1]
    return (len(body) - len(body.rstrip(b"\\"))) % 2 == 1


async def _read_bytes(source: Descriptor, options: ReadOptions) -> tuple[bytes, bool]:
    data = b""
    while options.count is None or len(data) < options.count:
        byte = await source.read(1)
        if not byte:
            return data, False
        if byte == options.delimiter and not options.exactly:
            return data, True
        data += byte
    return data, True


def split_line(line: str, ifs: str, count: int) -> list[str]:
    r"""Split into `count` values by IFS, the last one taking the rest; `\0` quotes the character behind it."""
    blank = "".join(char for char in ifs if char in " \t\n")
    other = "".join(char for char in ifs if char not in " \t\n")
    if not ifs:
        return [_unquoted(line), *[""] * (count - 1)]
    blanks = f"[{re.escape(blank)}]*" if blank else ""
    separator = rf"{blanks}[{re.escape(other)}]{blanks}" if other else ""
    if blank:
        separator = f"(?:{separator}|[{re.escape(blank)}]+)" if other else f"[{re.escape(blank)}]+"
    field = re.compile(rf"((?:\0.|[^{re.escape(ifs)}\0])*)(?:{separator}|$)", re.DOTALL)
    at = _leading(line, blank)
    values: list[str] = []
    while len(values) < count - 1 and at < len(line) and (found := field.match(line, at)):
        values.append(_unquoted(found[1]))
        at = found.end()
    rest = line[at:]
    if rest and (last := field.fullmatch(rest)):
        rest = last[1]
    values.append(_unquoted(_without_blanks(rest, blank)))
    return values + [""] * (count - len(values))


def _leading(line: str, blank: str) -> int:
    return len(line) - len(line.lstrip(blank)) if blank else 0


def _without_blanks(text: str, blank: str) -> str:
    stripped = text.rstrip(blank) if blank else text
    if stripped.endswith("\0") and len(stripped) < len(text):
        return text[: len(stripped) + 1]  # the first of the blanks was quoted
    return stripped


def _unquoted(text: str) -> str:
    return re.sub(r"\0(.?)", r"\1", text, flags=re.DOTALL) if "\0" in text else text
