"""Apps that a test client installs to have things done on the handset: broadcasts in, results out, nothing to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from framework.virtual.apps.base import App, AppContext, Intent, Reply
from framework.virtual.ui.automation import clipboard
from framework.virtual.ui.tree import Bounds, Display, Node, Window

OK, CANCELED = -1, 0
"""Activity.RESULT_*"""

Take = Callable[[Intent], Reply]


class Helper(App):
    """Its activity has an empty window; while it runs it takes broadcasts, by their action as in `takes`."""

    takes: Mapping[str, Take]

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._window = Window(self.package, self.main_class, _empty)

    @property
    def window(self) -> Window:
        return self._window

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(self.takes)

    def on_broadcast(self, intent: Intent) -> Reply | None:
        take = self.takes.get(intent.action or "")
        return take(intent) if take is not None else None

    def read_clipboard(self, _: Intent) -> Reply:
        """As the app may read it."""
        return Reply(OK, clipboard.read(self.context.device.clipboard, self.package))


def _empty(display: Display) -> Node:
    return Node("root", "android.widget.FrameLayout", Bounds(0, 0, display.width, display.height))
