"""PSS and graphics memory of the assistant, from `dumpsys meminfo PACKAGE`.

It walks all mappings of the process and holds the app up meanwhile (0.2 to 2 s for gigabytes of weights): it is read
between turns and at the end, never in the loop.
"""

from __future__ import annotations

from framework.contract.capabilities import Handset
from framework.dumps import meminfo
from framework.dumps.errors import DumpError
from framework.trace.probes.memory import KB_PER_MB
from framework.trace.probes.probe import Reading
from framework.trace.recording import Recording

WITHIN_S = 20.0
NS_PER_MS = 1_000_000


def take(handset: Handset, package: str, recording: Recording) -> None:
    """Read it now; a handset that does not tell is noted. HandsetError when it does not answer."""
    printed = handset.shell.run("dumpsys", "meminfo", package, timeout_s=WITHIN_S).text
    try:
        dump = meminfo.parse(printed)
    except DumpError as error:
        recording.note(f"pss: {printed.strip().splitlines()[0] if printed.strip() else error}")
        return
    if dump.uptime_ms is None or dump.realtime_ms is None:
        recording.note("pss: meminfo prints no line `Uptime: N Realtime: N`, so that it has no boot time")
        return
    recording.monotonic(dump.uptime_ms, dump.realtime_ms)
    values = _values(dump)
    recording.keep(Reading(((dump.realtime_ms * NS_PER_MS, values),) if values else ()), "pss", lambda _: "MB")


def _values(dump: meminfo.MeminfoDump) -> dict[str, float]:
    """Of the app's first process, the one that it is named after."""
    if not dump.processes:
        return {}
    process = dump.processes[0]
    graphics = next((row.pss_kb for row in process.summary if row.name == "Graphics"), None)
    sizes = {"pss_mb": process.total_pss_kb, "graphics_mb": graphics}
    return {series: size / KB_PER_MB for series, size in sizes.items() if size is not None}
