"""uiautomator dump: the view hierarchy as XML (AOSP frameworks/base/cmds/uiautomator, DumpCommand.java)."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason

DEFAULT_PATH = "/sdcard/window_dump.xml"
TERMINAL = "/dev/tty"
NO_ROOT = "ERROR: null root node returned by UiTestAutomationBridge.\n"
USAGE = "Usage: uiautomator <subcommand> [options]\n\ndump: creates an XML dump of current UI hierarchy\n"


async def run(ctx: Context) -> int:
    words = [word for word in ctx.argv[1:] if word not in ("--compressed", "--verbose", "--windows")]
    if not words or words[0] != "dump":
        await ctx.err(USAGE)
        return 1
    path = words[1] if len(words) > 1 else DEFAULT_PATH
    if ctx.device.windows.focused is None:
        await ctx.err(NO_ROOT)
        return 0
    xml = ctx.device.screen.xml().encode()
    try:
        if path == TERMINAL:
            await ctx.stdout.write(xml)
        else:
            ctx.files.write(ctx.path(path), xml, mode=0o660)
    except OSError as error:
        await ctx.err(f"java.io.FileNotFoundException: {path}: open failed: {reason(error)}\n")
        return 1
    await ctx.out(f"UI hierchary dumped to: {path}\n")  # spelt so on every phone
    return 0
