"""The programs of a handset. Each module has `async def run(ctx: Context) -> int` and is imported when first run."""

from __future__ import annotations

from collections.abc import Iterator

from framework.virtual.commands.context import CommandSpec

_HERE = "framework.virtual.commands"

TOYBOX: tuple[CommandSpec, ...] = (
    CommandSpec(("base64",), f"{_HERE}.base64"),
    CommandSpec(("basename", "dirname"), f"{_HERE}.basename"),
    CommandSpec(("cat",), f"{_HERE}.cat"),
    CommandSpec(("chmod",), f"{_HERE}.chmod"),
    CommandSpec(("chown", "chgrp"), f"{_HERE}.chown"),
    CommandSpec(("cmp",), f"{_HERE}.cmp"),
    CommandSpec(("comm",), f"{_HERE}.comm"),
    CommandSpec(("cp",), f"{_HERE}.cp"),
    CommandSpec(("cut",), f"{_HERE}.cut"),
    CommandSpec(("date",), f"{_HERE}.date"),
    CommandSpec(("dd",), f"{_HERE}.dd"),
    CommandSpec(("df",), f"{_HERE}.df"),
    CommandSpec(("du",), f"{_HERE}.du"),
    CommandSpec(("echo",), f"{_HERE}.echo"),
    CommandSpec(("env", "printenv"), f"{_HERE}.env"),
    CommandSpec(("find",), f"{_HERE}.find"),
    CommandSpec(("flock",), f"{_HERE}.flock"),
    CommandSpec(("free",), f"{_HERE}.free"),
    CommandSpec(("getconf",), f"{_HERE}.getconf"),
    CommandSpec(("grep", "egrep", "fgrep"), f"{_HERE}.grep"),
    CommandSpec(("gunzip", "gzip", "zcat"), f"{_HERE}.gzip"),
    CommandSpec(("head",), f"{_HERE}.head"),
    CommandSpec(("hostname",), f"{_HERE}.hostname"),
    CommandSpec(("ifconfig",), f"{_HERE}.ifconfig"),
    CommandSpec(("id", "whoami", "groups", "logname"), f"{_HERE}.identity"),
    CommandSpec(("dmesg",), f"{_HERE}.kernel"),
    CommandSpec(("kill", "killall", "pgrep", "pkill"), f"{_HERE}.kill"),
    CommandSpec(("nl", "paste", "rev", "tac"), f"{_HERE}.lines"),
    CommandSpec(("ln",), f"{_HERE}.ln"),
    CommandSpec(("ls",), f"{_HERE}.ls"),
    CommandSpec(("mkdir",), f"{_HERE}.mkdir"),
    CommandSpec(("mktemp",), f"{_HERE}.mktemp"),
    CommandSpec(("mount", "mountpoint"), f"{_HERE}.mount"),
    CommandSpec(("mv",), f"{_HERE}.mv"),
    CommandSpec(("nc", "netcat"), f"{_HERE}.nc"),
    CommandSpec(("nice", "nohup", "setsid"), f"{_HERE}.nohup"),
    CommandSpec(("nproc",), f"{_HERE}.nproc"),
    CommandSpec(("od", "xxd"), f"{_HERE}.od"),
    CommandSpec(("pidof",), f"{_HERE}.pidof"),
    CommandSpec(("printf",), f"{_HERE}.printf"),
    CommandSpec(("ps",), f"{_HERE}.ps"),
    CommandSpec(("pwd",), f"{_HERE}.pwd"),
    CommandSpec(("readlink", "realpath"), f"{_HERE}.readlink"),
    CommandSpec(("rm", "unlink"), f"{_HERE}.rm"),
    CommandSpec(("rmdir",), f"{_HERE}.rmdir"),
    CommandSpec(("sed",), f"{_HERE}.sed"),
    CommandSpec(("seq",), f"{_HERE}.seq"),
    CommandSpec(("sleep", "usleep"), f"{_HERE}.sleep"),
    CommandSpec(("sort",), f"{_HERE}.sort"),
    CommandSpec(("stat",), f"{_HERE}.stat"),
    CommandSpec(("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum"), f"{_HERE}.sums"),
    CommandSpec(("stty", "tty"), f"{_HERE}.stty"),
    CommandSpec(("strings",), f"{_HERE}.strings"),
    CommandSpec(("tail",), f"{_HERE}.tail"),
    CommandSpec(("tar",), f"{_HERE}.tar"),
    CommandSpec(("tee",), f"{_HERE}.tee"),
    CommandSpec(("timeout",), f"{_HERE}.timeout"),
    CommandSpec(("top",), f"{_HERE}.top"),
    CommandSpec(("touch",), f"{_HERE}.touch"),
    CommandSpec(("toybox",), f"{_HERE}.toybox"),
    CommandSpec(("tr",), f"{_HERE}.tr"),
    CommandSpec(("fallocate", "truncate"), f"{_HERE}.truncate"),
    CommandSpec(("false", "sync", "true"), f"{_HERE}.truth"),
    CommandSpec(("uname",), f"{_HERE}.uname"),
    CommandSpec(("uniq",), f"{_HERE}.uniq"),
    CommandSpec(("uptime",), f"{_HERE}.uptime"),
    CommandSpec(("wc",), f"{_HERE}.wc"),
    CommandSpec(("which",), f"{_HERE}.which"),
    CommandSpec(("xargs",), f"{_HERE}.xargs"),
    CommandSpec(("yes",), f"{_HERE}.yes"),
    CommandSpec(("sh",), "framework.virtual.shell.program"),
    CommandSpec(("[", "test"), "framework.virtual.shell.testprogram"),
)
"""What toybox (and mksh) provide on Android."""

ANDROID: tuple[CommandSpec, ...] = (
    CommandSpec(
        ("am", "appops", "cmd", "ime", "input", "locksettings", "pm", "settings", "wm"), f"{_HERE}.android_service"
    ),
    CommandSpec(("app_process", "app_process64"), f"{_HERE}.app_process"),
    CommandSpec(("bugreport", "bugreportz", "dumpstate"), f"{_HERE}.bugreport"),
    CommandSpec(("content",), f"{_HERE}.content"),
    CommandSpec(("dumpsys",), f"{_HERE}.dumpsys"),
    CommandSpec(("getprop", "setprop"), f"{_HERE}.getprop"),
    CommandSpec(("ip",), f"{_HERE}.ip"),
    CommandSpec(("log",), f"{_HERE}.log"),
    CommandSpec(("logcat",), f"{_HERE}.logcat"),
    CommandSpec(("monkey",), f"{_HERE}.monkey"),
    CommandSpec(("reboot",), f"{_HERE}.kernel"),
    CommandSpec(("screencap",), f"{_HERE}.screencap"),
    CommandSpec(("screenrecord",), f"{_HERE}.screenrecord"),
    CommandSpec(("service",), f"{_HERE}.service"),
    CommandSpec(("svc",), f"{_HERE}.svc"),
    CommandSpec(("uiautomator",), f"{_HERE}.uiautomator"),
)
"""Android's own commands."""


def find_command(name: str) -> CommandSpec | None:
    """The command of that name."""
    return next((spec for spec in (*TOYBOX, *ANDROID) if name in spec.names), None)


def names(specs: tuple[CommandSpec, ...]) -> Iterator[str]:
    """All names that these commands go by."""
    return (name for spec in specs for name in spec.names)
