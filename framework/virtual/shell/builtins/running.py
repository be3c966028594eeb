"""Built-ins that run or look up other commands: eval, exec, `.`, command, type."""

from __future__ import annotations

from collections.abc import Sequence

from framework.virtual.commands.context import reason, to_text
from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.control import ReturnFromFunction
from framework.virtual.shell.parser import NOT_AT_START, RULE_WORDS
from framework.virtual.shell.programs import locate
from framework.virtual.shell.state import ShellAbort


async def eval_(shell: Shell, argv: Sequence[str]) -> int:
    return await shell.text(" ".join(argv[1:]))


async def exec_(shell: Shell, argv: Sequence[str]) -> int:
    words = [word for word in argv[1:] if word != "--"]
    return await shell.become(words) if words else 0


async def source(shell: Shell, argv: Sequence[str]) -> int:
    """`.` and source: a file's commands in this shell."""
    if len(argv) < 2:
        await shell.warn(f"{argv[0]}: missing argument")
        return 1
    state = shell.state
    path = state.files.resolve(state.cwd, locate(state, argv[1]) or argv[1])
    try:
        text = to_text(state.files.read(path))
    except OSError as error:
        await shell.warn(f"{argv[0]}: {argv[1]}: {reason(error)}")
        if argv[0] == ".":
            raise ShellAbort(1) from None
        return 1
    before = state.positional
    state.positional = list(argv[2:]) or before
    try:
        return await shell.text(text)
    except ReturnFromFunction as end:
        return end.status
    finally:
        state.positional = before


async def command(shell: Shell, argv: Sequence[str]) -> int:
    """`command name` passes over functions; -v and -V tell what a name is."""
    words = [word for word in argv[1:] if word not in ("-p", "--")]
    if words[:1] in (["-v"], ["-V"]):
        return await _describe(shell, words[1:], verbose=words[0] == "-V")
    return await shell.call(words, functions=False) if words else 0


async def builtin(shell: Shell, argv: Sequence[str]) -> int:
    return await shell.call(argv[1:], functions=False) if len(argv) > 1 else 0


async def type_(shell: Shell, argv: Sequence[str]) -> int:
    """type and `whence -v`; plain whence is like `command -v`."""
    words = [word for word in argv[1:] if word not in ("-v", "-p")]
    return await _describe(shell, words, verbose=argv[0] == "type" or "-v" in argv)


async def _describe(shell: Shell, words: Sequence[str], *, verbose: bool) -> int:
    state = shell.state
    status = 0
    for name in words:
        if name in NOT_AT_START or name in RULE_WORDS:
            text = f"{name} is a reserved word" if verbose else name
        elif name in state.functions:
            text = f"{name} is a function" if verbose else name
        elif shell.is_builtin(name):
            text = f"{name} is a shell builtin" if verbose else name
        elif (path := locate(state, name)) and state.files.exists(state.files.resolve(state.cwd, path)):
            text = f"{name} is {path}" if verbose else path
        else:
            status = 1
            text = f"{name} not found" if verbose else ""
        if text:
            await shell.out(f"{text}\n")
    return status
