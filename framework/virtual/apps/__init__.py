"""The emulated apps: code inside an APK cannot run here, so each app is a file of its own, chosen by package."""

from __future__ import annotations

from framework.virtual.apps.appium_settings import AppiumSettings
from framework.virtual.apps.assistant.app import Assistant
from framework.virtual.apps.base import App, Instrumentation
from framework.virtual.apps.home import Home
from framework.virtual.apps.uiautomator2_server.instrumentation import UiAutomator2Server

__all__ = ["APPS", "INSTRUMENTATIONS"]

APPS: tuple[type[App], ...] = (Assistant, Home, AppiumSettings)

INSTRUMENTATIONS: tuple[type[Instrumentation], ...] = (UiAutomator2Server,)
