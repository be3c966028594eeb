"""The programs of a handset. Each module has `async def run(ctx: Context) -> int` and is imported when first run."""

from __future__ import annotations

from collections.abc import Iterator

from framework.virtual.commands.context import CommandSpec

_HERE = "framework.virtual.commands"

TOYBOX: tuple[CommandSpec, ...] = (
    CommandSpec(("cat",), f"{_HERE}.cat"),
    CommandSpec(("date",), f"{_HERE}.date"),
    CommandSpec(("flock",), f"{_HERE}.flock"),
    CommandSpec(("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum"), f"{_HERE}.sums"),
    CommandSpec(("mkdir",), f"{_HERE}.mkdir"),
    CommandSpec(("mv",), f"{_HERE}.mv"),
    CommandSpec(("pidof",), f"{_HERE}.pidof"),
    CommandSpec(("rm",), f"{_HERE}.rm"),
    CommandSpec(("sleep",), f"{_HERE}.sleep"),
    CommandSpec(("sh",), "framework.virtual.shell.program"),
)
"""What toybox (and mksh) provide on Android."""

ANDROID: tuple[CommandSpec, ...] = (
    CommandSpec(("am", "cmd", "input", "pm", "settings", "svc", "wm"), f"{_HERE}.android_service"),
    CommandSpec(("dumpsys",), f"{_HERE}.dumpsys"),
    CommandSpec(("getprop", "setprop"), f"{_HERE}.getprop"),
    CommandSpec(("log",), f"{_HERE}.log"),
    CommandSpec(("logcat",), f"{_HERE}.logcat"),
    CommandSpec(("screencap",), f"{_HERE}.screencap"),
    CommandSpec(("service",), f"{_HERE}.service"),
    CommandSpec(("uiautomator",), f"{_HERE}.uiautomator"),
)
"""Android's own commands."""


def find_command(name: str) -> CommandSpec | None:
    """The command of that name."""
    return next((spec for spec in (*TOYBOX, *ANDROID) if name in spec.names), None)


def names(specs: tuple[CommandSpec, ...]) -> Iterator[str]:
    """All names that these commands go by."""
    return (name for spec in specs for name in spec.names)
