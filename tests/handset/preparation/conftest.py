"""The phone of the tests around, with settings, a screen and a lock."""

from __future__ import annotations

from typing import Any

import pytest
from support.furnished_phone import Life, furnish

from framework.handset.adbd import AdbdConnection
from framework.handset.shell import HandsetShell


@pytest.fixture
def life(phone: Any, straight: AdbdConnection) -> Life:
    """Reached straight."""
    furnish(phone)
    return Life(phone, HandsetShell("phone", straight))


@pytest.fixture
def either_life(phone: Any, shell: HandsetShell) -> Life:
    """Reached straight, and through an adb server."""
    furnish(phone)
    return Life(phone, shell)
