"""The launcher: what is in the foreground when nothing else is."""

from __future__ import annotations

from typing import ClassVar

from framework.virtual.apps.base import App, AppContext, Intent
from framework.virtual.ui.fonts import wrap
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

_WALLPAPER = "#dfe7f5"
_INK = "#2b3648"


class Home(App):
    """A wallpaper and the handset's name."""

    package: ClassVar[str] = "com.miui.home"
    main_class: ClassVar[str] = "com.miui.home.launcher.Launcher"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._window = Window(self.package, self.main_class, self._build)

    @property
    def window(self) -> Window:
        return self._window

    def on_start(self, intent: Intent) -> None:
        self._window.changed()

    def _build(self, display: Display) -> Node:
        bounds = Bounds(0, 0, display.width, display.height)
        return Node(
            "root",
            "android.widget.FrameLayout",
            bounds,
            resource_id=f"{self.package}:id/drag_layer",
            children=(self._name(display),),
            style=Style(fill=_WALLPAPER),
        )

    def _name(self, display: Display) -> Node:
        size, top = display.px(28), display.height // 4
        name = self.context.device.profile.identity.market_name
        return Node(
            "name",
            "android.widget.TextView",
            Bounds(0, top, display.width, top + 2 * size),
            text=name,
            style=Style(
                color=_INK,
                size=size,
                line_height=2 * size,
                lines=wrap(name, size, display.width),
                origin=(0, top),
                align="center",
            ),
        )
