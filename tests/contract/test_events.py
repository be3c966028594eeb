"""The event lines of a cooperating assistant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.events import EVENT_NAMES, AssistantEvent, decode_event, encode_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
FIELDS = st.dictionaries(st.text().filter(lambda key: key not in ("v", "turn", "event", "ns")), JSON, max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    event=st.builds(AssistantEvent, st.integers(0, 999), st.sampled_from(EVENT_NAMES), st.integers(0, 2**62), FIELDS)
)
def test_a_line_is_the_event(event: AssistantEvent) -> None:
    """What is logged is read back, fields of any kind included, from one line."""
    line = encode_event(event)
    assert (decode_event(line), "\n" in line) == (event, False)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"v":2,"turn":1,"event":"token","ns":5}',
        '{"v":1,"turn":1,"event":"dance","ns":5}',
        '{"v":1,"turn":1,"event":"token"}',
        '{"v":1,"turn":"1","event":"token","ns":5}',
        '{"v":1,"turn":1,"event":"token","ns":true}',
        '{"v":1,"turn":1,"event":["token"],"ns":5}',
        '{"v":1,"turn":1,"event":"token","ns":5',
        "[" * 4000,
    ],
)
def test_other_lines_are_no_events(line: str) -> None:
    """Other versions, unknown events, wrong types, torn or bottomless JSON: None, and no exception."""
    assert decode_event(line) is None


def test_a_line_without_a_turn_is_outside_of_any() -> None:
    """`ready` and `reset` belong to no turn."""
    assert decode_event('{"v":1,"event":"ready","ns":5,"model":"x"}') == AssistantEvent(0, "ready", 5, {"model": "x"})
