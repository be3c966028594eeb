"""The emulated apps: code inside an APK or a jar cannot run here, so each is a file of its own, chosen by name."""

from __future__ import annotations

from framework.virtual.apps.adb_keyboard import AdbKeyboard
from framework.virtual.apps.appium_settings import AppiumSettings
from framework.virtual.apps.assistant.app import Assistant
from framework.virtual.apps.base import App, Instrumentation
from framework.virtual.apps.home import Home
from framework.virtual.apps.mobly_snippet import MoblySnippet
from framework.virtual.apps.permission_controller import GrantPermissions
from framework.virtual.apps.program import JavaProgram
from framework.virtual.apps.u2.program import U2
from framework.virtual.apps.uiautomator2_server.instrumentation import UiAutomator2Server

__all__ = ["APPS", "INSTRUMENTATIONS", "PROGRAMS"]

APPS: tuple[type[App], ...] = (Assistant, Home, AppiumSettings, GrantPermissions, AdbKeyboard)

INSTRUMENTATIONS: tuple[type[Instrumentation], ...] = (UiAutomator2Server, MoblySnippet)

PROGRAMS: tuple[type[JavaProgram], ...] = (U2,)
