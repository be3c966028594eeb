"""Frames of an app that Android's own renderer does not draw, from `dumpsys SurfaceFlinger --latency LAYER`.

Only where gfxinfo tells of no frames. The compositor keeps the last 127; it knows when each was wanted and when it was
shown on the glass, by the monotonic clock.
"""

from __future__ import annotations

from framework.dumps import sf_latency
from framework.trace.probes.frames import NS_PER_MS, TELLS, USUAL_INTERVAL_NS, unit
from framework.trace.probes.probe import Probe, Reading, Scene


class LatencyReader:
    """Remembers the last frame shown. The first reading only tells where the recording begins."""

    def __init__(self, scene: Scene) -> None:
        self._clocks = scene.clocks
        self._last_ns: int | None = None

    def __call__(self, device_ns: int, text: str) -> Reading:
        dump = sf_latency.parse(text)
        times = [(frame.desired_present_ns, frame.actual_present_ns) for frame in dump.frames]
        shown = [(wanted, at) for wanted, at in times if wanted is not None and at is not None]
        since, self._last_ns = self._last_ns, max([self._last_ns or 0, *(at for _, at in shown)])
        segments = self._clocks.clocks().monotonic
        if since is None or not segments:
            return Reading()
        ahead_ns = segments[-1].offset_ns
        new = [(wanted, at) for wanted, at in shown if at > since]
        points = [(wanted + ahead_ns, {"frame_ms": (at - wanted) / NS_PER_MS}) for wanted, at in new]
        if new:
            period_ns = dump.refresh_period_ns or USUAL_INTERVAL_NS
            points.append((device_ns, {"jank": sum(at - wanted > 1.5 * period_ns for wanted, at in new) / len(new)}))
        return Reading(tuple(points))


_FIND = """find_layer() {
layer=; set -f; IFS="
"
for line in $(dumpsys SurfaceFlinger --list); do
case $line in *"$package/"*) layer=$line;; esac
done
unset IFS; set +f
}"""

PROBE = Probe(
    name="surface",
    units=unit,
    available=f'{_FIND}\n! {{ {TELLS}; }} && find_layer && [ -n "$layer" ]',
    setup=f"{_FIND}\nlayer=",
    script="""[ -n "$layer" ] || find_layer
[ -z "$layer" ] || text=$(dumpsys SurfaceFlinger --latency "$layer")
[ "${text#*[!0-9]}" != "$text" ] || layer=""",
    reader=LatencyReader,
    period_s=8.0,
    commands=1,
)
