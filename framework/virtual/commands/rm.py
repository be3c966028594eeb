"""rm and unlink: remove files and directories."""

from __future__ import annotations

import errno
import os
import stat

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "fiRrv", long={"force": "f", "recursive": "r", "verbose": "v"})
    force, recursive = "f" in options, "r" in options or "R" in options
    if not options.operands and not force:
        return await ctx.fail('Needs 1 argument (see "rm --help")')
    removal = _Removal(ctx, recursive=recursive, force=force, verbose="v" in options)
    for name in options.operands:
        await removal.one(name)
    return removal.status


class _Removal:
    def __init__(self, ctx: Context, *, recursive: bool, force: bool, verbose: bool) -> None:
        self.status = 0
        self._ctx = ctx
        self._recursive = recursive
        self._force = force
        self._verbose = verbose

    async def one(self, name: str) -> None:
        files, path = self._ctx.files, self._ctx.path(name)
        try:
            if not stat.S_ISDIR(files.stat(path, follow=False).mode):
                files.remove(path)
            elif not self._recursive:
                raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
            else:
                for entry in files.listdir(path):
                    await self.one(f"{name.rstrip('/')}/{entry}")
                files.rmdir(path)
        except OSError as error:
            if not (self._force and error.errno in (errno.ENOENT, errno.ENOTDIR)):
                self.status = await self._ctx.fail_on(name, error)
            return
        if self._verbose:
            await self._ctx.out(f"rm '{name}'\n")
