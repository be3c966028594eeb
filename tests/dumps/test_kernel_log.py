"""`dmesg`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.kernel_log import KernelLine, Kill, parse

ANDROID = "com.example.assistant"


@pytest.mark.parametrize(
    "line",
    [
        "<6>[   12.000345] usb: connected\r\n",
        "<6>[   12.000345][ T1234] usb: connected\n",
        "<6>[   12.000345,3] usb: connected\n",
        "--------- \n<6>[12.000345] usb: connected\n",
    ],
)
def test_lines_have_time_priority_and_message(line: str) -> None:
    """With and without the task or the core; lines without a time are passed over."""
    assert parse(line).lines == (KernelLine(12_000_345, 6, "usb: connected"),)


@pytest.mark.parametrize(
    ("message", "pid", "name", "adj", "by"),
    [
        (f"lowmemorykiller: Killing '{ANDROID}' (7), adj 900,", 7, ANDROID, 900, "low memory"),
        (
            f"lowmemorykiller: Kill '{ANDROID}' (7), uid 10123, oom_score_adj 905 to free 123kB rss",
            7,
            ANDROID,
            905,
            "low memory",
        ),
        ("lowmem: send sigkill to 7 (sh), adj 15, size 123", 7, "sh", 15, "low memory"),
        ("send sigkill to 7 (sh)", 7, "sh", None, "low memory"),
        (
            "Out of memory: Killed process 7 (llama) total-vm:9kB, anon-rss:8kB, file-rss:0kB oom_score_adj:-900",
            7,
            "llama",
            -900,
            "out of memory",
        ),
        ("Killed process 7 (llama) total-vm:9kB, anon-rss:8kB", 7, "llama", None, "out of memory"),
    ],
)
def test_kills_are_found(message: str, pid: int, name: str, adj: int | None, by: str) -> None:
    """Of the kernel's low-memory killer, of lmkd and of the OOM killer."""
    assert parse(f"[    1.500000] {message}\n").kills == (Kill(1_500_000, pid, name, adj, by),)


def test_what_only_speaks_of_kills_is_none() -> None:
    """Candidates and reclaim are no kills."""
    text = "[1.000000] lowmemorykiller: Using in-kernel low memory killer interface\n[1.000000] oom-kill: a (7)\n"
    assert parse(text).kills == ()


@pytest.mark.parametrize(("text", "line"), [("", 1), ("dmesg: klogctl: Permission denied\n", 2)])
def test_what_is_no_kernel_log_is_refused(text: str, line: int) -> None:
    """A refusal is no empty log."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("kernel_log", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """The true kills of the capture, in its order; names are cut to 15 letters."""
    found = parse(capture("kernel_log/battery-historian__lowmemorykiller_dmesg.txt"))
    assert len(found.lines) == 11
    assert [(kill.name, kill.pid, kill.adj) for kill in found.kills] == [
        *[("facebook.katana", 20003, 1000)] * 4,
        ("android.vending", 21432, 1000),
        ("me.lyft.android", 21326, 1000),
    ]
    assert found.kills[-1].at_us == 24452856280
