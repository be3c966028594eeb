"""Graphics memory of an app: the buffers of its windows and what its GPU context holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

BUFFERS = 3
BYTES_PER_PIXEL = 4
STRIDE = 64
"""Pixels that a row of a buffer is rounded up to."""


@dataclass(frozen=True, slots=True)
class Graphics:
    """`egl_bytes` are the windows' buffers (EGL mtrack), `gl_bytes` textures and the like (GL mtrack)."""

    surface_pixels: int
    egl_bytes: int
    gl_bytes: int
    textures: int

    @property
    def all_bytes(self) -> int:
        return self.egl_bytes + self.gl_bytes


def graphics_of(device: Device, process: Process) -> Graphics | None:
    """What an app holds; None for a process without a window. A window that cannot be seen has no buffers."""
    record = next((each for each in device.activities.stack if each.process is process), None)
    if record is None or record.window is None:
        return None
    panel = device.profile.display(device.posture.current.display)
    stride = -(-panel.width // STRIDE) * STRIDE
    shown = device.activities.focused is record
    egl = BUFFERS * stride * panel.height * BYTES_PER_PIXEL if shown else 0
    textures = 12 if shown else 3
    return Graphics(panel.width * panel.height, egl, textures * 368_640, textures)
