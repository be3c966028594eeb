"""Commands made of commands: lists with && and ||, branches and loops."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from framework.virtual.shell.control import BreakLoop, ContinueLoop
from framework.virtual.shell.expand import Expander
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import AndOr, Case, Command, For, If, Not, Script, While, Word


class Shell(Protocol):
    state: State
    expander: Expander
    loops: int

    async def command(self, command: Command) -> int: ...

    async def script(self, script: Script) -> int: ...

    async def unchecked(self, work: Awaitable[int]) -> int: ...

    def set(self, name: str, value: str) -> None: ...


async def and_or(shell: Shell, command: AndOr) -> int:
    status = await shell.unchecked(shell.command(command.left))
    if (status == 0) == command.either:
        return status
    return await shell.command(command.right)


async def negate(shell: Shell, command: Not) -> int:
    return int(await shell.unchecked(shell.command(command.command)) == 0)


async def branch(shell: Shell, command: If) -> int:
    for condition, body in command.branches:
        if await shell.unchecked(shell.script(condition)) == 0:
            return await shell.script(body)
    return 0 if command.otherwise is None else await shell.script(command.otherwise)


async def loop(shell: Shell, command: While) -> int:
    status = 0
    shell.loops += 1
    try:
        while (await shell.unchecked(shell.script(command.condition)) == 0) != command.until:
            status = await _body(shell, command.body)
    except BreakLoop as end:
        end.pass_on()
        status = 0
    finally:
        shell.loops -= 1
    return status


async def loop_over(shell: Shell, command: For) -> int:
    values = list(shell.state.positional)
    if command.words is not None:
        values = [value for word in command.words for value in await shell.expander.fields(word)]
    status = 0
    shell.loops += 1
    try:
        for value in values:
            shell.set(command.name, value)
            status = await _body(shell, command.body)
    except BreakLoop as end:
        end.pass_on()
        status = 0
    finally:
        shell.loops -= 1
    return status


async def choose(shell: Shell, command: Case) -> int:
    """case: the status of the last body that ran, 0 if none did."""
    subject = await shell.expander.text(command.word)
    status = 0
    falls_through = False
    for item in command.items:
        if not falls_through and not await _matches_any(shell, item.patterns, subject):
            continue
        status = await shell.script(item.body) if item.body.commands else 0
        if item.terminator == ";;":
            break
        falls_through = item.terminator == ";&"
    return status


async def _body(shell: Shell, body: Script) -> int:
    try:
        return await shell.script(body)
    except ContinueLoop as end:
        end.pass_on()
        return 0


async def _matches_any(shell: Shell, patterns: Sequence[Word], subject: str) -> bool:
    for word in patterns:
        if word.static is not None:
            if word.static == subject:
                return True
        elif shell.state.patterns.matches(await shell.expander.pattern(word), subject):
            return True
    return False
