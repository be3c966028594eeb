"""The launcher: what is in the foreground when nothing else is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from framework.virtual.android.exits import Reason
from framework.virtual.android.intents import OVERVIEW
from framework.virtual.android.systemui.parts import button, words
from framework.virtual.apps.base import App, AppContext, Intent
from framework.virtual.ui.fonts import wrap
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord

_WALLPAPER = "#dfe7f5"
_INK = "#2b3648"


_CARD, _CARDS_SHOWN, _FLICK_DP = "#ffffff", 3, 4


class Home(App):
    """A wallpaper and the handset's name; or the app switcher, with a card for each task."""

    package: ClassVar[str] = "com.miui.home"
    main_class: ClassVar[str] = "com.miui.home.launcher.Launcher"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._window = Window(self.package, self.main_class, self._build, on_back=self._leave_overview)
        self._overview = False

    @property
    def window(self) -> Window:
        return self._window

    def on_start(self, intent: Intent) -> None:
        """Asked for the switcher a second time, it goes back to the app that was used last."""
        again = self._overview and intent.action == OVERVIEW
        self._show(overview=intent.action == OVERVIEW)
        if again and self._tasks:
            self._open(self._tasks[0])

    def _show(self, *, overview: bool) -> None:
        self._overview = overview
        self._window.changed()

    def _leave_overview(self) -> None:
        self._show(overview=False)

    def _build(self, display: Display) -> Node:
        bounds = Bounds(0, 0, display.width, display.height)
        return Node(
            "root",
            "android.widget.FrameLayout",
            bounds,
            resource_id=f"{self.package}:id/drag_layer",
            children=self._cards(display) if self._overview else (self._name(display),),
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

    # -- the app switcher --------------------------------------------------------------------------------------

    @property
    def _tasks(self) -> list[ActivityRecord]:
        """The last one used first, one activity of each."""
        others = (each for each in self.context.device.activities.stack if each.app is not self)
        return list({each.task: each for each in others}.values())

    def _cards(self, display: Display) -> tuple[Node, ...]:
        tasks = self._tasks
        tall, gap = display.height // 5, display.px(16)
        left, right = display.width // 8, display.width - display.width // 8
        nodes = []
        for number, record in enumerate(tasks[:_CARDS_SHOWN]):
            top = display.height // 8 + number * (tall + gap)
            nodes.append(self._card(display, record, Bounds(left, top, right, top + tall)))
        below = Bounds(left, display.height - display.px(120), right, display.height - display.px(64))
        said = "Clear all" if tasks else "No recent items"
        if tasks:
            clear = partial(self._close, *tasks)
            return (*nodes, button(display, "clear", f"{self.package}:id/clear_all", said, below, clear))
        return (words(display, "empty", f"{self.package}:id/empty", said, below),)

    def _card(self, display: Display, record: ActivityRecord, area: Bounds) -> Node:
        label = record.package.label or record.package.name
        title = Bounds(area.left, area.top, area.right, area.top + display.px(40))
        return Node(
            f"task-{record.task}",
            "android.widget.FrameLayout",
            area,
            f"{self.package}:id/task_view",
            content_desc=label,
            children=(words(display, f"title-{record.task}", f"{self.package}:id/title", label, title),),
            on_click=partial(self._open, record),
            on_scroll=lambda pixels: self._close(record) if abs(pixels) > display.px(_FLICK_DP) else None,
            gesture=True,
            style=Style(fill=_CARD, radius=display.px(16)),
        )

    def _open(self, record: ActivityRecord) -> None:
        self._show(overview=False)
        self.context.device.activities.to_front(record)

    def _close(self, *records: ActivityRecord) -> None:
        """Swiped away: the task is removed, and its process with it."""
        for record in records:
            self.context.device.activities.killed(record.process, Reason.USER_REQUESTED, "remove task")
        self._window.changed()
