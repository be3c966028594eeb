"""Walks a script's commands and does what they say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from framework.virtual.commands.context import ENCODING, ERRORS, unheard
from framework.virtual.shell import calls, compound, conditions, jobs, simple
from framework.virtual.shell.arithmetic import ArithmeticFault
from framework.virtual.shell.builtins import BUILTINS
from framework.virtual.shell.control import ReturnFromFunction
from framework.virtual.shell.expand import Expander
from framework.virtual.shell.parser import parse
from framework.virtual.shell.programs import SIGPIPE_STATUS, spawn, status_if_killed
from framework.virtual.shell.redirect import RedirectFault, Redirection
from framework.virtual.shell.state import ShellAbort, ShellExit, State
from framework.virtual.shell.substitution import capture, read_file
from framework.virtual.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Background,
    Case,
    Command,
    ConditionCommand,
    For,
    Function,
    Group,
    If,
    Not,
    Pipeline,
    Redirected,
    Script,
    Simple,
    Subshell,
    While,
)
from framework.virtual.shell.traps import catch, run_exit_trap, run_pending
from framework.virtual.shell.variables import ShellFault
from framework.virtual.system.descriptors import Descriptor

TURN_COMMANDS = 50
"""After so many commands, which may never have waited for anything, others get their turn."""
STACK_STATUS = 139
"""How mksh ends when its stack does: 128 and the number of SIGSEGV."""


class Interpreter:
    """One shell process at work on its state.

    `loops` are the loops that break could leave. `lone` is the command that a job consists of: its program takes the
    place of the job's process, and what it redirects is closed for good. `substituted` is the status of the last
    substitution, `calls` how many functions are being called.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.expander = Expander(state, partial(capture, self), partial(read_file, self))
        self.loops = 0
        self.lone: Command | None = None
        self.substituted: int | None = None
        self._unchecked = 0
        self._commands = 0
        self.calls = 0
        self._rules: dict[type, Callable[[Any], Awaitable[int]]] = {
            Simple: lambda command: simple.run(self, command),
            Pipeline: lambda command: jobs.run_pipeline(self, command),
            Background: lambda command: jobs.start(self, command.command),
            AndOr: lambda command: compound.and_or(self, command),
            Not: lambda command: compound.negate(self, command),
            If: lambda command: compound.branch(self, command),
            While: lambda command: compound.loop(self, command),
            For: lambda command: compound.loop_over(self, command),
            Case: lambda command: compound.choose(self, command),
            Function: self._define,
            Subshell: lambda command: self.in_subshell(command.body),
            Group: lambda command: self.script(command.body),
            Redirected: self._redirected,
            ConditionCommand: self._test,
            ArithmeticCommand: self._arithmetic,
        }

    # -- output ------------------------------------------------------------------------------------------------

    async def out(self, text: str, fd: int = 1) -> None:
        await (self.state.fds.get(fd) or Descriptor()).write(text.encode(ENCODING, ERRORS))

    async def warn(self, message: str) -> None:
        """Say `name: message` on stderr, if anybody can read it."""
        line = "" if self.state.line is None else f"[{self.state.line}]"
        with unheard():
            await self.out(f"{self.state.name}{line}: {message}\n", 2)

    # -- scripts -----------------------------------------------------------------------------------------------

    async def run(self, script: Script, *, numbered: bool = False) -> int:
        """A whole shell process: the script, then the trap on EXIT, then its descriptors are closed.

        `numbered`: it comes from a file.
        """
        state = self.state
        try:
            status = await self._until_exit(script, numbered=numbered)
            return await run_exit_trap(self, status)
        except BrokenPipeError:
            return SIGPIPE_STATUS
        except RecursionError:
            return STACK_STATUS
        finally:
            state.close_fds()

    async def _until_exit(self, script: Script, *, numbered: bool) -> int:
        try:
            return await (self.file(script) if numbered else self.script(script))
        except (ShellExit, ShellAbort, ReturnFromFunction) as end:
            return end.status

    async def text(self, source: str) -> int:
        """Commands given as text: eval, a trap, a file that is read."""
        return await self.script(parse(source))

    async def script(self, script: Script) -> int:
        for command in script.commands:
            await self.command(command)
        return await self._end_of(script)

    async def file(self, script: Script) -> int:
        """The script of a file: messages tell the line."""
        for command, self.state.line in zip(script.commands, script.lines, strict=False):
            await self.command(command)
        self.state.line = script.lines[-1]
        return await self._end_of(script)

    async def _end_of(self, script: Script) -> int:
        if script.error is not None:
            await self.warn(str(script.error))
            raise ShellAbort(1)
        if not script.commands:
            self.state.status = 0
        return self.state.status

    async def command(self, command: Command) -> int:
        """One command; its status is `$?` then. Raises ShellExit where the shell ends, ShellAbort after an error."""
        state = self.state
        self._commands += 1
        if self._commands % TURN_COMMANDS == 0:
            await asyncio.sleep(0)
        await state.device.freezer.pass_by(state.process.uid)
        try:
            state.status = await self._rules[type(command)](command)
        except ShellFault as fault:
            await self.warn(str(fault))
            raise ShellAbort(fault.status) from None
        if state.pending or state.process.killed_by is not None:
            await run_pending(self)
        if state.status and "errexit" in state.options and self._checks(command):
            raise ShellExit(state.status)
        return state.status

    def _checks(self, command: Command) -> bool:
        """Whether a failure of this command ends a shell with `set -e`."""
        return not self._unchecked and isinstance(
            command, Simple | Pipeline | Subshell | ConditionCommand | ArithmeticCommand
        )

    async def unchecked(self, work: Awaitable[int]) -> int:
        """Run what may fail without ending a shell with `set -e`: conditions."""
        self._unchecked += 1
        try:
            return await work
        finally:
            self._unchecked -= 1

    def set(self, name: str, value: str) -> None:
        """Assign to a variable. Raises ShellFault."""
        self.state.variables.set(name, value)
        if name == "PATH":
            self.state.hashed.clear()
        if "allexport" in self.state.options:
            self.state.variables.mark(name, exported=True)

    async def truth(self, expression: str) -> int:
        """The status of an arithmetic command: 0 for a value other than 0, 2 for a wrong expression."""
        try:
            return int(self.expander.evaluate(expression) == 0)
        except ArithmeticFault as fault:
            await self.warn(str(fault))
            return 2

    def is_builtin(self, name: str) -> bool:
        return name in BUILTINS

    # -- subshells ---------------------------------------------------------------------------------------------

    def fork(self) -> Interpreter:
        """A subshell: a process of its own that runs in this task, unless it is given another."""
        state = self.state
        child = Interpreter(state.fork(spawn(state, state.process.argv, parent=state.process)))
        child.state.process.handler = partial(catch, child.state)
        child._unchecked, child.calls = self._unchecked, self.calls
        return child

    async def in_subshell(self, script: Script) -> int:
        return await self.fork().run_in_parent(script)

    async def run_in_parent(self, script: Script) -> int:
        """Run as a child in the parent's task: its exit status."""
        process = self.state.process
        status = 1
        try:
            status = await self.run(script)
        except asyncio.CancelledError:
            status = status_if_killed(process)
        finally:
            process.finish(status if process.killed_by is None else 128 + process.killed_by)
        return process.exit_status or 0

    # -- command lines -----------------------------------------------------------------------------------------

    async def call(self, argv: Sequence[str], *, functions: bool = True) -> int:
        """Run a command line that a built-in command was given."""
        return await calls.call(self, argv, functions=functions)

    async def become(self, argv: Sequence[str]) -> int:
        """exec: the program takes this process's place; raises ShellExit when it ends."""
        return await calls.become(self, argv)

    # -- compound commands -------------------------------------------------------------------------------------

    async def _redirected(self, command: Redirected) -> int:
        redirection = Redirection(self.state)
        try:
            await redirection.apply(self.expander, command.redirects)
        except RedirectFault as fault:
            return await simple.redirect_failed(self, "", fault)
        if command is self.lone:
            redirection.keep()
            self.lone = command.command
        try:
            return await self.command(command.command)
        finally:
            redirection.undo()

    async def _define(self, command: Function) -> int:
        self.state.functions[command.name] = command.body
        return 0

    async def _test(self, command: ConditionCommand) -> int:
        try:
            return int(not await conditions.holds(command.test, self.expander, self.state))
        except conditions.ConditionFault as fault:
            await self.warn(str(fault))
            return 2

    async def _arithmetic(self, command: ArithmeticCommand) -> int:
        return await self.truth(await self.expander.text(command.expression))
