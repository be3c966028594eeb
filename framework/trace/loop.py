"""The script of the on-device sampling loop: one shell, one stream, everything of a tick in one write.

It runs in mksh, Android's shell, and in nothing else. Files are read by the shell itself (`read <file`, `$(<file)`);
only dumps start a program. Its lines:

    @clock UPTIME WALL UPTIME    the wall clock in seconds since 1970, and the boot time before and after it was read
    @boot ID                     /proc/sys/kernel/random/boot_id, when the loop begins
    @NAME UPTIME                 what follows until the next such line is the output of probe NAME
    @round N                     all probes have run since `round N` was asked for
    @                            the end of a tick

UPTIME is /proc/uptime: boot time in seconds, cut off to 10 ms. The loop takes requests on its input: `round N` runs
every probe at once, `drop NAME` runs one no more. It ends with its input.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from framework.trace.probes.probe import Probe

TICK_S = 0.2
"""Device seconds between two ticks of a handset whose time is ours: 5 Hz."""

HOST_TICK_S = 0.05
HOST_DUMP_S = 0.125
"""An emulated handset whose time runs faster is not sampled more often than this in host time, for each tick is work
for the host, too: at speed 20 a tick is 1 device second, at speed 60 it is 3; dumps are 2.5 and 7.5 s apart."""

SEEK_S = 1.0
"""How often the process is looked for while there is none."""

_CENTI = 100
_HEAD = r"""exec 2>/dev/null
package={package}; pid=; seek=0; force=0; round=; wall=
read -r up _ </proc/uptime; base=${{up%.*}}
elapsed() {{ read -r up _ </proc/uptime; now=$(( (${{up%.*}} - base) * 100 + 1${{up#*.}} - 100 )); }}
wall_clock() {{ wall=$EPOCHREALTIME; }}
[ -n "$EPOCHREALTIME" ] || wall_clock() {{
[ $now -lt $due_wall ] || {{ due_wall=$((now + 500)); wall=$(date +%s.%N); }}
}}
find_process() {{ pid=$(pidof -s "$package"); }}
type pidof >/dev/null || find_process() {{
for folder in /proc/[0-9]*; do
name=; read -r name <$folder/cmdline
[ "$name" = "$package" ] && pid=${{folder##*/}} && return
done; pid=
}}
read -r boot </proc/sys/kernel/random/boot_id && print -r -- "@boot $boot"
elapsed; next=$now; due_wall=$now"""

_TICK = r"""while :; do
if [ -z "$pid" ] || [ ! -d /proc/$pid ]; then
[ $now -lt $seek ] || {{ seek=$((now + {seek})); find_process; }}
fi
elapsed; before=$up; wall=; wall_clock; elapsed
out="@clock $before $wall $up"
"""

_PROBE = r"""if [ $((now + force)) -ge $due_{name} ]; then
due_{name}=$((now + {period}))
text=
{refresh}{script}
out+="
@{name} $up
$text"
fi"""

_REST = r"""[ -z "$round" ] || out+="
@round $round"
print -r -- "$out
@"
force=0; round=; elapsed
next=$((next + {tick}))
[ $next -gt $now ] || next=$((now + 1))
rest=$((next - now))
part=$((100 + rest % 100))
read -r -t $((rest / 100)).${{part#1}} ask argument
case $? in
0) next=$((next - {tick}))
case $ask in
round) round=$argument; force=1000000000;;
drop) eval "due_$argument=2000000000";;
esac;;
1) exit;;
esac
elapsed
done"""


def tick_s(time_scale: float) -> float:
    """Device seconds between two ticks."""
    return max(TICK_S, HOST_TICK_S * time_scale)


def period_s(probe: Probe, time_scale: float) -> float:
    """Device seconds between two readings of a probe."""
    return max(probe.period_s, tick_s(time_scale), HOST_DUMP_S * time_scale if probe.commands else 0)


def availability_script(probes: Sequence[Probe], package: str) -> str:
    """Prints the name of each probe that the handset does not refuse."""
    tried = (f"if {probe.available}\nthen echo {probe.name}; fi" for probe in probes)
    return "\n".join([f"exec 2>/dev/null\npackage={shlex.quote(package)}", *tried])


def loop_script(probes: Sequence[Probe], package: str, time_scale: float = 1) -> str:
    """The loop with these probes; it ends with the stream that it runs in."""
    tick = round(tick_s(time_scale) * _CENTI)
    return "\n".join(
        (
            _HEAD.format(package=shlex.quote(package)),
            *(f"due_{probe.name}=$now" for probe in probes),
            *(probe.setup for probe in probes if probe.setup),
            _TICK.format(seek=round(max(SEEK_S, tick_s(time_scale)) * _CENTI)),
            *(_step(probe, time_scale) for probe in probes),
            _REST.format(tick=tick),
        )
    )


def _step(probe: Probe, time_scale: float) -> str:
    refresh = "elapsed\n" if probe.commands else ""
    # A reading is due up to half a tick early: ticks come on a grid, but never exactly.
    period = round((period_s(probe, time_scale) - tick_s(time_scale) / 2) * _CENTI)
    return _PROBE.format(name=probe.name, period=period, script=probe.script, refresh=refresh)
