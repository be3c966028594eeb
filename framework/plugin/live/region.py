"""The last lines of a terminal, which change, below those that scroll: whole lines of others are written above them.

What others have not ended with a line break yet is shown as the first line of the region, until they have. Each frame
is one write, so that it does not flicker; the cursor stays visible, so that kill -9 leaves the terminal as it was.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from rich.console import Console, ConsoleDimensions, Group, RenderableType
from rich.live import Live
from rich.segment import Segment
from rich.text import Text

Picture = Callable[[int, int], RenderableType]
"""(columns, lines) → what is to be seen in at most so much room."""

AT_ONCE_S = 0.1
"""Whole lines are shown at once where the last frame is older; else with the next one."""

LEFT_LINES, LEAST_LINES = 6, 2
"""Of the terminal, left for what scrolls; the region has at least the second."""


class Region:
    """Open from `open` to `close`; `send` and `refresh` may be called from any thread."""

    def __init__(self, file: TextIO, picture: Picture) -> None:
        self._file, self._picture = file, picture
        self._lock = threading.RLock()
        self._console = Console(file=file, force_terminal=True, highlight=False)
        self._whole, self._pending = "", ""
        self._painted_at = 0.0

    def open(self) -> None:
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )
        with self._lock:
            self._resize()
            self._live.start()
            self._console.show_cursor(True)
            self._paint()

    def send(self, text: str) -> None:
        """Many lines in a row are shown with the next frame. Not broken off by an interrupt: see `interrupt.WHOLE`."""
        with self._lock:
            whole, end, self._pending = (self._pending + text).rpartition("\n")
            self._whole += whole + end
            if self._whole and time.monotonic() - self._painted_at > AT_ONCE_S:
                self._paint()

    def refresh(self) -> None:
        with self._lock:
            self._resize()
            self._paint()

    def close(self) -> None:
        """The region is gone, and what was pending stands where it would stand without it."""
        with self._lock:
            self._live.update(Text(""))
            self._live.stop()
            self._file.write(self._whole + self._pending)
            self._file.flush()
            self._whole, self._pending = "", ""

    def _paint(self) -> None:
        """Whole lines go above the region in the same write that draws it anew."""
        with self._console:
            if self._whole:
                self._console.print(_Raw(self._whole), end="", soft_wrap=True, crop=False)
            self._live.update(self._frame(), refresh=True)
        self._whole, self._painted_at = "", time.monotonic()

    def _frame(self) -> RenderableType:
        columns, lines = self._console.size
        pending = self._pending.rpartition("\r")[2]
        room = max(lines - LEFT_LINES - bool(pending), LEAST_LINES)
        picture = self._picture(columns, room)
        return Group(Text.from_ansi(pending, no_wrap=True, overflow="crop"), picture) if pending else picture

    def _resize(self) -> None:
        """Asked of the terminal itself: pytest may have turned the standard streams elsewhere."""
        try:
            size = os.get_terminal_size(self._file.fileno())
        except (OSError, ValueError):
            return
        if size.columns and size.lines:
            self._console.size = ConsoleDimensions(size.columns, size.lines)


class _Raw:
    """Text that is written as it is, colours included."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: object, options: object) -> Iterator[Segment]:
        yield Segment(self._text)


class Above:
    """Stands for a text file whose writes go above a region; asked for anything else, it is that file."""

    def __init__(self, region: Region, file: TextIO) -> None:
        self._region, self._its_file = region, file

    def write(self, text: str) -> int:
        self._region.send(text)
        return len(text)

    def flush(self) -> None:
        """Each whole line is shown at once."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._its_file, name)
