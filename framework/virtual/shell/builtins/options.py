"""Built-ins about options and positional parameters: set and getopts."""

from __future__ import annotations

from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.parameters import OPTION_LETTERS
from framework.virtual.shell.quoting import quoted
from framework.virtual.shell.variables import ShellFault

NAMES = {letter: name for name, letter in OPTION_LETTERS.items()}
LONG = frozenset((*OPTION_LETTERS, "pipefail", "posix", "sh", "utf8-mode"))


async def set_(shell: Shell, argv: Sequence[str]) -> int:
    words = list(argv[1:])
    if not words:
        for name, variable in shell.state.variables.items():
            if variable.value is not None:
                await shell.out(f"{name}={quoted(variable.value)}\n")
        return 0
    rest = set_options(shell.state.options, words)
    if rest is not None:
        shell.state.positional = rest
    return 0


def set_options(options: set[str], words: list[str]) -> list[str] | None:
    """Take options off the front of `words`; the operands, or None if there are none. Raises ShellFault."""
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            return words
        for letter in word[1:]:
            name = (words.pop(0) if words else "") if letter == "o" else NAMES.get(letter, "")
            if name not in LONG:
                raise ShellFault(f"set: {word}: unknown option")
            (options.add if word[0] == "-" else options.discard)(name)
    if words and words[0] == "-":
        return words[1:]
    return words or None


async def getopts(shell: Shell, argv: Sequence[str]) -> int:
    """The next option of the positional parameters (or of further arguments) into a variable and OPTARG."""
    if len(argv) < 3:
        await shell.warn("getopts: missing argument")
        return 1
    variables = shell.state.variables
    letters, name = argv[1], argv[2]
    words = list(argv[3:]) or shell.state.positional
    place = int(variables.get("OPTIND") or 1)
    offset = shell.state.getopts_offset if place == shell.state.getopts_place else 1
    word = words[place - 1] if place <= len(words) else ""
    if len(word) < 2 or word[0] != "-" or word == "--":
        variables.set("OPTIND", str(place + (word == "--")))
        variables.set(name, "?")
        return 1
    letter = word[offset]
    found = letters.lstrip(":").find(letter) if letter != ":" else -1
    takes = found >= 0 and letters.lstrip(":")[found + 1 : found + 2] == ":"
    rest = word[offset + 1 :]
    if takes and not rest and place < len(words):
        place, rest = place + 1, words[place]
        return _found(shell, name, letter, rest, place + 1, 1)
    if takes and rest:
        return _found(shell, name, letter, rest, place + 1, 1)
    step = (place + 1, 1) if not rest else (place, offset + 1)
    if takes or found < 0:
        return await _wrong(shell, name, letter, letters.startswith(":"), takes, step)
    return _found(shell, name, letter, None, *step)


def _found(shell: Shell, name: str, letter: str, argument: str | None, place: int, offset: int) -> int:
    variables = shell.state.variables
    variables.set(name, letter)
    if argument is None:
        variables.unset("OPTARG")
    else:
        variables.set("OPTARG", argument)
    variables.set("OPTIND", str(place))
    shell.state.getopts_place, shell.state.getopts_offset = place, offset
    return 0


async def _wrong(shell: Shell, name: str, letter: str, silent: bool, missing: bool, step: tuple[int, int]) -> int:
    if not silent:
        reason = "requires argument" if missing else "unknown option"
        await shell.warn(f"-{letter}: {reason}")
    return _found(shell, name, ":" if missing and silent else "?", letter if silent else None, *step)
