"""The commands that are part of the shell itself."""

from __future__ import annotations

from collections.abc import Mapping

from framework.virtual.shell.builtins import flow, limits, naming, options, places, processes, running, testing, text
from framework.virtual.shell.builtins.port import Builtin

BUILTINS: Mapping[str, Builtin] = {
    ":": flow.true,
    ".": running.source,
    "[": testing.test,
    "break": flow.leave_loop,
    "builtin": running.builtin,
    "cd": places.cd,
    "command": running.command,
    "continue": flow.leave_loop,
    "declare": naming.typeset,
    "echo": text.echo,
    "eval": running.eval_,
    "exec": running.exec_,
    "exit": flow.exit_,
    "export": naming.export,
    "false": flow.false,
    "getopts": options.getopts,
    "hash": limits.hash_,
    "jobs": processes.list_jobs,
    "kill": processes.kill,
    "let": naming.let,
    "local": naming.typeset,
    "print": text.print_,
    "pwd": places.pwd,
    "read": text.read,
    "readonly": naming.export,
    "return": flow.return_,
    "set": options.set_,
    "shift": flow.shift,
    "source": running.source,
    "test": testing.test,
    "times": limits.times,
    "trap": processes.trap,
    "true": flow.true,
    "type": running.type_,
    "typeset": naming.typeset,
    "ulimit": limits.ulimit,
    "umask": places.umask,
    "unset": naming.unset,
    "wait": processes.wait,
    "whence": running.type_,
}

SPECIAL = frozenset(
    (
        ":",
        ".",
        "break",
        "continue",
        "eval",
        "exec",
        "exit",
        "export",
        "readonly",
        "return",
        "set",
        "shift",
        "trap",
        "unset",
    )
)
"""POSIX's special built-ins: no function hides them, and assignments before them stay."""
