"""Keys at a terminal: what is shown, what a program reads, which signals it gets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.system.line_editor import END_OF_INPUT, LineEditor, Modes, Pressed


def pressed(editor: LineEditor, keys: str) -> tuple[str, list[bytes], list[int]]:
    done = editor.press(keys)
    return "".join(done.shown), done.read, done.signals


@pytest.mark.parametrize(
    ("keys", "shown", "read", "signals"),
    [
        ("ls\r", "ls\r\n", [b"ls\n"], []),
        ("ls\n", "ls\r\n", [b"ls\n"], []),
        ("lx\x7fs\r", "lx\b \bs\r\n", [b"ls\n"], []),
        ("后天\x7f\r", "后天\b \b\r\n", ["后\n".encode()], []),
        ("rm -rf\x15ls\r", "rm -rf" + "\b \b" * 6 + "ls\r\n", [b"ls\n"], []),
        ("oops\x03ls\r", "oops^Cls\r\n", [b"ls\n"], [2]),
        ("\x1c\x1a", "^\\^Z", [], [3, 20]),
        ("\x7f\x1b\r", "^[\r\n", [b"\x1b\n"], []),
        ("half\x04", "half", [b"half"], []),
        ("\x04more\r", "more\r\n", [END_OF_INPUT, b"more\n"], []),
        ("x" * 4096 + "\r", "x" * 4095 + "\a\r\n", [b"x" * 4095 + b"\n"], []),
        ("\udcff\r", "\udcff\r\n", [b"\xff\n"], []),
    ],
)
def test_keys_are_echoed_and_edited(keys: str, shown: str, read: list[bytes], signals: list[int]) -> None:
    """As a terminal in cooked mode: Return, Backspace, Ctrl+U, C, D, backslash and Z."""
    assert pressed(LineEditor(Modes()), keys) == (shown, read, signals)


def test_modes_are_heeded() -> None:
    """Without echo nothing is shown; raw, every key is read at once, Ctrl+C and Return among them."""
    modes = Modes()
    editor = LineEditor(modes)
    modes.echo = False
    assert pressed(editor, "secret\r") == ("", [b"secret\n"], [])
    modes.icanon = modes.isig = modes.icrnl = False
    assert pressed(editor, "a\x03\r\x04") == ("", [b"a", b"\x03", b"\r", b"\x04"], [])


@settings(max_examples=100)
@given(st.lists(st.text("ab\r\x03\x04\x15\x7f", max_size=4), max_size=6))
def test_keys_may_come_one_by_one(chunks: list[str]) -> None:
    """How they are cut changes nothing."""
    together, apart, cut = LineEditor(Modes()).press("".join(chunks)), Pressed(), LineEditor(Modes())
    for chunk in chunks:
        done = cut.press(chunk)
        apart.shown += done.shown
        apart.read += done.read
        apart.signals += done.signals
    assert apart == together
