"""Arithmetic as mksh does it: 32-bit, signed, wrapping around."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Protocol, TypeAlias

TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+#\w+|[0-9]\w*)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator><<=|>>=|&&|\|\||<<|>>|[<>=!]=|\+\+|--|[-+*/%&|^]=|[-+*/%&|^!~<>=?:,()]))",
    re.ASCII,
)
MAX_DEPTH = 20
"""How deep variables may refer to expressions with further variables."""

Operation: TypeAlias = Callable[[int, int], int]

LEVELS: tuple[dict[str, Operation], ...] = (
    {"||": lambda a, b: int(bool(a) or bool(b))},
    {"&&": lambda a, b: int(bool(a) and bool(b))},
    {"|": lambda a, b: a | b},
    {"^": lambda a, b: a ^ b},
    {"&": lambda a, b: a & b},
    {"==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b)},
    {
        "<=": lambda a, b: int(a <= b),
        ">=": lambda a, b: int(a >= b),
        "<": lambda a, b: int(a < b),
        ">": lambda a, b: int(a > b),
    },
    {"<<": lambda a, b: a << (b & 31), ">>": lambda a, b: a >> (b & 31)},
    {"+": lambda a, b: a + b, "-": lambda a, b: a - b},
    {"*": lambda a, b: a * b, "/": lambda a, b: _divide(a, b), "%": lambda a, b: a - b * _divide(a, b)},
)
"""Binary operators by precedence, the weakest first."""

BINARY = {text: (level, operation) for level, group in enumerate(LEVELS) for text, operation in group.items()}
ASSIGNING = {f"{text}=": BINARY[text][1] for text in ("|", "^", "&", "<<", ">>", "+", "-", "*", "/", "%")}


REMEMBERED = 512
"""Expressions whose tokens are kept: a loop evaluates the same ones again and again."""


class ArithmeticFault(Exception):
    """The expression is wrong; the message is mksh's, without the expression before it."""


class Names(Protocol):
    """Where names in an expression get their values from."""

    def get(self, name: str, /) -> str | None: ...

    def set(self, name: str, value: str, /) -> None: ...


def evaluate(expression: str, names: Names, *, depth: int = 0) -> int:
    """The value. Raises ArithmeticFault."""
    try:
        if depth > MAX_DEPTH:
            raise ArithmeticFault("expression recurses")
        return _Evaluation(expression, names, depth).run()
    except RecursionError:
        raise ArithmeticFault(f"{expression}: nested too deeply") from None
    except ArithmeticFault as fault:
        raise fault if depth else ArithmeticFault(f"{expression}: {fault}") from None


def wrap(value: int) -> int:
    """Into 32 bits, signed."""
    return (value + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def number(text: str) -> int:
    """`10`, `0x1f` or `base#digits`. Raises ArithmeticFault."""
    base, hash_mark, digits = text.partition("#")
    try:
        if hash_mark:
            return wrap(int(digits, int(base)))
        if text[:2] in ("0x", "0X"):
            return wrap(int(text, 16))
        return wrap(int(text))
    except ValueError:
        raise ArithmeticFault(f"bad number '{text}'") from None


def _divide(a: int, b: int) -> int:
    if b == 0:
        raise ArithmeticFault("zero divisor")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


@lru_cache(REMEMBERED)
def _split(expression: str) -> tuple[str, ...]:
    tokens: list[str] = []
    position, end = 0, len(expression.rstrip())
    while position < end:
        found = TOKEN.match(expression, position)
        if found is None:
            raise ArithmeticFault(f"unexpected '{expression[position:].lstrip()[0]}'")
        tokens.append(found[found.lastgroup or 0])
        position = found.end()
    return tuple(tokens)


class _Evaluation:
    """Evaluates while it parses; `_skip` is above 0 where nothing may happen (the branch not taken)."""

    def __init__(self, expression: str, names: Names, depth: int) -> None:
        self._names = names
        self._depth = depth
        self._skip = 0
        self._tokens = _split(expression)
        self._next = 0

    def run(self) -> int:
        if not self._tokens:
            return 0
        value = self._comma()
        if self._next < len(self._tokens):
            raise ArithmeticFault(f"unexpected '{self._tokens[self._next]}'")
        return value

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self, *texts: str) -> str:
        if (token := self._peek()) and token in texts:
            self._next += 1
            return token
        return ""

    def _comma(self) -> int:
        value = self._assignment()
        while self._take(","):
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        name = self._peek()
        following = self._tokens[self._next + 1] if self._next + 1 < len(self._tokens) else ""
        if not _is_name(name) or (following != "=" and following not in ASSIGNING):
            return self._not_assignable(self._ternary())
        self._next += 2
        before = 0 if following == "=" else self._value_of(name)
        value = self._assignment()
        if following != "=":
            value = self._apply(ASSIGNING[following], before, value)
        return self._assign(name, value)

    def _not_assignable(self, value: int) -> int:
        """To assign to what is no name is a fault, unless it is not evaluated."""
        while (operator := self._peek()) == "=" or operator in ASSIGNING:
            if not self._skip:
                raise ArithmeticFault(f"{operator} requires lvalue")
            self._next += 1
            value = self._assignment()
        return value

    def _ternary(self) -> int:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        yes = self._when(bool(condition), self._comma)
        if not self._take(":"):
            raise ArithmeticFault("missing ':'")
        no = self._when(not condition, self._assignment)
        return yes if condition else no

    def _binary(self, weakest: int) -> int:
        """Operators of at least this precedence; the right side of && and || only counts if the left leaves it open."""
        value = self._unary()
        while (operator := self._peek()) in BINARY and BINARY[operator][0] >= weakest:
            level, operation = BINARY[operator]
            self._next += 1
            decided = (operator == "&&" and not value) or (operator == "||" and bool(value))
            value = self._apply(operation, value, self._when(not decided, partial(self._binary, level + 1)))
        return value

    def _unary(self) -> int:
        operator = self._take("++", "--", "+", "-", "!", "~")
        if operator in ("++", "--"):
            name = self._peek()
            if not _is_name(name):
                raise ArithmeticFault(f"{operator} requires lvalue")
            self._next += 1
            return self._assign(name, self._value_of(name) + (1 if operator == "++" else -1))
        if operator:
            value = self._unary()
            return wrap({"+": value, "-": -value, "!": int(not value), "~": ~value}[operator])
        return self._primary()

    def _primary(self) -> int:
        token = self._peek()
        self._next += 1
        if token.startswith("("):
            value = self._comma()
            if not self._take(")"):
                raise ArithmeticFault("missing )")
            return value
        if _is_name(token):
            value = self._value_of(token)
            if step := self._take("++", "--"):
                self._assign(token, value + (1 if step == "++" else -1))
            return value
        if token[:1].isdigit():
            return number(token)
        raise ArithmeticFault(f"unexpected '{token or 'end of expression'}'")

    def _value_of(self, name: str) -> int:
        if self._skip:
            return 0
        text = (self._names.get(name) or "").strip()
        return evaluate(text, self._names, depth=self._depth + 1) if text else 0

    def _assign(self, name: str, value: int) -> int:
        value = wrap(value)
        if not self._skip:
            self._names.set(name, str(value))
        return value

    def _apply(self, operation: Callable[[int, int], int], left: int, right: int) -> int:
        return 0 if self._skip else wrap(operation(left, right))

    def _when(self, taken: bool, rule: Callable[[], int]) -> int:
        """Evaluate a part, without effects if it is not `taken`."""
        self._skip += not taken
        value = rule()
        self._skip -= not taken
        return value


def _is_name(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"
