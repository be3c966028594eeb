"""`dumpsys SurfaceFlinger`: layers, and when their frames were shown (AOSP SurfaceFlinger.cpp, FrameTracker.cpp)."""

from __future__ import annotations

from collections.abc import Iterator

from framework.virtual.android.activities import ActivityRecord
from framework.virtual.android.binder import Call
from framework.virtual.android.frames import KEPT_BY_COMPOSITOR, Surface
from framework.virtual.android.services.activity_tasks import activity_text
from framework.virtual.android.tokens import token

PENDING = 2**63 - 1
"""What a fence that has not signalled yet has for a time."""


NO_ANIMATIONS_SINCE_SDK = 34
"""Until then the compositor tracked window animations too, which nothing here has."""


async def dump(call: Call) -> int:
    option, layer = (*call.words, "", "")[:2]
    if option == "--latency":
        await call.out(_latency(call, layer))
    elif option == "--latency-clear":
        _clear(call, layer)
    elif option in ("--display-id", "--displays"):
        await call.out(_display(call))
    elif option in ("", "--list"):
        await call.out("".join(f"{name}\n" for name in _layers(call)))
    return 0


def _display(call: Call) -> str:
    """The panel that is lit: its physical id, port and name (SurfaceFlinger::dumpDisplayIdentificationData)."""
    panel = call.device.posture.current.display
    name = "Built-in Screen"
    return f'Display {panel} (HWC display {panel}): port={panel} pnpId=QCM displayName="{name}"\n'


def layer_name(record: ActivityRecord) -> str:
    """Of the layer that the window's buffers go to: its title and a number of its own."""
    return f"{record.component}#{_first_number(record) + 2}"


def _first_number(record: ActivityRecord) -> int:
    return 100 + 7 * record.task


def _layers(call: Call) -> Iterator[str]:
    yield 'Display 0 name="Built-in Screen"#3'
    for record in call.device.activities.stack:
        if record.window is not None:
            number = _first_number(record)
            yield f"{activity_text(record)}#{number}"
            yield f"{token('window', record.task)} {record.component}#{number + 1}"
            yield layer_name(record)
    yield "StatusBar#71"


def _surfaces(call: Call) -> Iterator[tuple[str, Surface]]:
    for record in call.device.activities.stack:
        surface = call.device.frames.surface(record)
        if surface is not None:
            yield layer_name(record), surface


def _latency(call: Call, wanted: str) -> str:
    """The refresh period, then the rows of the layer of exactly that name; of window animations without one."""
    period = f"{call.device.frames.vsync.nominal_ns}\n"
    for name, surface in _surfaces(call):
        if name == wanted:
            return period + _rows(surface, call.device.clock.monotonic_ns())
    tracked = wanted in _layers(call) if wanted else call.device.profile.build.sdk < NO_ANIMATIONS_SINCE_SDK
    return period + (_zeros(KEPT_BY_COMPOSITOR) + "\n" if tracked else "")


def _rows(surface: Surface, now_ns: int) -> str:
    """Desired present (when the buffer was queued), actual present and frame ready, oldest first."""
    taken = [frame for frame in surface.layer if frame.latched_ns <= now_ns]
    rows = [
        f"{frame.swapped_ns}\t{frame.present_ns if frame.present_ns <= now_ns else PENDING}\t{frame.gpu_completed_ns}\n"
        for frame in taken
    ]
    return _zeros(KEPT_BY_COMPOSITOR - len(rows)) + "".join(rows) + "\n"


def _zeros(count: int) -> str:
    return "0\t0\t0\n" * count


def _clear(call: Call, wanted: str) -> None:
    """Forget what the compositor has taken so far."""
    now_ns = call.device.clock.monotonic_ns()
    for name, surface in _surfaces(call):
        while wanted in ("", name) and surface.layer and surface.layer[0].latched_ns <= now_ns:
            surface.layer.popleft()
