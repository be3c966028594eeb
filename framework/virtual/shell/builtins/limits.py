"""Built-ins about what the shell may use and has used: ulimit, times, and hash, which it needs no more."""

from __future__ import annotations

from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell

LIMITS = (
    ("t", "time(cpu-seconds)", "unlimited"),
    ("f", "file(blocks)", "unlimited"),
    ("c", "coredump(blocks)", "0"),
    ("d", "data(KiB)", "unlimited"),
    ("s", "stack(KiB)", "8192"),
    ("l", "lockedmem(KiB)", "65536"),
    ("n", "nofiles(descriptors)", "32768"),
    ("p", "processes", "42000"),
    ("v", "address-space(KiB)", "unlimited"),
)
"""What a shell over adb has on Android 14; nothing here is held to another."""


async def ulimit(shell: Shell, argv: Sequence[str]) -> int:
    letters, values = "", []
    for word in argv[1:]:
        if word.startswith("-"):
            letters += word[1:].replace("H", "").replace("S", "")
        else:
            values.append(word)
    if "a" in letters:
        width = max(len(name) for _, name, _ in LIMITS) + 1
        await shell.out("".join(f"-{letter}: {name:<{width}} {value}\n" for letter, name, value in LIMITS))
        return 0
    known = {letter: value for letter, _, value in LIMITS}
    for letter in letters or "f":
        if letter not in known:
            await shell.warn(f"ulimit: -{letter}: unknown option")
            return 1
        if not values:
            await shell.out(f"{known[letter]}\n")
    return 0


async def times(shell: Shell, argv: Sequence[str]) -> int:
    """User and system time of the shell, then of what it has run: less than it shows."""
    await shell.out("0m00.00s 0m00.00s\n" * 2)
    return 0


async def hash_(shell: Shell, argv: Sequence[str]) -> int:
    """mksh: `alias -t`. What is remembered of programs is forgotten with -r."""
    if "-r" in argv[1:]:
        shell.state.hashed.clear()
    return 0
