"""ps: list processes."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.commands.processfields import COLUMNS, Sample, columns, header, row, samples
from framework.virtual.system.users import user_id

DEFAULT = "USER,PID,PPID,VSIZE,RSS,WCHAN:10,ADDR:10,S,NAME"
FULL = "USER:12=UID,PID,PPID,C,STIME,TTY,TIME,ARGS=CMD"
LONG = "F,S,UID,PID,PPID,C,PRI,NI,ADDR,SZ,WCHAN,TTY,TIME,CMD"
THREADS = "USER,PID,TID,PPID,VSIZE,RSS,WCHAN:10,ADDR:10,S,CMD"
FULL_THREADS = "USER:12=UID,PID,TID,PPID,TCNT,STIME,TTY,TIME,ARGS=CMD"
LONG_THREADS = "F,S,UID,PID,TID,PPID,C,PRI,NI,ADDR,SZ,WCHAN,TTY,TIME,CMD"
"""The same of threads (-T)."""

USAGE = """[-AadefLlnwZ] [-k FIELD,] [-o FIELD,] [-p PID,] [-uU USER,]

List processes.

Which processes to show:

-A\tAll\t\t\t\t\t-a\tHas terminal not session leader
-d\tAll but session leaders\t\t-e\tSynonym for -A
-p\tPIDs (--pid)\t\t\t-P\tParent PIDs (--ppid)
-u\tOwned by selected USERs

Output modifiers:

-k\tSort FIELDs (-FIELD to reverse)
-T\tShow threads\t\t\t\t-w\tWide output

Which FIELDs to show:

-f\tFull listing
-l\tLong listing
-o\tOutput FIELDs instead of defaults, each with optional :size and =title
-O\tAdd FIELDS to defaults
-Z\tInclude LABEL"""


async def run(ctx: Context) -> int:
    argv = [ctx.argv[0], *_dashed(ctx.argv[1:])]
    options = parse_options(argv, "AadefLlnwZTM", "kopPuUgGst", long={"pid": "p", "ppid": "P"}, usage=USAGE)
    shown = columns(_wanted_columns(options))
    found = [sample for sample in samples(ctx, threads="T" in options) if _selected(ctx, sample, options)]
    for key in reversed(",".join(options.values.get("k", [])).split(",")):
        if key:
            found = _ordered(found, key)
    if any(column.title for column in shown):
        await ctx.out(header(shown) + "\n")
    await ctx.out("".join(row(shown, sample) + "\n" for sample in found))
    return int(not found)


def _dashed(words: tuple[str, ...]) -> tuple[str, ...]:
    """`ps aux` without a dash, as BSD had it."""
    if words and words[0] in ("aux", "ax", "ef", "A"):
        return (f"-{'ef' if words[0] != 'A' else 'A'}", *words[1:])
    return words


def _wanted_columns(options: Options) -> list[str]:
    plain, full, long = (THREADS, FULL_THREADS, LONG_THREADS) if "T" in options else (DEFAULT, FULL, LONG)
    base = options.values.get("o") or [full if "f" in options else long if "l" in options else plain]
    if "Z" in options:
        base = ["LABEL", *base]
    return [*base, *options.values.get("O", [])]


def _selected(ctx: Context, sample: Sample, options: Options) -> bool:
    process = sample.process
    if any(letter in options for letter in "Aaed"):
        return True
    tests = []
    if "p" in options:
        tests.append(str(process.pid) in _list(options, "p"))
    if "P" in options:
        tests.append(str(process.ppid) in _list(options, "P"))
    for letter in "uU":
        if letter in options:
            tests.append(process.uid in [user_id(name) for name in _list(options, letter)])
    return any(tests) if tests else process.uid == ctx.uid


def _list(options: Options, letter: str) -> list[str]:
    return ",".join(options.values[letter]).split(",")


def _ordered(found: list[Sample], key: str) -> list[Sample]:
    name = key.lstrip("-+").upper()
    if name not in COLUMNS:
        return found

    def value(sample: Sample) -> tuple[float, str]:
        text = COLUMNS[name].value(sample)
        try:
            return float(text), ""
        except ValueError:
            return 0.0, text

    return sorted(found, key=value, reverse=key.startswith("-"))
