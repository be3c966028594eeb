"""`cmd media_session volume`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import RunScript


def test_the_volume_of_music(sh: RunScript) -> None:
    """Shown, set within its range, raised and lowered; other streams are not there."""
    volume = "cmd media_session volume --stream 3"
    script = f"""{volume} --set 4 --get; {volume} --adj raise; settings get system volume_music
{volume} --set 99; echo $?
cmd media_session volume --stream 1 --get; echo $?"""
    assert sh(script).out.splitlines() == [
        "[V] will set volume to index=4",
        "[V] will get volume",
        "[V] volume is 4 in range [0..15]",
        "5",
        "[V] will set volume to index=99",
        "[E] invalid volume index 99",
        "255",
        "255",
    ]
