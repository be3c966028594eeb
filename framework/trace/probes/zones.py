"""Temperatures of the kernel's thermal zones, where a vendor lets shell read them (AOSP does not); keyed on type.

Numbers of zones move between handsets of one SoC, types do not. Some handsets have a hundred zones: only those are
read whose type tells of skin, SoC, battery or modem, and no more than `MOST`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from framework.dumps import thermal_zone
from framework.trace.probes.probe import Probe, plain

MOST = 16


def read(text: str) -> Mapping[str, float]:
    """`zone_TYPE_c` in °C, the hottest where several zones are of one type."""
    values: dict[str, float] = {}
    for zone in thermal_zone.parse(text).zones if text else ():
        if zone.type is not None and zone.temperature_c is not None:
            name = f"zone_{re.sub(r'[^A-Za-z0-9]+', '_', zone.type).strip('_').lower()}_c"
            values[name] = max(zone.temperature_c, values.get(name, zone.temperature_c))
    return values


PROBE = Probe(
    name="zones",
    units=lambda series: "°C",
    available="zone=/sys/class/thermal/thermal_zone0; read -r kind <$zone/type && read -r celsius <$zone/temp",
    setup=f"""zones=; left={MOST}
for zone in /sys/class/thermal/thermal_zone*; do
[ $left -gt 0 ] && read -r kind <$zone/type && read -r celsius <$zone/temp || continue
case $kind in
*[Ss][Kk][Ii][Nn]*|*quiet*|*soc*|*SOC*|*cpu*|*CPU*|*gpu*|*GPU*|*npu*|*batt*|*BATT*|*ddr*|*modem*|*xo*|AP|BIG|MID|LITTLE)
zones="$zones $zone $kind"; left=$((left - 1));;
esac
done""",
    script="""set -- $zones
while [ $# -gt 1 ]; do
read -r celsius <$1/temp && text+="${1##*/}/type:$2
${1##*/}/temp:$celsius
"
shift 2
done""",
    reader=plain(read),
    period_s=1.0,
)
