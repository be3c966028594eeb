"""The states of handsets: how adb says them, and that each has its mend."""

from __future__ import annotations

import pytest

from framework.dumps.adb_devices import STATES
from framework.handset.states import ABSENT, ONLINE, mend_for, state_in, state_of


def test_every_state_has_its_mend() -> None:
    """But for the one in which nothing is wrong, and the one that says nothing."""
    assert [state for state in STATES if not mend_for(state)] == [ONLINE, "unknown"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("device", "device"),
        (
            "no permissions (missing udev rules? user is in the plugdev group); see [http://d.android.com]",
            "no permissions",
        ),
        ("no permissions; see [http://d.android.com]", "no permissions"),
        ("recovery", "recovery"),
        ("quarantined", "quarantined"),
    ],
)
def test_what_a_server_lists(said: str, state: str) -> None:
    """The state without its reason; one of a later adb as it is."""
    assert state_of(said) == state


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("device unauthorized.", "unauthorized"),
        ("unauthorized", "unauthorized"),
        ("device still authorizing", "authorizing"),
        ("device offline", "offline"),
        ("offline: its adbd takes connections and says nothing within 3 s", "offline"),
        ("the adb server says that it is in state recovery", "recovery"),
        ("it is in the state 'sideload'", "sideload"),
        ("insufficient permissions for device: user in plugdev group; are your udev rules wrong?", "no permissions"),
        ("failed to authenticate to 10.0.0.7:5555", "unauthorized"),
        ("device 'X1' not found", ABSENT),
        ("no adb server answers at 127.0.0.1:5037", None),
        ("cannot connect to 10.0.0.7:5555: Connection refused by host", None),
    ],
)
def test_what_an_error_is_about(what: str, state: str | None) -> None:
    """The state, in whichever words of both transports; nothing for other errors."""
    assert state_in(what) == state
