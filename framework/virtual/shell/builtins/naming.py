"""Built-ins that deal with variables and their attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.quoting import quoted
from framework.virtual.shell.variables import ShellFault

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:(\+?)=(.*))?", re.ASCII | re.DOTALL)
FLAGS = {"x": "exported", "r": "readonly", "i": "integer", "u": "upper", "l": "lower"}


async def export(shell: Shell, argv: Sequence[str]) -> int:
    """export and readonly."""
    attribute = "exported" if argv[0] == "export" else "readonly"
    operands = [word for word in argv[1:] if word not in ("-p", "--")]
    if not operands:
        await _print_marked(shell, argv[0], attribute)
    for operand in operands:
        name = _declare(shell, argv[0], operand)
        shell.state.variables.mark(name, **{attribute: True})
    return 0


async def typeset(shell: Shell, argv: Sequence[str]) -> int:
    """typeset, local and declare: variables of their own inside a function."""
    attributes: dict[str, bool] = {}
    operands = list(argv[1:])
    while operands and operands[0][:1] in ("-", "+") and len(operands[0]) > 1:
        word = operands.pop(0)
        attributes |= {FLAGS[letter]: word[0] == "-" for letter in word[1:] if letter in FLAGS}
        attributes |= {"lower": False} if "u" in word else {"upper": False} if "l" in word else {}
    for operand in operands:
        name = operand.partition("=")[0].rstrip("+")
        shell.state.variables.localize(name)
        readonly = attributes.pop("readonly", False)
        shell.state.variables.mark(name, **attributes)
        _declare(shell, argv[0], operand)
        if readonly:
            shell.state.variables.mark(name, readonly=True)
    return 0


async def unset(shell: Shell, argv: Sequence[str]) -> int:
    functions = False
    for word in argv[1:]:
        if word in ("-f", "-v"):
            functions = word == "-f"
        elif functions:
            shell.state.functions.pop(word, None)
        else:
            shell.state.variables.unset(word)
    return 0


async def let(shell: Shell, argv: Sequence[str]) -> int:
    if len(argv) < 2:
        await shell.warn("let: no arguments")
        return 1
    status = 0
    for expression in argv[1:]:
        status = await shell.truth(expression)
    return status


def _declare(shell: Shell, builtin: str, operand: str) -> str:
    """Assign what `name=value` says, if it does; the name."""
    found = ASSIGNMENT.fullmatch(operand)
    if found is None:
        raise ShellFault(f"{builtin}: {operand}: is not an identifier")
    name, append, value = found.groups()
    if value is not None:
        before = (shell.state.variables.get(name) or "") if append else ""
        shell.state.variables.set(name, before + value)
        if name == "PATH":
            shell.state.hashed.clear()
    return name


async def _print_marked(shell: Shell, builtin: str, attribute: str) -> None:
    for name, variable in shell.state.variables.items():
        if getattr(variable, attribute):
            value = "" if variable.value is None else f"={quoted(variable.value)}"
            await shell.out(f"{builtin} {name}{value}\n")
