"""CPU clocks against nominal, per cpufreq policy: the limit that thermal management sets shows throttling."""

from __future__ import annotations

from collections.abc import Mapping

from framework.trace.probes.probe import Probe, plain


def read(text: str) -> Mapping[str, float]:
    """`cpuN_mhz` and `cpuN_limit_mhz` per policy, `throttle`: 1 when any limit is below its nominal clock, and
    `clock_limit`: the lowest limit as a share of its nominal clock."""
    values: dict[str, float] = {}
    shares = []
    for line in text.splitlines():
        policy, *numbers = line.split()
        if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
            continue
        current, limit, nominal = (int(number) / 1000 for number in numbers)
        values[f"cpu{policy}_mhz"], values[f"cpu{policy}_limit_mhz"] = current, limit
        shares.append(limit / nominal if nominal else 1.0)
    return values | {"throttle": float(min(shares) < 1), "clock_limit": min(shares)} if shares else values


PROBE = Probe(
    name="clocks",
    units=lambda series: "MHz" if series.endswith("_mhz") else "share",
    available="[ -r /sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq ]",
    setup="""nominals=
for policy in /sys/devices/system/cpu/cpufreq/policy*; do
read -r nominal <$policy/cpuinfo_max_freq && nominals="$nominals $policy $nominal"
done""",
    script="""set -- $nominals
while [ $# -gt 1 ]; do
read -r current <$1/scaling_cur_freq && read -r limit <$1/scaling_max_freq &&
text+="${1##*policy} $current $limit $2
"
shift 2
done""",
    reader=plain(read),
)
