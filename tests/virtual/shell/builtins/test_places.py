"""cd, pwd and umask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("cd /; pwd; cd -; echo $PWD $OLDPWD", "/\n/data/local/tmp\n/data/local/tmp /\n"),
        ("mkdir -p a/b; cd a/b; cd ../..; pwd; cd a/./b//; pwd", "/data/local/tmp\n/data/local/tmp/a/b\n"),
        ("cd /sdcard; pwd; pwd -P; cd -P .; pwd", "/sdcard\n/storage/emulated/0\n/storage/emulated/0\n"),
        ("cd; pwd; HOME=/data/local/tmp; cd; pwd", "/\n/data/local/tmp\n"),
        ("cd /data/data/x 2>/dev/null; echo $?; touch f; cd f 2>/dev/null; echo $?; pwd", "2\n2\n/data/local/tmp\n"),
        ("umask 027; umask; umask x 2>/dev/null; echo $?", "027\n1\n"),
    ],
)
def test_places(sh: RunScript, script: str, expected: str) -> None:
    """Logical paths, `-`, HOME; where one may not go the shell stays."""
    assert sh(script).out == expected
