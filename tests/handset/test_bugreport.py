"""Bugreports over the wire, from a real mksh; what is in them is this test's affair."""

from __future__ import annotations

from typing import Any

import pytest

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset import bugreport
from framework.handset.adbd import AdbdConnection
from framework.handset.files import HandsetFiles
from framework.handset.shell import HandsetShell

PLACE = "/data/user_de/0/com.android.shell/files/bugreports/bugreport-x.zip"
MADE = f"echo BEGIN:{PLACE}\necho PROGRESS:1/2\nsleep 0.01\necho OK:{PLACE}"


def take(phone: Any, connection: AdbdConnection, script: str, **more: Any) -> bytes:
    phone.command("bugreportz", script)
    shell = HandsetShell("phone", connection)
    return bugreport.take("phone", shell, HandsetFiles("phone", connection, shell), **more)


@pytest.fixture
def report(phone: Any) -> bytes:
    path = phone.root / PLACE.lstrip("/")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x03\x04 all that the handset knows")
    content: bytes = path.read_bytes()
    return content


def test_it_is_pulled_when_it_is_made(phone: Any, straight: AdbdConnection, report: bytes) -> None:
    """From where the handset says that it is."""
    assert take(phone, straight, MADE) == report


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo FAIL:bugreport already running", "it makes no bugreport: bugreport already running"),
        ("echo what; exit 3", "`bugreportz` ended and said what"),
        ("echo OK:/data/data/../../etc/passwd", "which is no place for one"),
        ("echo OK:/system/build.prop", "which is no place for one"),
        (MADE.replace("x.zip", "gone.zip"), "gone.zip is not there"),
    ],
)
def test_what_goes_wrong_is_told(phone: Any, straight: AdbdConnection, report: bytes, script: str, told: str) -> None:
    """In the handset's words; and no file is read but a bugreport."""
    with pytest.raises(HandsetError, match=told):
        take(phone, straight, script)


def test_it_is_not_waited_for_forever(phone: Any, straight: AdbdConnection, report: bytes) -> None:
    """A handset that makes one for too long, or too large a one, keeps it."""
    with pytest.raises(DeadlineError, match=r"`bugreportz`: not done within 0\.2 s"):
        take(phone, straight, "echo PROGRESS:1/100\nexec sleep 20", within_s=0.2)
    with pytest.raises(HandsetError, match="more than 0 MB"):
        take(phone, straight, MADE, largest=10)
