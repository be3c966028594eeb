"""What a terminal does between a person and a program: echo, line editing, line ends (termios(3), cooked mode).

`adb shell` at a terminal sends every key as it is pressed and shows only what comes back. This is no PTY: there
are no signals and no window size.
"""

from __future__ import annotations

import codecs

from framework.virtual.adb.programs import Program, beside, feed
from framework.virtual.system.pipes import Pipe, Reader, Writer

_END_OF_INPUT, _KILL_LINE, _INTERRUPT = 0x04, 0x15, 0x03
_ERASE = (0x08, 0x7F)
_MAX_LINE = 4095
"""Characters of an unfinished line; further ones only ring the bell, as in Linux's n_tty."""


def on_terminal(program: Program) -> Program:
    """`program` at a terminal: its two outputs are one, and its input comes line by line."""

    async def run(keys: Reader, screen: Writer, _: Writer) -> int:
        stdin, output = Pipe(), _Screen(screen)
        async with beside(_edit(keys, stdin, screen)):
            return await program(stdin, output, output)

    return run


class _Screen:
    """Output with carriage returns (ONLCR)."""

    def __init__(self, screen: Writer) -> None:
        self._screen = screen

    async def write(self, data: bytes, /) -> None:
        await self._screen.write(data.replace(b"\n", b"\r\n"))


async def _edit(keys: Reader, stdin: Pipe, screen: Writer) -> None:
    editor, decoder = LineEditor(), codecs.getincrementaldecoder("utf-8")("replace")
    while not editor.ended and (data := await keys.read()):
        echo, lines = editor.press(decoder.decode(data))
        await screen.write(echo.encode())
        await feed(stdin, lines.encode())
    stdin.close_write()


class LineEditor:
    """Keys in; what to show and what the program gets out."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the person pressed Ctrl+D on an empty line."""
        self._line = ""

    def press(self, keys: str) -> tuple[str, str]:
        """(echo, finished lines) of some keys; what follows Ctrl+D is dropped."""
        echo, lines = [], []
        for key in keys:
            if self.ended:
                break
            shown, finished = self._press(key)
            echo.append(shown)
            lines.append(finished)
        return "".join(echo), "".join(lines)

    def _press(self, key: str) -> tuple[str, str]:
        code = ord(key)
        if key in "\r\n":
            return "\r\n", self._take() + "\n"
        if code == _END_OF_INPUT:
            self.ended = not self._line
            return "", self._take()
        if code == _INTERRUPT:
            self._take()
            return "^C\r\n", "\n"
        if code == _KILL_LINE:
            return "\b \b" * len(self._take()), ""
        if code in _ERASE:
            erased, self._line = self._line[-1:], self._line[:-1]
            return "\b \b" * len(erased), ""
        if len(self._line) >= _MAX_LINE:
            return "\a", ""
        self._line += key
        return (key if code >= 0x20 or key == "\t" else f"^{chr(code ^ 0x40)}"), ""

    def _take(self) -> str:
        line, self._line = self._line, ""
        return line
