"""Intents from the command line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.intents import intent_text, parse_intent, short_component
from framework.virtual.apps.base import Intent


def parsed(*words: str) -> Intent:
    return parse_intent(Arguments(words), lambda option, arguments: False)


def test_every_option_of_an_intent() -> None:
    """Action, category, data, component and typed extras."""
    found = parsed(
        *("-a", "org.example.ASK", "-c", "cat", "-d", "https://x.org/", "-n", "org.example/.Main", "-f", "0x10000000"),
        *("--es", "text", "two words", "--ei", "turn", "3", "--ez", "fast", "true", "--ef", "speed", "1.5"),
        *("-e", "more", "x", "--activity-clear-top"),
    )
    assert found == Intent(
        action="org.example.ASK",
        component="org.example/org.example.Main",
        data="https://x.org/",
        categories=frozenset({"cat"}),
        flags=0x10000000,
        extras={"text": "two words", "turn": 3, "fast": True, "speed": 1.5, "more": "x"},
    )


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("org.example/.Main", "org.example/org.example.Main"),
        ("org.example/org.other.Main", "org.example/org.other.Main"),
        ("org.example/Main", "org.example/Main"),
    ],
)
def test_components_are_made_whole(word: str, expected: str) -> None:
    """Only a leading dot stands for the package."""
    assert parsed("-n", word).component == expected
    assert parsed(word).component == expected


def test_a_bare_package_means_its_launcher_activity() -> None:
    """As `am start org.example` on recent Android."""
    found = parsed("org.example")
    assert (found.package, found.action) == ("org.example", "android.intent.action.MAIN")
    assert found.categories == {"android.intent.category.LAUNCHER"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "No intent supplied"),
        (("-n", "nothing"), "Bad component name: nothing"),
        (("--ei", "n", "x"), 'For input string: "x"'),
        (("--ez", "n", "maybe"), "Invalid boolean value: maybe"),
        (("-z",), "Unknown option: -z"),
        (("--es", "name"), 'Argument expected after "name"'),
    ],
)
def test_what_am_refuses(words: Sequence[str], message: str) -> None:
    """In its words."""
    with pytest.raises(ArgumentError, match=message):
        parsed(*words)


@given(st.text(min_size=1).filter(lambda text: not text.startswith("-")), st.text())
def test_texts_arrive_as_they_are(name: str, value: str) -> None:
    """Spaces, quotes and any script, also values that look like options."""
    assert parsed("-a", "x", "--es", name, value).extras == {name: value}


def test_it_is_written_as_android_logs_it() -> None:
    """Components in their short form, extras only hinted at."""
    found = parsed("-n", "org.example/.Main", "--es", "a", "b", "-a", "org.example.ASK")
    assert intent_text(found) == "act=org.example.ASK cmp=org.example/.Main (has extras)"
    assert short_component("org.example/org.other.Main") == "org.example/org.other.Main"
