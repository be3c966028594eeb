"""Copying trees of files, for cp and for mv across directories."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass

from framework.virtual.commands.context import Context, reason
from framework.virtual.system.descriptors import FileStream


@dataclass(slots=True)
class Copier:
    """Copies one tree at a time; what fails is reported, and `status` is 1 then."""

    ctx: Context
    recursive: bool = False
    preserve: bool = False
    follow: bool = False
    force: bool = False
    keep_existing: bool = False
    verbose: bool = False
    status: int = 0

    async def copy(self, source: str, target: str) -> None:
        files = self.ctx.files
        try:
            info = files.stat(self.ctx.path(source), follow=self.follow)
        except OSError as error:
            await self._complain(source, error)
            return
        if self.keep_existing and files.exists(self.ctx.path(target)):
            return
        if stat.S_ISDIR(info.mode) and not self.recursive:
            self.status = await self.ctx.fail(f"Skipped dir '{source}'")
            return
        try:
            if stat.S_ISDIR(info.mode):
                await self._directory(source, target, info.mode)
            elif stat.S_ISLNK(info.mode):
                self._symlink(source, target)
            else:
                await self._file(source, target, info.mode)
            if self.preserve and not stat.S_ISLNK(info.mode):
                files.chmod(self.ctx.path(target), info.mode)
                files.utime(self.ctx.path(target), info.mtime)
        except BrokenPipeError:
            raise
        except OSError as error:
            await self._complain(target, error)
            return
        if self.verbose:
            await self.ctx.out(f"{self.ctx.name} '{source}' -> '{target}'\n")

    async def _complain(self, name: str, error: OSError) -> None:
        self.status = await self.ctx.fail(f"'{name}': {reason(error)}")

    async def _directory(self, source: str, target: str, mode: int) -> None:
        files = self.ctx.files
        if not files.exists(self.ctx.path(target)):
            files.mkdir(self.ctx.path(target), mode & 0o7777 | 0o700)
        for name in files.listdir(self.ctx.path(source)):
            await self.copy(f"{source}/{name}", f"{target}/{name}")

    def _symlink(self, source: str, target: str) -> None:
        files, path = self.ctx.files, self.ctx.path(target)
        if self.force and files.exists(path):
            files.remove(path)
        files.symlink(files.readlink(self.ctx.path(source)), path)

    async def _file(self, source: str, target: str, mode: int) -> None:
        files, path = self.ctx.files, self.ctx.path(target)
        if self.force and files.exists(path) and not files.access(path, 2):
            files.remove(path)
        if files.exists(path) and files.stat(path).ino == files.stat(self.ctx.path(source)).ino:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        perm = mode & 0o777 & ~self.ctx.umask
        if files.copy(self.ctx.path(source), path, perm=perm):
            return
        with files.open(self.ctx.path(source), uid=self.ctx.uid) as reading:
            stream = FileStream(reading)
            with files.open(path, "w", perm=perm, uid=self.ctx.uid) as writing:
                while data := await stream.read():
                    writing.write(data)
