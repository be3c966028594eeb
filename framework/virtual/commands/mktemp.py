"""mktemp: a new file or directory with a name of its own."""

from __future__ import annotations

import random
import string

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.options import parse_options

LETTERS = string.ascii_letters + string.digits
TRIES = 100


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "uqdt", "p", long={"directory": "d"}, maximum=1)
    template = options.operands[0] if options.operands else "tmp.XXXXXXXXXX"
    marks = len(template) - len(template.rstrip("X"))
    if marks < 3:
        raise CommandFault(f"need XXXXXX in template '{template}'")
    if not options.operands or "p" in options or "t" in options:
        folder = options.value("p") or ctx.env.get("TMPDIR", "/data/local/tmp")
        template = f"{folder}/{template}"
    chance = random.Random(f"{ctx.device.seed} {ctx.process.pid} {ctx.device.clock.now_ns()}")  # noqa: S311
    for _ in range(TRIES):
        name = template[: len(template) - marks] + "".join(chance.choice(LETTERS) for _ in range(marks))
        try:
            _make(ctx, name, directory="d" in options, only_name="u" in options)
        except FileExistsError:
            continue
        except OSError as error:
            return await ctx.fail(
                f"Failed to create {'directory' if 'd' in options else 'file'} {template}/{name}: {reason(error)}"
            )
        await ctx.out(f"{name}\n")
        return 0
    raise CommandFault(f"no free name for '{template}'")


def _make(ctx: Context, name: str, *, directory: bool, only_name: bool) -> None:
    path = ctx.path(name)
    if only_name:
        return
    if directory:
        ctx.files.mkdir(path, 0o700)
    else:
        ctx.files.open(path, "x", perm=0o600, uid=ctx.uid).close()
