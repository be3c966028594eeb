"""A pseudo-terminal of the handset (pty(7)): somebody's keyboard and screen, as programs see them."""

from __future__ import annotations

import asyncio
import codecs
import errno
import os
import signal
from collections import deque
from collections.abc import Callable

from framework.virtual.system.line_editor import END_OF_INPUT, LineEditor, Modes
from framework.virtual.system.pipes import CAPACITY, Writer


class Terminal:
    """A Reader and Writer for the programs at it; `press`, `resize` and `hang_up` are for whoever sits before it.

    Unlike a pipe, it has input again after its end was read: Ctrl+D ends what one program reads.
    """

    def __init__(self, screen: Writer, rows: int = 0, columns: int = 0) -> None:
        self.modes = Modes()
        self.rows, self.columns = rows, columns
        self.pixels = (0, 0)
        """Width and height."""

        self.on_signal: Callable[[int], None] = lambda number: None
        """What a signal does to the programs in the foreground."""

        self._screen = screen
        self._editor = LineEditor(self.modes)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._input: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._gone = False

    # -- for programs ------------------------------------------------------------------------------------------

    async def read(self, n: int = CAPACITY, /) -> bytes:
        """What was typed, at most a line; `b""` for Ctrl+D, and once nobody sits there any more."""
        await self._until(lambda: bool(self._input))
        return self._take(n)

    async def readline(self) -> bytes:
        await self._until(self._has_line)
        line = b""
        while self._input and not line.endswith(b"\n"):
            if self._input[0] == END_OF_INPUT and line:
                break
            piece = self._take(CAPACITY)
            line += piece
            if not piece:
                break
        return line

    async def write(self, data: bytes, /) -> None:
        """Show it. OSError with EIO once nobody sits there."""
        if self._gone:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        await self._screen.write(data.replace(b"\n", b"\r\n") if self.modes.onlcr else data)

    # -- for whoever sits before it ----------------------------------------------------------------------------

    async def press(self, keys: bytes) -> None:
        """Keys; waits while programs are far behind with reading. Signals pass by what was typed before them."""
        pressed = self._editor.press(self._decoder.decode(keys))
        if pressed.shown:
            await self._screen.write("".join(pressed.shown).encode(errors="surrogateescape"))
        for number in pressed.signals:
            self._input.clear()
            self.on_signal(number)
        self._input.extend(pressed.read)
        self._changed.set()
        await self._until(lambda: sum(map(len, self._input)) < CAPACITY)

    def resize(self, rows: int, columns: int, pixels: tuple[int, int] = (0, 0)) -> None:
        """The window has another size: SIGWINCH."""
        changed = (rows, columns, pixels) != (self.rows, self.columns, self.pixels)
        self.rows, self.columns, self.pixels = rows, columns, pixels
        if changed:
            self.on_signal(signal.SIGWINCH)

    def hang_up(self) -> None:
        """Nobody sits there any more: what was typed can be read, then the input has ended."""
        self._gone = True
        self._changed.set()

    def _has_line(self) -> bool:
        return any(piece == END_OF_INPUT or piece.endswith(b"\n") for piece in self._input)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self._gone:
            self._changed.clear()
            await self._changed.wait()

    def _take(self, n: int) -> bytes:
        if not self._input:
            return b""
        piece = self._input.popleft()
        if len(piece) > n:
            self._input.appendleft(piece[n:])
        self._changed.set()
        return piece[:n]
