"""The terminal of an interactive `adb shell`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.adb.terminal import LineEditor

if TYPE_CHECKING:
    from conftest import Host


@pytest.mark.parametrize(
    ("keys", "echo", "lines"),
    [
        ("ls\r", "ls\r\n", "ls\n"),
        ("ls\n", "ls\r\n", "ls\n"),
        ("lx\x7fs\r", "lx\b \bs\r\n", "ls\n"),
        ("后天\x7f\r", "后天\b \b\r\n", "后\n"),
        ("rm -rf\x15ls\r", "rm -rf" + "\b \b" * 6 + "ls\r\n", "ls\n"),
        ("oops\x03ls\r", "oops^C\r\nls\r\n", "\nls\n"),
        ("\x7f\x1b\r", "^[\r\n", "\x1b\n"),
        ("half\x04", "half", "half"),
        ("\x04lost", "", ""),
        ("x" * 4096 + "\r", "x" * 4095 + "\a\r\n", "x" * 4095 + "\n"),
    ],
)
def test_keys_are_echoed_and_edited(keys: str, echo: str, lines: str) -> None:
    """As a terminal in cooked mode: Return, Backspace, Ctrl+U, Ctrl+C, Ctrl+D."""
    assert LineEditor().press(keys) == (echo, lines)


@settings(max_examples=100)
@given(st.lists(st.text("ab\r\x04\x7f", max_size=4), max_size=6))
def test_keys_may_come_one_by_one(chunks: list[str]) -> None:
    """How they are cut changes nothing."""
    whole, cut = LineEditor(), LineEditor()
    together = whole.press("".join(chunks))
    apart = [cut.press(chunk) for chunk in chunks]
    assert ("".join(echo for echo, _ in apart), "".join(line for _, line in apart)) == together
    assert cut.ended == whole.ended


def read_until(host: Host, stream: int, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        seen += host.read(stream)
    return seen


def test_a_shell_at_a_terminal_prompts_echoes_and_returns_carriages(host: Host) -> None:
    """What a person sees who types `echo hello` and Ctrl+D."""
    stream = host.open(b"shell:")
    prompt = b"# " if os.geteuid() == 0 else b"$ "
    read_until(host, stream, prompt)
    host.write(stream, b"echo hello\r")
    assert read_until(host, stream, prompt) == b"echo hello\r\nhello\r\n" + prompt
    host.write(stream, b"\x04")
    assert b"echo" not in host.read_all(stream)
