"""com.android.systemui: what lies over the activities. Keyguard, notification shade, bars, dialogs of the system."""

from __future__ import annotations

from framework.virtual.android.systemui.error_dialogs import ErrorDialogs
from framework.virtual.android.systemui.keyboard import Keyboard
from framework.virtual.android.systemui.keyguard import Keyguard
from framework.virtual.android.systemui.shade import Shade

__all__ = ["ErrorDialogs", "Keyboard", "Keyguard", "Shade"]
