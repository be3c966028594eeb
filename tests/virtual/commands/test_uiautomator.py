"""uiautomator dump."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def test_it_writes_the_hierarchy_and_says_where(on_bench: OnBench) -> None:
    """To its own path or a given one, with the words that every phone misspells."""

    async def script(bench: Bench) -> list[str]:
        default = (await bench.run("uiautomator", "dump")).out
        given = (await bench.run("uiautomator", "dump", "--compressed", "/data/local/tmp/x.xml")).out
        files = bench.device.files
        return [
            default,
            given,
            files.read("/sdcard/window_dump.xml").decode(),
            files.read("/data/local/tmp/x.xml").decode(),
        ]

    default, given, one, other = on_bench(script)
    assert default == "UI hierchary dumped to: /sdcard/window_dump.xml\n"
    assert given == "UI hierchary dumped to: /data/local/tmp/x.xml\n"
    assert one == other
    assert 'package="com.miui.home"' in one


def test_to_the_terminal(on_bench: OnBench) -> None:
    """/dev/tty is stdout: the XML, then the message."""

    async def script(bench: Bench) -> str:
        return (await bench.run("uiautomator", "dump", "/dev/tty")).out

    text = on_bench(script)
    assert text.startswith("<?xml ")
    assert text.endswith("</hierarchy>UI hierchary dumped to: /dev/tty\n")


def test_wrong_calls(on_bench: OnBench) -> None:
    """Another subcommand, a place that cannot be written."""

    async def script(bench: Bench) -> list[Result]:
        return [await bench.run("uiautomator", "events"), await bench.run("uiautomator", "dump", "/system/x")]

    usage, denied = on_bench(script)
    assert usage.status == denied.status == 1
    assert usage.err.startswith("Usage: uiautomator")
    assert "open failed: Read-only file system" in denied.err


def test_a_dark_screen_has_no_windows(on_bench: OnBench) -> None:
    """Without a lock screen there is nothing to dump."""

    async def script(bench: Bench) -> str:
        await bench.sh("locksettings set-disabled true; input keyevent SLEEP")
        return (await bench.run("uiautomator", "dump")).err

    assert on_bench(script) == "ERROR: null root node returned by UiTestAutomationBridge.\n"
