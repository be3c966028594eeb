"""`dumpsys gfxinfo [PACKAGE] [framestats] [reset]`: how apps drew their frames.

AOSP ActivityManagerService.dumpGraphicsHardwareUsage, WindowManagerGlobal.dumpGfxInfo, libs/hwui (RenderThread,
CanvasContext, JankTracker, FrameInfo).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framework.virtual.android.activities import ActivityRecord
from framework.virtual.android.binder import Call
from framework.virtual.android.frame import Frame
from framework.virtual.android.frames import Surface
from framework.virtual.android.graphics import Graphics, graphics_of
from framework.virtual.android.jank import JankStats, profile_text
from framework.virtual.android.tokens import token
from framework.virtual.android.uptimes import uptimes
from framework.virtual.system.users import FIRST_APP

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

UI_COLUMNS = (
    *("Flags", "FrameTimelineVsyncId", "IntendedVsync", "Vsync", "InputEventId", "HandleInputStart", "AnimationStart"),
    *("PerformTraversalsStart", "DrawStart", "FrameDeadline", "FrameInterval", "FrameStartTime"),
)
"""The last two names stand above each other's values: FrameInfo.cpp and FrameInfo.h disagreed until Android 15."""

RENDER_COLUMNS = (
    *("SyncQueued", "SyncStart", "IssueDrawCommandsStart", "SwapBuffers", "FrameCompleted", "DequeueBufferDuration"),
    *("QueueBufferDuration", "GpuCompleted", "SwapBuffersCompleted", "DisplayPresentTime"),
)
SUBMISSION_SINCE_SDK, SUBMISSION_COLUMN = 33, "CommandSubmissionCompleted"


async def dump(call: Call) -> int:
    """Without a package or pid: every app. `reset` begins to count anew after the dump."""
    device = call.device
    wanted = next((word for word in call.words if word not in ("framestats", "reset") and word[0] != "-"), None)
    apps = [each for each in device.processes.all() if each.uid >= FIRST_APP and each.name[0] not in "/["]
    found = [each for each in apps if wanted in (None, each.name, str(each.pid))]
    if not found:
        await call.out(f"No process found for: {wanted}\n")
        return 0
    await call.out(f"Applications Graphics Acceleration Info:\n{uptimes(device.clock)}\n")
    for process in found:
        record = next((each for each in device.activities.stack if each.process is process), None)
        surface = device.frames.surface(record) if record is not None else None
        if record is None or surface is None:
            await call.out(_without_window(process, device.clock.slept_ns))
            continue
        await call.out(_process(device, record, surface, "framestats" in call.words))
        if "reset" in call.words:
            surface.drawn.clear()
            surface.jank.reset(device.clock.monotonic_ns())
    return 0


def _without_window(process: Process, slept_ns: int) -> str:
    """An app that draws nothing has no render thread: only the view hierarchy is told, and there is none."""
    since_ns = max(0, process.started_ns - slept_ns)
    counts = "".join(f"Total {name:<15}: {amount}\n" for name, amount in (("ViewRootImpl", 0), ("attached Views", 0)))
    return (
        f"\n** Graphics info for pid {process.pid} [{process.name}] **\n{profile_text(JankStats(since_ns))}\n"
        f"Profile data in ms:\n\nView hierarchy:\n\n\n{counts}"
        f"Total {'RenderNode':<15}: 0.00 kB (used) / 0.00 kB (capacity)\n\n"
    )


