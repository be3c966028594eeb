"""File modes as text: `755`, `u+x,go-w` and `rwxr-xr-x`."""

from __future__ import annotations

import re
import stat

from framework.virtual.commands.context import CommandFault

CLAUSE = re.compile(r"([ugoa]*)((?:[-+=][rwxXstugo]*)+)")
ACTION = re.compile(r"([-+=])([rwxXstugo]*)")
CLASSES = {"u": 6, "g": 3, "o": 0}
BITS = {"r": 4, "w": 2, "x": 1}
SPECIAL = {"u": stat.S_ISUID, "g": stat.S_ISGID, "o": 0}


def changed_mode(text: str, mode: int, *, is_directory: bool, umask: int = 0) -> int:
    """The permission bits after a change as chmod takes it. Raises CommandFault."""
    if re.fullmatch(r"[0-7]+", text):
        return int(text, 8) & 0o7777
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if found is None:
            raise CommandFault(f"bad mode '{text}'")
        for operation, letters in ACTION.findall(found[2]):
            mode = _apply(found[1], operation, letters, mode, is_directory, umask)
    return mode & 0o7777


def _apply(who: str, operation: str, letters: str, mode: int, is_directory: bool, umask: int) -> int:
    classes = "ugo" if not who or "a" in who else who
    mask = 0 if who else umask
    change = 0
    for each in classes:
        change |= _bits(letters, mode, is_directory) << CLASSES[each] & ~mask
        if "s" in letters:
            change |= SPECIAL[each]
    if "t" in letters:
        change |= stat.S_ISVTX
    if operation == "+":
        return mode | change
    if operation == "-":
        return mode & ~change
    kept = 0
    for each in classes:
        kept |= 7 << CLASSES[each] | SPECIAL[each]
    return mode & ~kept | change


def _bits(letters: str, mode: int, is_directory: bool) -> int:
    bits = 0
    for letter in letters:
        if letter in CLASSES:
            bits |= mode >> CLASSES[letter] & 7
        elif letter == "X" and (is_directory or mode & 0o111):
            bits |= 1
        else:
            bits |= BITS.get(letter, 0)
    return bits


def mode_text(mode: int) -> str:
    """As ls -l shows it: `drwxr-xr-x`."""
    return stat.filemode(mode)
