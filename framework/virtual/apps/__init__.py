"""The emulated apps: code inside an APK cannot run here, so each app is a file of its own, chosen by package."""

from __future__ import annotations

from framework.virtual.apps.assistant.app import Assistant
from framework.virtual.apps.base import App, Instrumentation
from framework.virtual.apps.home import Home

__all__ = ["APPS", "INSTRUMENTATIONS"]

APPS: tuple[type[App], ...] = (Assistant, Home)

INSTRUMENTATIONS: tuple[type[Instrumentation], ...] = ()
