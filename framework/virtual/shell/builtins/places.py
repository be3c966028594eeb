"""Built-ins about where the shell is and what it makes: cd, pwd, umask."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Sequence

from framework.virtual.commands.context import reason
from framework.virtual.shell.builtins.port import Shell
from framework.virtual.system.tree import EXECUTE


async def cd(shell: Shell, argv: Sequence[str]) -> int:
    state = shell.state
    operands = [word for word in argv[1:] if word not in ("-L", "-P", "--")]
    target = operands[0] if operands else state.variables.get("HOME") or ""
    if target == "-":
        target = state.variables.get("OLDPWD") or ""
    if not target:
        await shell.warn("cd: no home directory (HOME not set)" if not operands else "cd: OLDPWD not set")
        return 2
    path = posixpath.normpath(posixpath.join(state.cwd, target)).replace("//", "/")
    try:
        if "-P" in argv:
            path = state.files.realpath(path)
        if not stat.S_ISDIR(state.files.stat(path).mode):
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not state.files.access(path, EXECUTE):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        await shell.warn(f"cd: {target}: {reason(error)}")
        return 2
    state.variables.set("OLDPWD", state.cwd)
    state.variables.set("PWD", path)
    state.cwd = path
    if operands == ["-"]:
        await shell.out(f"{path}\n")
    return 0


async def pwd(shell: Shell, argv: Sequence[str]) -> int:
    cwd = shell.state.cwd
    await shell.out(f"{shell.state.files.realpath(cwd) if '-P' in argv else cwd}\n")
    return 0


async def umask(shell: Shell, argv: Sequence[str]) -> int:
    if len(argv) == 1:
        await shell.out(f"{shell.state.umask:03o}\n")
        return 0
    try:
        shell.state.umask = int(argv[1], 8) & 0o777
    except ValueError:
        await shell.warn(f"umask: bad number: {argv[1]}")
        return 1
    return 0
