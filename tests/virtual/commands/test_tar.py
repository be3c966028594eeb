"""tar where toybox itself needs gzip, and archives that want out."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import RunScript


def test_compressed(sh: RunScript) -> None:
    """z writes what gzip reads; what is compressed is read without it; the long list."""
    script = """mkdir d; echo one >d/a; tar czf t.tgz d; tar tf t.tgz; gunzip -c t.tgz | tar t
rm -r d; tar xzf t.tgz; cat d/a
tar tvf t.tgz | cut -c1-22"""
    assert sh(script).out.splitlines() == [
        "d/",
        "d/a",
        "d/",
        "d/a",
        "one",
        "drwxrwxrwx shell/shell",
        "-rw-rw-rw- shell/shell",
    ]


def test_python_reads_it(sh: RunScript) -> None:
    """Owners, names and content."""
    with tarfile.open(fileobj=io.BytesIO(sh("echo hi >f; tar c f").data)) as archive:
        (member,) = archive.getmembers()
        assert (member.name, member.uname, member.size) == ("f", "shell", 3)


def test_nothing_leaves_the_directory(sh: RunScript) -> None:
    """A name with .. is refused, one that begins at the root is taken below the directory."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name in ("../out", "/abs", "in"):
            info = tarfile.TarInfo(name)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    result = sh("mkdir w; cd w; tar x; echo $?; ls; ls ..", stdin=written.getvalue())
    assert result.out.splitlines() == ["1", "abs", "in", "w"]
