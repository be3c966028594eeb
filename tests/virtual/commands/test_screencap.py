"""screencap."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def picture(on_bench: OnBench, *words: str, path: str | None = None) -> bytes:
    """What `screencap` prints, or writes to `path`."""

    async def script(bench: Bench) -> bytes:
        result = await bench.run("screencap", *words)
        assert result.status == 0
        return result.data if path is None else bench.device.files.read(path)

    return bytes(on_bench(script, "xiaomi-mix-fold-3"))


def test_png_on_stdout(on_bench: OnBench) -> None:
    """-p: a picture of the lit panel's size."""
    from PIL import Image

    with Image.open(io.BytesIO(picture(on_bench, "-p"))) as image:
        assert (image.format, image.size) == ("PNG", (1916, 2160))


def test_png_by_the_files_name(on_bench: OnBench) -> None:
    """A path that ends in .png needs no -p."""
    data = picture(on_bench, "/sdcard/x.png", path="/sdcard/x.png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")


def test_raw_pixels(on_bench: OnBench) -> None:
    """Width, height, format, colour space, then four bytes a pixel: the same picture."""
    from PIL import Image

    raw = picture(on_bench)
    assert struct.unpack("<IIII", raw[:16]) == (1916, 2160, 1, 1)
    assert len(raw) == 16 + 1916 * 2160 * 4
    with Image.open(io.BytesIO(picture(on_bench, "-p"))) as image:
        assert raw[16:20] == bytes(image.convert("RGBA").getpixel((0, 0)))  # type: ignore[arg-type]


def test_where_it_may_not_write(on_bench: OnBench) -> None:
    """Said on stderr."""

    async def script(bench: Bench) -> tuple[int, str]:
        result = await bench.run("screencap", "-p", "/system/x.png")
        return result.status, result.err

    assert on_bench(script) == (1, "Error opening file: /system/x.png (Read-only file system)\n")
