"""Driving the screen as a test does, whatever the protocol: finding, reading, touching, keys, pictures.

Both fronts, the W3C endpoint and the UiAutomator2 server on the handset, translate their requests into calls of
this package and its `AutomationError` into their answers.
"""

from __future__ import annotations

from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError

__all__ = ["Automation", "AutomationError"]
