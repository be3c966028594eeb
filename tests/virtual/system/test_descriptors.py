"""Open file descriptions and who closes them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framework.virtual.system.descriptors import Descriptor, of_file, pipe_ends

if TYPE_CHECKING:
    from framework.virtual.system.files import FileSystem

PATH = "/data/local/tmp/f"


def test_the_last_reference_closes(files: FileSystem) -> None:
    """A shared descriptor stays open until each of its holders has closed it."""
    file = files.open(PATH, "w")
    first = of_file(file, writable=True)
    second = first.share()
    first.close()
    asyncio.run(second.write(b"still open"))
    assert not file.closed
    second.close()
    assert file.closed
    assert files.read(PATH) == b"still open"


def test_a_direction_that_is_missing_is_a_bad_descriptor() -> None:
    """Reading what can only be written, and the other way round, is EBADF."""
    reading, writing = pipe_ends()
    for attempt in (reading.write(b"x"), writing.read(), writing.readline(), Descriptor().read()):
        with pytest.raises(OSError, match="Bad file descriptor"):
            asyncio.run(attempt)  # type: ignore[arg-type]


def test_pipes_end_with_their_last_writer_and_break_with_their_reader() -> None:
    """EOF comes when every copy of the writing end is closed."""

    async def story() -> list[bytes]:
        reading, writing = pipe_ends()
        copy = writing.share()
        await writing.write(b"1\n")
        writing.close()
        await copy.write(b"2\n")
        copy.close()
        got = [await reading.readline(), await reading.readline(), await reading.readline()]
        reading, writing = pipe_ends()
        reading.close()
        with pytest.raises(BrokenPipeError):
            await writing.write(b"x")
        return got

    assert asyncio.run(story()) == [b"1\n", b"2\n", b""]


def test_readers_of_one_description_share_its_place(files: FileSystem) -> None:
    """What one holder read, the other does not see again."""
    files.write(PATH, b"one\ntwo\nthree\n")
    first = of_file(files.open(PATH))
    second = first.share()

    async def story() -> list[bytes]:
        return [await first.readline(), await second.readline(), await first.read()]

    assert asyncio.run(story()) == [b"one\n", b"two\n", b"three\n"]
