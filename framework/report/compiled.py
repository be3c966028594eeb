"""Templates once compiled are kept in this user's cache folder: to compile them takes longer than to fill them."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, FileSystemBytecodeCache

from framework.tools.cache import cache_folder


def compiled_templates(options: str) -> CompiledTemplates | None:
    """Of environments that compile by these `options`. None where the folder cannot be made, or others might write
    into it: what lies there is run.
    """
    folder = cache_folder() / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):  # the latter where nobody knows a home folder
        return None
    ours = found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return CompiledTemplates(folder, options) if ours else None


class CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's cache, which goes by the source alone. That the disk is full is no fault of a page."""

    def __init__(self, folder: Path, options: str) -> None:
        super().__init__(str(folder))
        self._options = options

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._options}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # unpickling what was cut off raises nearly anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)
