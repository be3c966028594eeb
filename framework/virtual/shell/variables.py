"""The variables of a shell: values, attributes, and those that are local to a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from framework.virtual.shell.arithmetic import evaluate

FIXED = frozenset({"EPOCHREALTIME"})
"""What mksh computes whatever is assigned to it, also after `unset`."""


class ShellFault(Exception):
    """What ends a script that is not interactive; the message is mksh's, without the shell's name."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Variable:
    """`value` is None for a variable that has attributes only. An `integer` evaluates what it is given."""

    value: str | None = None
    exported: bool = False
    readonly: bool = False
    integer: bool = False
    upper: bool = False
    lower: bool = False

    def written(self, value: str) -> str:
        """In the letters that its attributes ask for."""
        return value.upper() if self.upper else value.lower() if self.lower else value


class Variables:
    """By name. `computed` are those whose value is made when it is read (`RANDOM`, `SECONDS` …)."""

    def __init__(self, env: Mapping[str, str], computed: Mapping[str, Callable[[], str]]) -> None:
        self._variables = {name: Variable(value, exported=True) for name, value in env.items()}
        self._computed = dict(computed)
        self._scopes: list[dict[str, Variable | None]] = []

    def copy(self) -> Variables:
        made = Variables({}, self._computed)
        made._variables = {name: replace(variable) for name, variable in self._variables.items()}
        made._scopes = [dict(scope) for scope in self._scopes]
        return made

    def get(self, name: str, /) -> str | None:
        variable = self._variables.get(name)
        if variable is None:
            compute = self._computed.get(name)
            return compute() if compute else None
        return variable.value

    def set(self, name: str, value: str, /) -> None:
        """Assign. Raises ShellFault for a read-only variable, ArithmeticFault for an integer's expression."""
        variable = self._variables.get(name)
        if variable is None:
            if name not in FIXED:
                self._variables[name] = Variable(value)
            return
        if variable.readonly:
            raise ShellFault(f"read-only: {name}", 2)
        variable.value = str(evaluate(value, self)) if variable.integer else variable.written(value)

    def unset(self, name: str) -> None:
        if (variable := self._variables.get(name)) and variable.readonly:
            raise ShellFault(f"read-only: {name}")
        self._variables.pop(name, None)
        if name not in FIXED:
            self._computed.pop(name, None)

    def mark(self, name: str, **attributes: bool) -> None:
        """Set attributes of a variable, which is made if it is new: those of `Variable`."""
        variable = self._variables.setdefault(name, Variable())
        for attribute, value in attributes.items():
            setattr(variable, attribute, value)
        if variable.value is not None:
            variable.value = variable.written(variable.value)

    def items(self) -> Iterator[tuple[str, Variable]]:
        return iter(sorted(self._variables.items()))

    def exported(self) -> dict[str, str]:
        return {
            name: variable.value
            for name, variable in self._variables.items()
            if variable.exported and variable.value is not None
        }

    # -- functions ---------------------------------------------------------------------------------------------

    @property
    def in_function(self) -> bool:
        return bool(self._scopes)

    def enter(self) -> None:
        """A function begins."""
        self._scopes.append({})

    def leave(self) -> None:
        """It ends: what was local to it is as it was before."""
        for name, variable in self._scopes.pop().items():
            if variable is None:
                self._variables.pop(name, None)
            else:
                self._variables[name] = variable

    def localize(self, name: str) -> None:
        """From here to the end of the function this is a variable of its own."""
        if self._scopes and name not in self._scopes[-1]:
            self._scopes[-1][name] = self._variables.get(name)
            self._variables[name] = Variable()

    def with_temporary(self, values: Mapping[str, str]) -> Mapping[str, Variable | None]:
        """Assign and export for one command (`x=1 command`); give the result to `restore`."""
        before = {name: self._variables.get(name) for name in values}
        for name, value in values.items():
            if (old := before[name]) is not None and old.readonly:
                raise ShellFault(f"read-only: {name}", 2)
            self._variables[name] = Variable(value, exported=True)
        return before

    def restore(self, before: Mapping[str, Variable | None]) -> None:
        for name, variable in before.items():
            if variable is None:
                self._variables.pop(name, None)
            else:
                self._variables[name] = variable
