"""bugreportz and bugreport: an archive, a text, and what each section is made of."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript


def test_the_archive(on_bench: OnBench) -> None:
    """Its path is the last word; the text has every section, traces of ANRs and tombstones lie beside it."""

    async def story(bench: Bench) -> tuple[str, bytes]:
        bench.device.files.write("/data/tombstones/tombstone_00", b"*** ***\n")
        lines = (await bench.sh("bugreportz -p")).out.splitlines()
        assert lines[0].startswith("BEGIN:/data/user_de/0/com.android.shell/files/bugreports/bugreport-fuxi-")
        assert lines[-2] == "PROGRESS:12/12"
        assert lines[-1] == "OK:" + lines[0].removeprefix("BEGIN:")
        path = lines[-1].removeprefix("OK:")
        with bench.device.files.open(path) as file:
            return (await bench.sh(f"cat {path} | wc -c; rm {path}; ls {path}; echo $?")).out, file.read()

    told, data = on_bench(story)
    size, status = told.split()
    assert (int(size), status) == (len(data), "1")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(archive.read("main_entry.txt").decode()).decode()
        assert archive.read("version.txt") == b"2.0"
        assert archive.read("FS/data/tombstones/tombstone_00") == b"*** ***\n"
    for expected in (
        "------ MEMORY INFO (cat /proc/meminfo) ------\nMemTotal:",
        "DUMP OF SERVICE battery:",
        "[ro.serialno]",
    ):
        assert expected in text
    assert text.endswith("== dumpstate: done (id 1)\n" + "=" * 56 + "\n")


def test_other_ways(sh: RunScript) -> None:
    """The version, the stream, a wrong option, and the text of old."""
    assert sh("bugreportz -v").err == "1.2\n"
    assert sh("bugreportz -s").data[:4] == b"PK\x03\x04"
    assert sh("bugreportz -q").status == 1
    assert sh("bugreport").out.splitlines()[1].startswith("== dumpstate: ")
