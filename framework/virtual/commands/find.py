"""find: walk directories and do something about what matches."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.findtests import Candidate, parse_expression


async def run(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    while words[:1] in (["-H"], ["-L"]):
        words.pop(0)
    starts = []
    while words and not (words[0].startswith("-") or words[0] in ("!", "(", ")")):
        starts.append(words.pop(0))
    walk = _Walk(ctx, words, follow="-L" in ctx.argv)
    for start in starts or ["."]:
        await walk.start(start)
    return await walk.finish()


class _Walk:
    def __init__(self, ctx: Context, words: list[str], *, follow: bool) -> None:
        self._ctx = ctx
        self._follow = follow
        self._expression = parse_expression(ctx, words)
        self._status = 0

    async def start(self, name: str) -> None:
        await self._visit(name, 0)

    async def finish(self) -> int:
        await self._expression.finish()
        return self._status

    async def _visit(self, name: str, depth: int) -> None:
        limits = self._expression.limits
        files, path = self._ctx.files, self._ctx.path(name)
        try:
            info = files.stat(path, follow=self._follow)
        except OSError as error:
            self._status = await self._ctx.fail(f"'{name}': {reason(error)}")
            return
        candidate = Candidate(name, path, info, depth)
        shown = depth >= limits.minimum
        if shown and not limits.depth_first:
            await self._expression.holds(candidate)
        if candidate.is_directory and depth < limits.maximum and not candidate.pruned:
            await self._children(candidate)
        if shown and limits.depth_first:
            await self._expression.holds(candidate)

    async def _children(self, candidate: Candidate) -> None:
        try:
            names = self._ctx.files.listdir(candidate.path)
        except OSError as error:
            self._status = await self._ctx.fail(f"{candidate.name}: {reason(error)}")
            return
        for name in names:
            await self._visit(f"{candidate.name.rstrip('/')}/{name}", candidate.depth + 1)
