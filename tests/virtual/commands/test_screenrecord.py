"""screenrecord on a handset without an encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

FILM = "/data/local/tmp/film.mp4"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ((), 2, "Must specify output file (see --help).\n"),
        (("--time-limit", "181", FILM), 2, "Time limit 181s outside acceptable range [1,180]\n"),
        (("--time-limit=x", FILM), 2, "Time limit 0s outside acceptable range [1,180]\n"),
        (("--loud", FILM), 2, "screenrecord: unrecognized option `--loud'\n"),
        (("--bit-rate", "4M", "/system/film.mp4"), 1, "Unable to open '/system/film.mp4': Read-only file system\n"),
        (("--bit-rate", "2000000", "--rotate", FILM), 0, "ERROR: unable to create video/avc codec instance\n"),
    ],
)
def test_it_says_what_is_wrong_as_aosp_does(on_bench: OnBench, words: tuple[str, ...], status: int, told: str) -> None:
    """The file is made before the encoder is missed, and stays empty; the exit status hides it."""

    async def script(bench: Bench) -> tuple[int, str, bytes | None]:
        done = await bench.run("screenrecord", *words)
        files = bench.device.files
        return done.status, done.err, files.read(FILM) if files.exists(FILM) else None

    assert on_bench(script) == (status, told, b"" if status == 0 else None)
