"""Redirections: which descriptors a command gets, and giving them back afterwards."""

from __future__ import annotations

import re

from framework.virtual.commands.context import reason, to_bytes
from framework.virtual.shell.expand import Expander
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import HereDocument, Redirect
from framework.virtual.system.descriptors import Descriptor, of_file
from framework.virtual.system.pipes import BytesReader

MODES = {"<": "r", ">": "w", ">|": "w", ">>": "a", "<>": "w+"}
STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
DEV_FD = re.compile(r"(?:/dev|/proc/self)/fd/([0-9]+)")
NEW_FILE = 0o666


class RedirectFault(Exception):
    """A redirection cannot be made; the message is mksh's, without the shell's name."""


class Redirection:
    """What was changed, to be undone: a descriptor of a shell and what it was before."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._before: list[tuple[int, Descriptor | None, bool]] = []

    async def apply(self, expander: Expander, redirects: tuple[Redirect, ...]) -> None:
        """Left to right. Raises RedirectFault with everything as it was."""
        try:
            for redirect in redirects:
                await self._one(expander, redirect)
        except RedirectFault:
            self.undo()
            raise

    def undo(self) -> None:
        fds, private = self._state.fds, self._state.private
        for fd, before, was_private in reversed(self._before):
            if (now := fds.pop(fd, None)) is not None:
                now.close()
            if before is not None:
                fds[fd] = before
            (private.add if was_private else private.discard)(fd)
        self._before.clear()

    def keep(self) -> None:
        """The shell goes on with it; what was there before is closed."""
        for _, before, _ in self._before:
            if before is not None:
                before.close()
        self._before.clear()

    def keep_private(self) -> None:
        """As after `exec 3>file`: descriptors above 2 are not for the programs that the shell runs."""
        self._state.private |= {fd for fd, _, _ in self._before if fd > 2}
        self.keep()

    async def _one(self, expander: Expander, redirect: Redirect) -> None:
        if isinstance(redirect.target, HereDocument):
            text = await expander.text(redirect.target.body)
            self._set(redirect.descriptor, _reading(text))
            return
        target = await expander.text(redirect.target)
        if redirect.operator == "<<<":
            self._set(redirect.descriptor, _reading(f"{target}\n"))
        elif redirect.operator in ("<&", ">&"):
            self._duplicate(redirect.descriptor, redirect.operator, target)
        else:
            self._set(redirect.descriptor, open_path(self._state, target, redirect.operator))

    def _duplicate(self, fd: int, operator: str, target: str) -> None:
        if target == "-":
            self._set(fd, None)
            return
        source = self._state.fds.get(int(target)) if target.isdigit() else None
        if source is None:
            raise RedirectFault(f"{operator}{target}: bad file descriptor")
        self._set(fd, source.share())

    def _set(self, fd: int, descriptor: Descriptor | None) -> None:
        self._before.append((fd, self._state.fds.pop(fd, None), fd in self._state.private))
        self._state.private.discard(fd)
        if descriptor is not None:
            self._state.fds[fd] = descriptor


def open_path(state: State, name: str, operator: str) -> Descriptor:
    """What `operator name` opens. Raises RedirectFault."""
    found = DEV_FD.fullmatch(name)
    if found or name in STANDARD:
        same = state.fds.get(int(found[1]) if found else STANDARD[name])
        if same is None:
            raise RedirectFault(f"can't open {name}: No such file or directory")
        return same.share()
    path = state.files.resolve(state.cwd, name)
    mode = MODES[operator]
    try:
        if operator == ">" and "noclobber" in state.options and state.files.exists(path):
            raise RedirectFault(f"can't create {name}: File exists")
        file = state.files.open(path, mode, perm=NEW_FILE & ~state.umask, uid=state.process.uid)
    except OSError as error:
        verb = "open" if mode == "r" else "create"
        raise RedirectFault(f"can't {verb} {name}: {reason(error)}") from None
    return of_file(file, readable=mode in ("r", "w+"), writable=mode != "r")


def _reading(text: str) -> Descriptor:
    return Descriptor(reader=BytesReader(to_bytes(text)))
