"""printf: formatted output, the format used again while arguments are left."""

from __future__ import annotations

import re

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.escapes import decode

FIELD = re.compile(r"%(?:%|(?P<flags>[-+ #0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?(?P<kind>[a-zA-Z]))")
BASES = {"o": "o", "x": "x", "X": "X"}


async def run(ctx: Context) -> int:
    words = [word for word in ctx.argv[1:2] if word != "--"] + list(ctx.argv[2:])
    if not words:
        raise CommandFault('Needs 1 argument (see "printf --help")')
    output = _Output(words[0], words[1:])
    text = output.run()
    await ctx.out(text)
    for message in output.complaints:
        await ctx.fail(message)
    return int(bool(output.complaints))


class _Output:
    def __init__(self, form: str, arguments: list[str]) -> None:
        self.complaints: list[str] = []
        self._form = form
        self._arguments = arguments
        self._stopped = False

    def run(self) -> str:
        made = ""
        while True:
            before = len(self._arguments)
            made += self._once()
            if self._stopped or not self._arguments or len(self._arguments) == before:
                return made

    def _once(self) -> str:
        made, at = "", 0
        for found in FIELD.finditer(self._form):
            made += decode(self._form[at : found.start()])
            made += "%" if found["kind"] is None else self._field(found)
            at = found.end()
            if self._stopped:
                return made
        return made + decode(self._form[at:])

    def _next(self) -> str:
        return self._arguments.pop(0) if self._arguments else ""

    def _field(self, found: re.Match[str]) -> str:
        width = str(self._integer(self._next())) if found["width"] == "*" else found["width"] or ""
        precision = found["precision"]
        precision = str(self._integer(self._next())) if precision == "*" else precision
        form = found["flags"] + width + ("" if precision is None else f".{precision}")
        return self._convert(form, found["kind"], self._next())

    def _convert(self, form: str, kind: str, argument: str) -> str:
        if kind in "sb":
            return f"%{form}s" % (self._escaped(argument) if kind == "b" else argument)
        if kind == "c":
            return f"%{form}s" % (argument[:1] or "\0")
        if kind in "diuoxX":
            number = self._integer(argument)
            if kind not in "di" and number < 0:
                number += 1 << 64
            return f"%{form}{'d' if kind in 'iu' else kind}" % number
        if kind in "eEfFgG":
            return f"%{form}{kind}" % self._float(argument)
        self.complaints.append(f"bad %{kind}")
        self._stopped = True
        return ""

    def _escaped(self, text: str) -> str:
        head, cut, _ = text.partition("\\c")
        self._stopped = bool(cut)
        return decode(head, zero_octal=True)

    def _integer(self, text: str) -> int:
        if text[:1] in ("'", '"'):
            return ord(text[1:2] or "\0")
        try:
            if re.fullmatch(r"\s*[-+]?0[0-7]+", text):
                return int(text, 8)
            return int(text or "0", 0)
        except ValueError:
            self.complaints.append(f"bad number '{text}'")
            return 0

    def _float(self, text: str) -> float:
        try:
            return float(text or "0")
        except ValueError:
            self.complaints.append(f"bad number '{text}'")
            return 0.0
