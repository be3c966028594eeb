"""tar: many files in one, and back (toybox; USTAR with GNU's long names, gzip with z)."""

from __future__ import annotations

import gzip
import io
import posixpath
import stat
import tarfile
from collections.abc import Iterator

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.users import user_name

GZIP = b"\x1f\x8b"


async def run(ctx: Context) -> int:
    options = parse_options(_dashed(ctx.argv), "cxtvzkmphaoO", "fCTX", long={"directory": "C", "file": "f"})
    modes = [letter for letter in "cxt" if letter in options]
    if len(modes) != 1:
        raise CommandFault('Needs -txc (see "tar --help")')
    if "f" in options and options.value("f") != "-":
        options.values["f"] = [ctx.path(options.value("f"))]  # not meant to be in the directory of -C
    if options.value("C"):
        ctx.cwd = ctx.path(options.value("C"))
        if not ctx.files.exists(ctx.cwd):
            raise CommandFault(f"chdir: {options.value('C')}: No such file or directory")
    if modes == ["c"]:
        return await _create(ctx, options)
    data = await read_all(ctx, options.value("f", "-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data) if data[:2] == GZIP else data)) as archive:
            return await (_extract if modes == ["x"] else _list)(ctx, options, archive)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile):
        raise CommandFault("bad header") from None


def _dashed(argv: tuple[str, ...]) -> tuple[str, ...]:
    """`tar xf FILE` without a dash."""
    if len(argv) > 1 and not argv[1].startswith("-"):
        return (argv[0], f"-{argv[1]}", *argv[2:])
    return argv


async def _create(ctx: Context, options: Options) -> int:
    if not options.operands:
        raise CommandFault("empty archive")
    written, status = io.BytesIO(), 0
    with tarfile.open(fileobj=written, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name in options.operands:
            try:
                for path in _below(ctx, name):
                    _add(ctx, archive, path)
                    if "v" in options:
                        await ctx.err(f"{path}\n")
            except OSError as error:
                status = await ctx.fail(f"{name}: {reason(error)}")
    data = written.getvalue()
    data = gzip.compress(data, mtime=0) if "z" in options else data
    target = options.value("f", "-")
    if target == "-":
        await ctx.stdout.write(data)
    else:
        ctx.files.write(target, data)
    return status


def _below(ctx: Context, name: str) -> Iterator[str]:
    """A file, or a directory and all in it; directories end with a slash."""
    found = ctx.files.stat(ctx.path(name), follow=False)
    if not stat.S_ISDIR(found.mode):
        yield name
        return
    folder = name.rstrip("/") + "/"
    yield folder
    for child in ctx.files.listdir(ctx.path(name)):
        yield from _below(ctx, folder + child)


def _add(ctx: Context, archive: tarfile.TarFile, name: str) -> None:
    path = ctx.path(name)
    found = ctx.files.stat(path, follow=False)
    info = tarfile.TarInfo(name.lstrip("/"))
    info.mode, info.mtime = found.mode & 0o7777, int(found.mtime)
    info.uid, info.gid = found.uid, found.gid
    info.uname, info.gname = user_name(found.uid), user_name(found.gid)
    if stat.S_ISDIR(found.mode):
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    elif stat.S_ISLNK(found.mode):
        info.type, info.linkname = tarfile.SYMTYPE, ctx.files.readlink(path)
        archive.addfile(info)
    else:
        with ctx.files.open(path, uid=ctx.uid) as file:
            content = file.read()
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))


async def _list(ctx: Context, options: Options, archive: tarfile.TarFile) -> int:
    for member in archive:
        name = member.name + ("/" if member.isdir() else "")
        if _wanted(options, member):
            await ctx.out(f"{_long(member)} " * ("v" in options) + f"{name}{_link(member)}\n")
    return 0


def _long(member: tarfile.TarInfo) -> str:
    import time

    kind = {tarfile.DIRTYPE: stat.S_IFDIR, tarfile.SYMTYPE: stat.S_IFLNK}.get(member.type, stat.S_IFREG)
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(member.mtime))
    return f"{stat.filemode(kind | member.mode)} {member.uname}/{member.gname} {member.size:9d} {when}"


def _link(member: tarfile.TarInfo) -> str:
    return f" -> {member.linkname}" if member.issym() else ""


async def _extract(ctx: Context, options: Options, archive: tarfile.TarFile) -> int:
    status = 0
    for member in archive:
        name = posixpath.normpath(member.name).lstrip("/")
        if not _wanted(options, member):
            continue
        if name.split("/")[0] == "..":
            status = await ctx.fail(f"'{member.name}' not under '{ctx.cwd}'")
            continue
        if "v" in options:
            await ctx.err(f"{member.name}\n")
        try:
            await _unpack(ctx, options, archive, member, ctx.path(name))
        except OSError as error:
            status = await ctx.fail(f"{member.name}: {reason(error)}")
    return status


async def _unpack(ctx: Context, options: Options, archive: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> None:
    files = ctx.files
    if member.isdir():
        if not files.exists(path):
            files.mkdir(path, member.mode & ~ctx.umask, parents=True)
        return
    if not files.exists(posixpath.dirname(path)):
        files.mkdir(posixpath.dirname(path), 0o777 & ~ctx.umask, parents=True)
    if member.issym():
        files.symlink(member.linkname, path)
        return
    opened = archive.extractfile(member)
    content = opened.read() if opened is not None else b""
    if "O" in options:
        await ctx.stdout.write(content)
        return
    if "k" in options and files.exists(path):
        return
    files.write(path, content, mode=member.mode & ~ctx.umask)
    if "m" not in options:
        files.utime(path, int(member.mtime))


def _wanted(options: Options, member: tarfile.TarInfo) -> bool:
    """All members, or those that the operands name, with what is below them."""
    names = [name.rstrip("/") for name in options.operands]
    return not names or any(member.name == name or member.name.startswith(f"{name}/") for name in names)
