"""The on-device sampling loop: its script, and the reading of what it prints.

One shell stream per handset. A sample begins with a line `@PROBE UPTIME`; what follows until the next such line
is the probe's own output. UPTIME is /proc/uptime: boot time in steps of 10 ms.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from framework.trace.probes.probe import Probe

TICK_S = 0.25
"""Device seconds between two ticks; each probe says how many ticks it is due after."""

Sink = Callable[[Probe, int, str], None]
"""Called with the probe, device_ns and what the probe printed."""


def availability_script(probes: Sequence[Probe]) -> str:
    """Prints the name of each probe that the handset does not refuse."""
    return "\n".join(f"if {probe.available}; then echo {probe.name}; fi" for probe in probes)


def loop_script(probes: Sequence[Probe], package: str) -> str:
    """The loop; it ends with the stream that it runs in."""
    head = (
        f"package={shlex.quote(package)}; n=0; pid=",
        "while :; do",
        '[ -n "$pid" ] && [ -d /proc/$pid ] || pid=$(pidof -s "$package")',
        "read up idle </proc/uptime",
    )
    tail = ("echo @", "n=$((n+1))", f"sleep {TICK_S:g}", "done")
    return "\n".join((*head, *(_step(probe) for probe in probes), *tail))


def _step(probe: Probe) -> str:
    body = f'echo "@{probe.name} $up"\n{probe.script}'
    return body if probe.every == 1 else f"if [ $((n % {probe.every})) -eq 0 ]; then\n{body}\nfi"


class SampleReader:
    """Lines in, samples out: collects the lines of a sample and hands them to the sink when it is whole."""

    def __init__(self, probes: Sequence[Probe], sink: Sink) -> None:
        self._probes = {probe.name: probe for probe in probes}
        self._sink = sink
        self._probe: Probe | None = None
        self._device_ns = 0
        self._lines: list[str] = []

    def feed(self, line: str) -> None:
        if not line.startswith("@"):
            self._lines.append(line)
            return
        if self._probe is not None:
            self._sink(self._probe, self._device_ns, "\n".join(self._lines))
        name, _, uptime = line[1:].partition(" ")
        self._lines.clear()
        self._probe = self._probes.get(name)
        if self._probe is not None:
            self._device_ns = uptime_ns(uptime)


def uptime_ns(text: str) -> int:
    """The first number of /proc/uptime (seconds with decimals) in nanoseconds; ValueError for anything else."""
    whole, _, decimals = text.split()[0].partition(".")
    return int(whole) * 1_000_000_000 + int(decimals.ljust(9, "0")[:9] or "0")
