"""The conversation screen: where things are on every display, and what they do."""

from __future__ import annotations

import pytest

from framework.virtual.apps.assistant.conversation import Conversation
from framework.virtual.apps.assistant.view import Actions, ConversationView
from framework.virtual.ui.tree import Bounds, Display, Node

PACKAGE = "org.pocketfarm.assistant"
PHONE = Display(1080, 2400, 440)
OPEN = Display(1916, 2160, 440)
CLOSED = Display(1080, 2520, 440)
LARGE = Display(1440, 3200, 560)
LONG = (
    "很长的回答，分成很多行。And it goes on in English, with a_word_that_is_far_too_long_for_any_single_line_of_it. "
    * 3
)


class Desk:
    """A view and what its buttons did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.changes = 0
        self.conversation = Conversation(self._changed)
        actions = Actions(*(self._noting(name) for name in ("send", "microphone", "new")))
        self.view = ConversationView(PACKAGE, self.conversation, actions)

    def _changed(self) -> None:
        self.changes += 1

    def _noting(self, name: str):  # type: ignore[no-untyped-def]
        return lambda: self.done.append(name)

    def node(self, display: Display, name: str) -> Node:
        (found,) = [node for node in self.view.build(display).walk() if node.resource_id == f"{PACKAGE}:id/{name}"]
        return found

    def talk(self, times: int) -> None:
        for number in range(times):
            self.conversation.say("user", f"Question {number}?")
            self.conversation.say("assistant", LONG)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("display", [PHONE, OPEN, CLOSED, LARGE], ids=["phone", "open", "closed", "large"])
def test_nothing_overlaps_or_leaves_the_screen(desk: Desk, display: Display) -> None:
    """Everything that can be touched or read, but for what is scrolled; buttons are at least 48 dp wide and high."""
    desk.talk(3)
    desk.conversation.show_notice("Timer: time is up")
    screen = Bounds(0, 0, display.width, display.height)
    root = desk.view.build(display)
    fixed = [node for node in root.walk() if node.key not in ("root", "side") and not node.key.startswith("message-")]
    assert all(node.bounds.clip(screen) == node.bounds for node in fixed)
    pairs = [(one.key, two.key) for one in fixed for two in fixed if one.key < two.key and one.bounds.clip(two.bounds)]
    assert pairs == []
    assert min(min(node.bounds.width, node.bounds.height) for node in fixed if node.clickable) >= display.px(48)


def test_keys_name_one_view_each(desk: Desk) -> None:
    """So that an element found by a client stays the view it was."""
    desk.talk(5)
    keys = [node.key for node in desk.view.build(OPEN).walk()]
    assert len(set(keys)) == len(keys)


def test_an_open_foldable_has_two_panes(desk: Desk) -> None:
    """The conversation stands beside the side pane, which also names the model; on a phone it fills the width."""
    desk.conversation.show_model("Compact 1.3B Q8_0 (scaled)")
    side, beside = desk.node(OPEN, "side").bounds, desk.node(OPEN, "conversation").bounds
    assert (side.right, beside.right) == (beside.left, OPEN.width)
    assert desk.node(OPEN, "model").text == "Compact 1.3B Q8_0 (scaled)"
    assert desk.node(PHONE, "conversation").bounds.width == PHONE.width
    assert "side" not in {node.key for node in desk.view.build(PHONE).walk()}


def test_the_conversation_is_the_same_in_every_posture(desk: Desk) -> None:
    """The same bubbles with the same keys, laid out anew."""
    desk.talk(2)
    bubbles = [
        [(node.key, node.text) for node in desk.view.build(display).walk() if node.key.startswith("message-")]
        for display in (OPEN, CLOSED)
    ]
    assert bubbles[0] == bubbles[1]
    assert len(bubbles[0]) == 4


def test_questions_stand_right_and_replies_left(desk: Desk) -> None:
    """Each within the list, one below the other, as wide as its text needs."""
    desk.talk(1)
    area, question, reply = (desk.node(PHONE, name).bounds for name in ("conversation", "question", "reply"))
    margin = PHONE.px(16)
    assert (question.right, reply.left) == (area.right - margin, area.left + margin)
    assert question.left > area.left + margin
    assert question.bottom < reply.top


def test_the_list_shows_its_end(desk: Desk) -> None:
    """Once there is more than fits, the newest bubble ends at the list's lower edge, and the list can be scrolled."""
    assert desk.node(PHONE, "conversation").on_scroll is None
    desk.talk(8)
    listed = desk.node(PHONE, "conversation")
    assert listed.on_scroll is not None
    assert listed.children[-1].bounds.bottom == listed.bounds.bottom - PHONE.px(10)


def test_scrolling_stays_within_the_conversation(desk: Desk) -> None:
    """Up to the first bubble, down to the last; a new message shows the end again."""
    desk.talk(8)
    for pixels, key in ((-100_000, "message-1"), (100_000, "message-16")):
        listed = desk.node(PHONE, "conversation")
        assert listed.on_scroll is not None
        listed.on_scroll(pixels)
        shown = [node.key for node in desk.node(PHONE, "conversation").children if node.bounds.clip(listed.bounds)]
        assert key in shown
    desk.node(PHONE, "conversation").on_scroll(-500)  # type: ignore[misc]
    desk.conversation.say("user", "new")
    assert desk.conversation.scrolled_up == 0


def test_buttons_act(desk: Desk) -> None:
    """Each does its own; Enter in the field sends too."""
    for name in ("send", "mic", "new_conversation"):
        click = desk.node(PHONE, name).on_click
        assert click is not None
        click()
    enter = desk.node(PHONE, "input").on_enter
    assert enter is not None
    enter()
    assert desk.done == ["send", "microphone", "new", "send"]


def test_the_field_shows_the_end_of_a_long_draft(desk: Desk) -> None:
    """All of it is its text; what is drawn fits."""
    desk.conversation.write("beginning " * 30 + "end")
    field = desk.node(PHONE, "input")
    assert field.text.startswith("beginning")
    assert field.style.lines[0].endswith("end")
    assert not field.style.lines[0].startswith("beginning beginning beginning beginning beginning")


def test_a_long_status_is_cut_on_the_screen_only(desk: Desk) -> None:
    """The view's text is whole; its one line ends in an ellipsis."""
    desk.conversation.show_status("Model missing: " + "/very/long/path" * 20)
    status = desk.node(PHONE, "status")
    assert status.text.endswith("/very/long/path")
    assert len(status.style.lines) == 1
    assert status.style.lines[0].endswith("…")


def test_every_change_is_told(desk: Desk) -> None:
    """A screen that shows the conversation hears of each."""
    conversation = desk.conversation
    conversation.say("assistant", "")
    for change in (
        lambda: conversation.continue_reply("more"),
        lambda: conversation.write("draft"),
        lambda: conversation.show_status("Ready"),
        lambda: conversation.show_notice("notice"),
        lambda: conversation.scroll_to(3),
        conversation.clear,
    ):
        before = desk.changes
        change()
        assert desk.changes == before + 1
