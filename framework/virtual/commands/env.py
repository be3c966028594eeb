"""env and printenv: the environment, and programs in another one."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    return await (_printenv(ctx) if ctx.name == "printenv" else _env(ctx))


async def _env(ctx: Context) -> int:
    options = parse_options(ctx.argv, "i0", "u", leading=True)
    env = {} if "i" in options else dict(ctx.env)
    for name in options.values.get("u", []):
        env.pop(name, None)
    words = list(options.operands)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    if words:
        status = await ctx.launch(words, env=env)
        return await ctx.fail(f"exec {words[0]}: No such file or directory", 127) if status == 127 else status
    end = "\0" if "0" in options else "\n"
    await ctx.out("".join(f"{name}={value}{end}" for name, value in env.items()))
    return 0


async def _printenv(ctx: Context) -> int:
    options = parse_options(ctx.argv, "0")
    end = "\0" if "0" in options else "\n"
    if not options.operands:
        await ctx.out("".join(f"{name}={value}{end}" for name, value in ctx.env.items()))
        return 0
    found = [ctx.env[name] for name in options.operands if name in ctx.env]
    await ctx.out("".join(f"{value}{end}" for value in found))
    return int(len(found) < len(options.operands))
