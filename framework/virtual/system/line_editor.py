"""What a terminal does with keys before a program gets them: echo, line editing, signals (Linux n_tty, termios(3))."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field

END_OF_INPUT = b""
"""What a program reads for Ctrl+D at the beginning of a line."""

_EOF, _KILL_LINE, _ERASE = 0x04, 0x15, (0x08, 0x7F)
SIGNALS = {0x03: signal.SIGINT, 0x1C: signal.SIGQUIT, 0x1A: signal.SIGTSTP}
_MAX_LINE = 4095
"""Characters of an unfinished line; further ones only ring the bell."""


@dataclass(slots=True)
class Modes:
    """What stty(1) calls them: `echo`, `icanon` (input comes by lines), `isig`, `icrnl` and `onlcr` (line ends)."""

    echo: bool = True
    icanon: bool = True
    isig: bool = True
    icrnl: bool = True
    onlcr: bool = True


@dataclass(slots=True)
class Pressed:
    """What some keys did: what is shown, what a program may read (`END_OF_INPUT` among it), which signals it gets."""

    shown: list[str] = field(default_factory=list)
    read: list[bytes] = field(default_factory=list)
    signals: list[int] = field(default_factory=list)


class LineEditor:
    """Keys in, `Pressed` out. Text stands for bytes (surrogateescape)."""

    def __init__(self, modes: Modes) -> None:
        self._modes = modes
        self._line = ""

    def press(self, keys: str) -> Pressed:
        pressed = Pressed()
        for key in keys:
            self._press(key, pressed)
        return pressed

    def _press(self, key: str, pressed: Pressed) -> None:
        code, modes = ord(key), self._modes
        if modes.isig and code in SIGNALS:
            self._line = ""
            pressed.signals.append(SIGNALS[code])
            self._show(f"^{chr(code ^ 0x40)}", pressed)
            return
        if key == "\r" and modes.icrnl:
            key, code = "\n", 0x0A
        if modes.icanon:
            self._edit(key, code, pressed)
            return
        pressed.read.append(_bytes(key))
        self._show("\r\n" if key == "\n" else key, pressed)

    def _edit(self, key: str, code: int, pressed: Pressed) -> None:
        if key == "\n":
            pressed.read.append(_bytes(self._take() + "\n"))
            self._show("\r\n", pressed)
        elif code == _EOF:
            pressed.read.append(_bytes(self._take()) or END_OF_INPUT)
        elif code == _KILL_LINE:
            self._show("\b \b" * len(self._take()), pressed)
        elif code in _ERASE:
            erased, self._line = self._line[-1:], self._line[:-1]
            self._show("\b \b" * len(erased), pressed)
        elif len(self._line) >= _MAX_LINE:
            pressed.shown.append("\a")
        else:
            self._line += key
            self._show(key if code >= 0x20 or key == "\t" else f"^{chr(code ^ 0x40)}", pressed)

    def _show(self, text: str, pressed: Pressed) -> None:
        if self._modes.echo:
            pressed.shown.append(text)

    def _take(self) -> str:
        line, self._line = self._line, ""
        return line


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
