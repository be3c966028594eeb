"""Who uses the farm here."""

from __future__ import annotations

import os
import socket

import pytest

from framework.fleet import person


def test_a_user_on_a_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for all processes of one user on one machine."""
    monkeypatch.setenv("LOGNAME", "jin")
    assert person.me() == f"jin@{socket.gethostname()}"


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user is a number only."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert person.me() == f"uid{os.getuid()}@{socket.gethostname()}"
