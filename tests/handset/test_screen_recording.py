"""Filming the screen, with a real mksh; what is filmed is this test's affair."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from support.waiting import until

from framework.contract.errors import HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.files import HandsetFiles
from framework.handset.screen_recording import ScreenRecording
from framework.handset.shell import HandsetShell

DEADLINE_S = 10.0
FILMS = """
for file; do :; done
trap 'echo "film of $file" >$file; exit 0' HUP
echo "begun" >$STATE/began
n=0; while [ $n -lt 500 ]; do sleep 0.02; n=$((n+1)); done
"""
NO_ENCODER = """
for file; do :; done
: >$file
echo "ERROR: unable to create video/avc codec instance" >&2
echo "said" >$STATE/began
"""


def recording(phone: Any, connection: AdbdConnection, script: str) -> ScreenRecording:
    phone.command("screenrecord", script.replace("$file", '"$file"'))
    shell = HandsetShell("phone", connection)
    return ScreenRecording("phone", shell, HandsetFiles("phone", connection, shell))


def place(phone: Any) -> Any:
    return phone.tmp / "pocketfarm" / "screen"


def await_filming(phone: Any) -> None:
    until(lambda: (phone.root / "began").exists(), "nobody films")


@pytest.fixture
def commands(phone: Any) -> None:
    """Beside those that the phone has."""
    import shutil

    phone.command("touch", f'exec {shutil.which("toybox")} touch "$@"')


@pytest.mark.usefixtures("commands")
def test_a_film_is_whole_and_nothing_stays(phone: Any, straight: AdbdConnection) -> None:
    """`finish` lets the handset write its file to the end, and takes it away."""
    with recording(phone, straight, FILMS) as film:
        await_filming(phone)
        assert [piece.startswith(b"film of ") for piece in film.finish()] == [True]
    assert not place(phone).exists()


@pytest.mark.usefixtures("commands")
def test_a_film_that_nobody_wants_leaves_nothing(phone: Any, straight: AdbdConnection) -> None:
    """The filming ends, and its file goes."""
    film = recording(phone, straight, FILMS)
    await_filming(phone)
    film.close()
    assert not place(phone).exists()
    with pytest.raises(HandsetError, match="not filmed any more"):
        film.finish()


@pytest.mark.usefixtures("commands")
def test_a_film_that_is_over_before_it_begins(phone: Any, straight: AdbdConnection) -> None:
    """Whoever ends it need not wait until it runs; a piece that begins when it is to end already is ended."""
    began = time.monotonic()
    late = FILMS + "touch $STATE/late\n"
    with recording(phone, straight, late) as film, suppress(HandsetError):
        film.finish()  # a film, or the word that there is none: `screenrecord` may not have begun to listen
    assert time.monotonic() - began < DEADLINE_S
    assert not place(phone).exists()
    assert not (phone.root / "late").exists()


@pytest.mark.usefixtures("commands")
def test_a_handset_that_cannot_film_says_why(phone: Any, straight: AdbdConnection) -> None:
    """In its own words, also where it ends as if all were well."""
    with recording(phone, straight, NO_ENCODER) as film:
        await_filming(phone)
        with pytest.raises(HandsetError, match="it does not film its screen: ERROR: unable to create video/avc codec"):
            film.finish()
