"""The conversation screen: one pane on a phone, two on an open foldable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from framework.virtual.apps.assistant import widgets
from framework.virtual.apps.assistant.conversation import Conversation
from framework.virtual.ui.draw import GESTURE_BAR_DP, STATUS_BAR_DP
from framework.virtual.ui.tree import Bounds, Display, Node, Style

TWO_PANES_DP = 600
"""Width from which there are two panes (Material's medium window size class)."""

_SIDE_PANE_DP = 232
_HEADER_DP = 88
_INPUT_BAR_DP = 72
_MARGIN_DP = 16
_BUTTON_DP = 48


@dataclass(frozen=True, slots=True)
class Actions:
    """What the buttons do."""

    send: Callable[[], None]
    open_microphone: Callable[[], None]
    new_conversation: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Lays the conversation out for a display; `package` is the prefix of resource ids."""

    package: str
    conversation: Conversation
    actions: Actions

    def build(self, display: Display) -> Node:
        screen = Bounds(0, 0, display.width, display.height)
        top = display.px(STATUS_BAR_DP)
        bottom = display.height - (display.keyboard or display.px(GESTURE_BAR_DP))
        inner = Bounds(0, top, display.width, bottom)
        wide = display.width >= display.px(TWO_PANES_DP)
        children = self._two_panes(display, inner) if wide else self._one_pane(display, inner)
        return Node("root", widgets.FRAME, screen, children=children, style=Style(fill=widgets.BACKGROUND))

    def _one_pane(self, display: Display, inner: Bounds) -> tuple[Node, ...]:
        header_end = inner.top + display.px(_HEADER_DP)
        header = Bounds(inner.left, inner.top, inner.right, header_end)
        main = Bounds(inner.left, header_end, inner.right, inner.bottom)
        return (*self._header(display, header), *self._main(display, main))

    def _two_panes(self, display: Display, inner: Bounds) -> tuple[Node, ...]:
        split = inner.left + display.px(_SIDE_PANE_DP)
        side = Bounds(inner.left, inner.top, split, inner.bottom)
        main = Bounds(split, inner.top, inner.right, inner.bottom)
        pane = Node(
            "side",
            widgets.FRAME,
            Bounds(0, 0, split, display.height),
            resource_id=self._id("side"),
            children=(*self._header(display, side), self._model(display, side)),
            style=Style(fill=widgets.SURFACE),
        )
        return (pane, *self._main(display, main))

    def _header(self, display: Display, area: Bounds) -> tuple[Node, ...]:
        margin, button = display.px(_MARGIN_DP), display.px(_BUTTON_DP)
        right, corner_top = area.right - margin, area.top + margin // 2
        corner = Bounds(right - button, corner_top, right, corner_top + button)
        left, top = area.left + margin, area.top
        title = Bounds(left, top + display.px(16), corner.left - margin, top + display.px(44))
        status = Bounds(left, top + display.px(58), right, top + display.px(82))
        conversation = self.conversation
        return (
            widgets.label(display, "title", self._id("title"), "Assistant", title, size_dp=21, color=widgets.INK),
            widgets.label(display, "status", self._id("status"), conversation.status, status, size_dp=14),
            widgets.button(
                "new_conversation",
                self._id("new_conversation"),
                "New conversation",
                "plus",
                corner,
                self.actions.new_conversation,
                fill=widgets.TINT,
                ink=widgets.ACCENT,
            ),
        )

    def _model(self, display: Display, side: Bounds) -> Node:
        margin = display.px(_MARGIN_DP)
        top = side.top + display.px(_HEADER_DP)
        area = Bounds(side.left + margin, top, side.right - margin, top + display.px(60))
        return widgets.label(display, "model", self._id("model"), self.conversation.model, area, size_dp=13, rows=2)

    def _main(self, display: Display, area: Bounds) -> tuple[Node, ...]:
        margin = display.px(_MARGIN_DP)
        bar = Bounds(area.left, area.bottom - display.px(_INPUT_BAR_DP), area.right, area.bottom)
        top = area.top
        notices: tuple[Node, ...] = ()
        if self.conversation.notice:
            notice = Bounds(area.left + margin, top, area.right - margin, top + display.px(36))
            notices = (widgets.banner(display, "notice", self._id("notice"), self.conversation.notice, notice),)
            top = notice.bottom
        messages = Bounds(area.left, top, area.right, bar.top)
        return (*notices, self._messages(display, messages), *self._input_bar(display, bar))

    def _messages(self, display: Display, area: Bounds) -> Node:
        conversation = self.conversation
        gap = display.px(10)
        column = area.inset(display.px(_MARGIN_DP), 0)
        bubbles = [widgets.measure(display, message, column.width) for message in conversation.messages]
        height = sum(bubble.height + gap for bubble in bubbles) + gap
        hidden = max(0, height - area.height)
        shown_up = min(max(0, conversation.scrolled_up), hidden)
        top = area.top + gap - hidden + shown_up
        nodes = []
        for bubble in bubbles:
            nodes.append(bubble.place(column, top, self._id("question"), self._id("reply")))
            top += bubble.height + gap
        scroll = partial(self._scroll, shown_up, hidden) if hidden else None
        return Node(
            "conversation",
            widgets.LIST,
            area,
            self._id("conversation"),
            above=hidden - shown_up,
            below=shown_up,
            children=tuple(nodes),
            on_scroll=scroll,
        )

    def _scroll(self, shown_up: int, hidden: int, pixels: int) -> None:
        self.conversation.scroll_to(min(max(0, shown_up - pixels), hidden))

    def _input_bar(self, display: Display, bar: Bounds) -> tuple[Node, ...]:
        margin, button = display.px(_MARGIN_DP), display.px(_BUTTON_DP)
        top, gap = bar.center[1] - button // 2, margin // 2
        send = Bounds(bar.right - margin - button, top, bar.right - margin, top + button)
        mic = Bounds(send.left - gap - button, top, send.left - gap, top + button)
        field = Bounds(bar.left + margin, top, mic.left - gap, top + button)
        actions, conversation = self.actions, self.conversation
        return (
            widgets.text_field(
                display,
                "input",
                self._id("input"),
                "Message",
                conversation.draft,
                field,
                conversation.write,
                actions.send,
            ),
            widgets.button(
                "mic",
                self._id("mic"),
                "Speak",
                "microphone",
                mic,
                actions.open_microphone,
                fill=widgets.TINT,
                ink=widgets.ACCENT,
            ),
            widgets.button(
                "send",
                self._id("send"),
                "Send",
                "send",
                send,
                actions.send,
                fill=widgets.ACCENT,
                ink=widgets.ON_ACCENT,
            ),
        )

    def _id(self, name: str) -> str:
        return f"{self.package}:id/{name}"
