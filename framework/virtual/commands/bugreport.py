"""bugreportz, bugreport and dumpstate: all that a handset tells of itself (AOSP frameworks/native/cmds/dumpstate)."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framework.virtual.commands.context import Context
from framework.virtual.system.pipes import BytesWriter

FOLDER = "/data/user_de/0/com.android.shell/files/bugreports"
VERSION, FORMAT = "1.2", "2.0"
RULE = "=" * 56
USAGE = """usage: bugreportz [-hpsv]
  -h: to display this help message
  -p: display progress
  -s: stream content to standard output
  -v: to display the version
"""
DIRECTORIES = ("/data/anr", "/data/tombstones")
"""What is put beside the text as it is."""


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    argv: tuple[str, ...]


SECTIONS = (
    _Section("UPTIME", ("uptime",)),
    _Section("MEMORY INFO", ("cat", "/proc/meminfo")),
    _Section("CPU INFO", ("top", "-b", "-n", "1", "-H", "-s", "6")),
    _Section("PROCESSES AND THREADS", ("ps", "-A", "-T", "-Z")),
    _Section("FILESYSTEMS & FREE SPACE", ("df",)),
    _Section("NETWORK INTERFACES", ("ip", "link")),
    _Section("IPv4 ADDRESSES", ("ip", "-4", "addr", "show")),
    _Section("SYSTEM LOG", ("logcat", "-v", "threadtime", "-v", "printable", "-v", "uid", "-d", "*:v")),
    _Section("EVENT LOG", ("logcat", "-b", "events", "-v", "threadtime", "-v", "uid", "-d", "*:v")),
    _Section("RADIO LOG", ("logcat", "-b", "radio", "-v", "threadtime", "-v", "uid", "-d", "*:v")),
    _Section("SYSTEM PROPERTIES", ("getprop",)),
    _Section("DUMPSYS", ("dumpsys",)),
)


async def run(ctx: Context) -> int:
    if ctx.name != "bugreportz":
        await ctx.out(await _text(ctx))
        return 0
    options = "".join(word.lstrip("-") for word in ctx.argv[1:])
    if "v" in options:
        await ctx.err(f"{VERSION}\n")  # adb reads it there
        return 0
    if "h" in options or set(options) - set("psv"):
        await ctx.err(USAGE)
        return 0 if "h" in options else 1
    name = _name(ctx)
    if "s" in options:
        await ctx.stdout.write(_zip(ctx, name, await _text(ctx)))
        return 0
    return await _file(ctx, f"{FOLDER}/{name}.zip", progress="p" in options)


async def _file(ctx: Context, path: str, *, progress: bool) -> int:
    """Into the shell's own folder; the last line tells where, or why not."""
    if progress:
        await ctx.out(f"BEGIN:{path}\n")
    text = await _text(ctx, progress=progress)
    data = _zip(ctx, path.rpartition("/")[2].removesuffix(".zip"), text)
    try:
        if not ctx.device.files.exists(FOLDER):
            ctx.device.files.mkdir(FOLDER, 0o771, parents=True, uid=ctx.uid, gid=ctx.uid)
        ctx.device.files.write(path, data, mode=0o600, uid=ctx.uid, gid=ctx.uid)
    except OSError as error:
        await ctx.out(f"FAIL:{error.strerror}\n")
        return 1
    await ctx.out(f"OK:{path}\n")
    return 0


async def _text(ctx: Context, *, progress: bool = False) -> str:
    parts = [_header(ctx)]
    for number, section in enumerate(SECTIONS, 1):
        begun_ns = ctx.device.clock.now_ns()
        said = await _said(ctx, section.argv)
        took_s = (ctx.device.clock.now_ns() - begun_ns) / 1e9
        parts.append(f"------ {section.title} ({' '.join(section.argv)}) ------\n{said}")
        parts.append(f"------ {took_s:.3f}s was the duration of '{section.title}' ------\n\n")
        if progress:
            await ctx.out(f"PROGRESS:{number}/{len(SECTIONS)}\n")
    return "".join([*parts, f"{RULE}\n== dumpstate: done (id 1)\n{RULE}\n"])


async def _said(ctx: Context, argv: Sequence[str]) -> str:
    out = BytesWriter()
    await ctx.launch(argv, stdout=out)
    return bytes(out.data).decode(errors="replace")


def _header(ctx: Context) -> str:
    device, now = ctx.device, time.gmtime(ctx.device.clock.wall_ns() // 10**9)
    build = device.profile.build
    lines = [
        RULE,
        f"== dumpstate: {time.strftime('%Y-%m-%d %H:%M:%S', now)}",
        RULE,
        "",
        f"Build: {device.properties.get('ro.build.display.id')}",
        f"Build fingerprint: '{build.fingerprint(device.profile.identity)}'",
        "Bootloader: unknown",
        "Radio: unknown",
        "Network: (unknown)",
        f"Android SDK version: {build.sdk}",
        f"Kernel: Linux version {build.kernel}",
        f"Uptime: {device.clock.now_ns() // 10**9} s",
        f"Bugreport format version: {FORMAT}",
        f"Dumpstate info: id=1 pid={ctx.process.pid} dry_run=0 parallel_run=0 args={' '.join(ctx.argv)}",
        "",
        "",
    ]
    return "\n".join(lines)


def _name(ctx: Context) -> str:
    stamp = time.strftime("%Y-%m-%d-%H-%M-%S", time.gmtime(ctx.device.clock.wall_ns() // 10**9))
    return f"bugreport-{ctx.device.profile.identity.device}-{ctx.device.profile.build.id}-{stamp}"


def _zip(ctx: Context, name: str, text: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version.txt", FORMAT)
        archive.writestr(f"{name}.txt", text)
        archive.writestr("main_entry.txt", f"{name}.txt")
        for path, data in _files(ctx):
            archive.writestr(f"FS{path}", data)
    return written.getvalue()


def _files(ctx: Context) -> Iterator[tuple[str, bytes]]:
    """Dumpstate runs as root: traces of ANRs and tombstones are its to read."""
    files = ctx.device.files
    for folder in DIRECTORIES:
        for name in files.listdir(folder):
            with files.open(f"{folder}/{name}") as file:
                yield f"{folder}/{name}", file.read()