def _process(device: Device, record: ActivityRecord, surface: Surface, framestats: bool) -> str:
    window = f"{record.component}/android.view.ViewRootImpl@{token('view root', record.task)}"
    visible = 0 if device.activities.focused is record else 8
    graphics = graphics_of(device, record.process)
    assert graphics is not None
    parts = [
        f"\n** Graphics info for pid {record.process.pid} [{record.process.name}] **\n",
        profile_text(surface.jank.stats),
        _caches(graphics),
        f"Profile data in ms:\n\n\t{window} (visibility={visible})",
    ]
    if framestats:
        parts += [f"\nWindow: {window}", profile_text(surface.jank.stats), "\n"]
        parts += [_framestats(surface.drawn, device.clock.monotonic_ns(), device.profile.build.sdk)]
    views = sum(1 for _ in record.window.build(device.screen.display).walk()) if record.window else 0
    nodes_kb = views * 3.12
    parts += [
        f"\nView hierarchy:\n\n  {window}\n  {views} views, {nodes_kb:.2f} kB of render nodes\n\n\n",
        f"Total {'ViewRootImpl':<15}: 1\nTotal {'attached Views':<15}: {views}\n",
        f"Total {'RenderNode':<15}: {nodes_kb:.2f} kB (used) / {nodes_kb * 2.8:.2f} kB (capacity)\n\n",
    ]
    return "".join(parts)


def _caches(graphics: Graphics) -> str:
    """CacheManager::dumpMemoryUsage and the buffers of GraphicBufferAllocator."""
    textures, buffers = graphics.gl_bytes, graphics.egl_bytes
    lines = [
        "",
        "Pipeline=Skia (OpenGL)",
        "Memory policy:",
        f"  Max surface area: {graphics.surface_pixels}",
        f"  Max resource usage: {graphics.surface_pixels * 144 / 1e6:.2f}MB (x144)",
        "  Background retention: 50% (altUiHidden = true)",
        "  GPU Context timeout: 10",
        "Contexts: 1 (stopped = 0)",
        "CPU Caches:",
        "  Glyph Cache: 131.22 KB (1 entry)",
        "Total CPU memory usage:",
        "  134369 bytes, 131.22 KB (0.00 bytes is purgeable)",
        "GPU Caches:",
        "  Scratch:",
        f"    Texture: {textures / 1e6:.2f} MB ({graphics.textures} entries)",
        "Total GPU memory usage:",
        f"  {textures} bytes, {textures / 1e6:.2f} MB (0.00 bytes is purgeable)",
        "",
        f"Total allocated by GraphicBufferAllocator (estimate): {buffers / 1024:.2f} KB",
        "",
    ]
    return "\n".join(lines) + "\n"


def _framestats(frames: Sequence[Frame], now_ns: int, sdk: int) -> str:
    """JankTracker::dumpFrames: a column is 0 until its time has come; every line ends with a comma."""
    columns = (*UI_COLUMNS, *RENDER_COLUMNS, *((SUBMISSION_COLUMN,) if sdk >= SUBMISSION_SINCE_SDK else ()))
    lines = ["---PROFILEDATA---", "".join(f"{column}," for column in columns)]
    for frame in frames:
        if frame.sync_start_ns <= now_ns:
            row = (*_ui_part(frame), *_render_part(frame, now_ns))
            lines.append("".join(f"{cell}," for cell in row[: len(columns)]))
    return "\n" + "\n".join([*lines, "---PROFILEDATA---", "", ""])


def _ui_part(frame: Frame) -> tuple[int, ...]:
    vsyncs = (frame.flags, frame.vsync_id, frame.intended_vsync_ns, frame.vsync_ns, 0)
    stages = (frame.handle_input_ns, frame.animation_ns, frame.traversals_ns, frame.draw_ns)
    return (*vsyncs, *stages, frame.deadline_ns, frame.vsync_ns, frame.interval_ns)


def _render_part(frame: Frame, now_ns: int) -> tuple[int, ...]:
    """The compositor tells of a frame's GPU work once it is shown; of its present time only apps that observe it."""

    def known(value: int, at_ns: int) -> int:
        return value if at_ns <= now_ns else 0

    return (
        frame.sync_queued_ns,
        frame.sync_start_ns,
        known(frame.issue_ns, frame.issue_ns),
        known(frame.swap_ns, frame.swap_ns),
        known(frame.completed_ns, frame.present_ns),
        known(frame.dequeue_took_ns, frame.swapped_ns),
        known(frame.queue_took_ns, frame.swapped_ns),
        known(frame.gpu_completed_ns, frame.present_ns),
        known(frame.swapped_ns, frame.swapped_ns),
        0,
        known(frame.swapped_ns, frame.swapped_ns),
    )
