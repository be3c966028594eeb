"""ls: list directories."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.dates import format_date
from framework.virtual.commands.modes import mode_text
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.commands.sizes import human
from framework.virtual.system.nodes import Stat
from framework.virtual.system.users import user_name

LONG = {"all": "a", "almost-all": "A", "long": "l", "recursive": "R", "human-readable": "h", "directory": "d"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry: as it is shown, where it is, and what it is."""

    name: str
    path: str
    stat: Stat


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ACFHLNRSZabcdfghiklmnopqrstuxw1", long=LONG)
    listing = _Listing(ctx, options)
    names = options.operands or ["."]
    found = [entry for name in names if (entry := await listing.look(name, ctx.path(name), follow=True))]
    folders = [] if "d" in options else [entry for entry in found if stat.S_ISDIR(entry.stat.mode)]
    files = listing.sorted([entry for entry in found if entry not in folders])
    await listing.show(files)
    headers = len(names) > 1 or "R" in options
    for i, folder in enumerate(listing.sorted(folders)):
        if headers:
            await ctx.out(f"{chr(10) if i or files else ''}{folder.name}:\n")
        await listing.directory(folder)
    return listing.status


class _Listing:
    def __init__(self, ctx: Context, options: Options) -> None:
        self.status = 0
        self._ctx = ctx
        self._options = options
        self._long = any(letter in options for letter in "lgno") and options.last_of("lgno1Cmx") in "lgno"

    async def look(self, name: str, path: str, *, follow: bool = False) -> Listed | None:
        """The entry, following a link that is named on the command line unless it is shown as a link."""
        follow = "L" in self._options or (follow and not (self._long or "d" in self._options or "F" in self._options))
        follow = follow or name.endswith("/") or ("H" in self._options and follow)
        try:
            return Listed(name, path, self._ctx.files.stat(path, follow=follow))
        except FileNotFoundError as error:
            if follow:
                return await self._unfollowed(name, path)
            await self._missing(name, error)
        except OSError as error:
            await self._missing(name, error)
        return None

    async def _unfollowed(self, name: str, path: str) -> Listed | None:
        try:
            return Listed(name, path, self._ctx.files.stat(path, follow=False))
        except OSError as error:
            await self._missing(name, error)
        return None

    async def _missing(self, name: str, error: OSError) -> None:
        self.status = await self._ctx.fail(f"{name}: {reason(error)}")

    def sorted(self, entries: list[Listed]) -> list[Listed]:
        order = self._options.last_of("StUf")
        keys: dict[str, Callable[[Listed], tuple[float, str]]] = {
            "S": lambda entry: (-entry.stat.size, entry.name),
            "t": lambda entry: (-entry.stat.mtime, entry.name),
        }
        if order == "f":
            return entries
        made = sorted(entries, key=keys.get(order, lambda entry: (0, entry.name)))
        return made[::-1] if "r" in self._options else made

    async def directory(self, folder: Listed) -> None:
        try:
            names = self._ctx.files.listdir(folder.path)
        except OSError as error:
            self.status = await self._ctx.fail(f"{folder.name}: {reason(error)}")
            return
        if "a" in self._options or "f" in self._options:
            names = [".", "..", *names]
        elif "A" not in self._options:
            names = [name for name in names if not name.startswith(".")]
        looked = [await self.look(name, f"{folder.path.rstrip('/')}/{name}") for name in names]
        entries = self.sorted([entry for entry in looked if entry])
        if self._long or "s" in self._options:
            await self._ctx.out(f"total {sum(_blocks(entry.stat) for entry in entries)}\n")
        await self.show(entries)
        if "R" in self._options:
            await self._below(folder, entries)

    async def _below(self, folder: Listed, entries: list[Listed]) -> None:
        for entry in entries:
            if stat.S_ISDIR(entry.stat.mode) and entry.name not in (".", ".."):
                name = f"{folder.name.rstrip('/')}/{entry.name}"
                await self._ctx.out(f"\n{name}:\n")
                await self.directory(Listed(name, entry.path, entry.stat))

    async def show(self, entries: list[Listed]) -> None:
        rows = [self._columns(entry) for entry in entries]
        widths = [max((len(row[i][0]) for row in rows), default=0) for i in range(len(rows[0]))] if rows else []
        shown = []
        for entry, row in zip(entries, rows, strict=True):
            cells = [
                text.rjust(width) if right else text.ljust(width)
                for (text, right), width in zip(row, widths, strict=True)
            ]
            shown.append(" ".join([*cells, self._name(entry)]))
        if "m" in self._options and shown:
            await self._ctx.out(f"{', '.join(shown)}\n")
        else:
            await self._ctx.out("".join(f"{line}\n" for line in shown))

    def _columns(self, entry: Listed) -> list[tuple[str, bool]]:
        """What stands before the name: texts, and whether they are aligned to the right."""
        info, options = entry.stat, self._options
        row = [(str(info.ino), True)] if "i" in options else []
        if "s" in options:
            row.append((str(_blocks(info)), True))
        if not self._long:
            return [*row, ("u:object_r:unlabeled:s0", False)] if "Z" in options else row
        numeric = "n" in options
        row += [(mode_text(info.mode), False), (str(info.nlink), True)]
        if "g" not in options:
            row.append((str(info.uid) if numeric else user_name(info.uid), False))
        if "o" not in options:
            row.append((str(info.gid) if numeric else user_name(info.gid), False))
        row.append((_size(info, readable="h" in options), True))
        return [*row, (format_date("%Y-%m-%d %H:%M", info.mtime * 1_000_000_000), False)]

    def _name(self, entry: Listed) -> str:
        mode = entry.stat.mode
        name = entry.name
        if self._long and stat.S_ISLNK(mode):
            return f"{name} -> {self._ctx.files.readlink(entry.path)}"
        if stat.S_ISDIR(mode) and ("F" in self._options or "p" in self._options):
            return f"{name}/"
        if "F" in self._options:
            return name + ("@" if stat.S_ISLNK(mode) else "*" if mode & 0o111 and stat.S_ISREG(mode) else "")
        return name


def _blocks(info: Stat) -> int:
    """Of 1 KiB each, in whole pages; a short link lies in its inode."""
    if stat.S_ISCHR(info.mode) or stat.S_ISLNK(info.mode):
        return 0
    return (info.size + 4095) // 4096 * 4


def _size(info: Stat, *, readable: bool) -> str:
    if stat.S_ISCHR(info.mode):
        return f"{info.rdev >> 8},{info.rdev & 255:4d}"
    return human(info.size) if readable else str(info.size)
