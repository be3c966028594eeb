"""The clipboard: one text for all apps; who may read it (AOSP ClipboardService.java)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.device import Device

SHELL = "com.android.shell"
"""It holds READ_CLIPBOARD_IN_BACKGROUND."""


class Clipboard:
    """The primary clip of one handset."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._text: str | None = None

    def put(self, text: str) -> None:
        self._text = text

    def restart(self) -> None:
        """The handset was restarted: the clip was in memory."""
        self._text = None

    def get(self, package: str) -> str | None:
        """What a package reads: None without a clip, and, since Android 10, for whoever has neither the focus nor
        the default input method; shell may always.
        """
        focused = self._device.activities.focused
        typing = self._device.settings.get("secure", "default_input_method") or ""
        has_focus = focused is not None and focused.package.name == package
        return self._text if package == SHELL or has_focus or typing.startswith(f"{package}/") else None
