"""Who may listen to notifications, and do not disturb, are kept where Android keeps them: in settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_listeners_are_kept_in_the_setting(on_bench: OnBench) -> None:
    """Short names are completed, nobody is there twice, and what is no component is refused."""

    async def script(bench: Bench) -> list[str]:
        setting = "settings get secure enabled_notification_listeners"
        allow = "cmd notification allow_listener"
        allowed = await bench.sh(f"{allow} org.a/.L; {allow} org.b/org.x.L 0; {allow} org.a/.L; {setting}")
        dumped = await bench.sh("dumpsys notification")
        left = await bench.sh(f"cmd notification disallow_listener org.a/.L; {setting}")
        bad = await bench.sh(f"{allow} org.a")
        return [allowed.out, dumped.out.splitlines()[-1], left.out, bad.err.splitlines()[-1]]

    assert on_bench(script) == [
        "org.a/org.a.L:org.b/org.x.L\n",
        "    Allowed notification listeners: org.a/org.a.L:org.b/org.x.L (user: 0 isPrimary: true)",
        "org.b/org.x.L\n",
        "java.lang.IllegalArgumentException: Invalid listener - must be a ComponentName",
    ]


def test_do_not_disturb_is_the_setting_zen_mode(on_bench: OnBench) -> None:
    """In NotificationShellCmd's words; `on` is total silence, and another word no filter."""

    async def script(bench: Bench) -> list[str]:
        words = ("priority", "on", "alarms", "off")
        modes = [await bench.sh(f"cmd notification set_dnd {word}; settings get global zen_mode") for word in words]
        bad = await bench.sh("cmd notification set_dnd loud")
        return [*(mode.out.strip() for mode in modes), bad.err.splitlines()[-1]]

    assert on_bench(script) == ["1", "2", "3", "0", "java.lang.IllegalArgumentException: Invalid filter: 0"]
