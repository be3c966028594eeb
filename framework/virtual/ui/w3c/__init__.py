"""The handset's own W3C WebDriver endpoint with Appium's extensions: the UI for a machine without an Appium server."""

from __future__ import annotations

from framework.virtual.ui.w3c.endpoint import W3cEndpoint

__all__ = ["W3cEndpoint"]
