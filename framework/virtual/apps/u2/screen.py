"""Methods about the whole handset: keys, points on the glass, pictures, the hierarchy, rotation."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from framework.virtual.android.clipboard import SHELL
from framework.virtual.android.keys import press_key
from framework.virtual.ui.automation import Automation, elements, gestures
from framework.virtual.ui.tree import BASELINE_DPI

STEP_NS = 5_000_000
"""How long one step of a stroke takes (UiDevice.swipe)."""

KEYS: Mapping[str, int] = {
    "home": 3,
    "back": 4,
    "up": 19,
    "down": 20,
    "left": 21,
    "right": 22,
    "center": 23,
    "volume_up": 24,
    "volume_down": 25,
    "power": 26,
    "camera": 27,
    "enter": 66,
    "delete": 67,
    "del": 67,
    "menu": 82,
    "search": 84,
    "volume_mute": 164,
    "recent": 187,
}
WAKEUP, SLEEP = 224, 223
DOWN, UP, MOVE = 0, 1, 2
"""MotionEvent.ACTION_*"""

FINGER = "injected"
ROTATIONS = {"natural": 0, "left": 1, "upsidedown": 2, "right": 3}
"""Names of Surface.ROTATION_*"""


@dataclass
class Whole:
    """The handset under the hands of one client."""

    on: Automation

    async def device_info(self) -> Mapping[str, object]:
        """DeviceInfo.java"""
        device, display = self.on.device, self.on.screen.display
        density = display.density / BASELINE_DPI
        return {
            "currentPackageName": self.on.package,
            "displayHeight": display.height,
            "displayRotation": device.display.rotation,
            "displaySizeDpX": round(display.width / density),
            "displaySizeDpY": round(display.height / density),
            "displayWidth": display.width,
            "productName": device.profile.identity.product,
            "screenOn": device.power.awake,
            "sdkInt": device.profile.build.sdk,
            "naturalOrientation": device.display.rotation % 2 == 0,
        }

    # -- touching ----------------------------------------------------------------------------------------------

    async def click(self, x: float, y: float, duration_ms: int = 0) -> bool:
        at = (round(x), round(y))
        await (gestures.long_click(self.on, at, duration_ms) if duration_ms else gestures.click(self.on, at))
        return True

    async def swipe(self, x: float, y: float, to_x: float, to_y: float, steps: int) -> bool:
        await self.on.device.touch.strokes([((round(x), round(y)), (round(to_x), round(to_y)))], steps * STEP_NS)
        return True

    async def swipe_points(self, numbers: Sequence[float], steps: int) -> bool:
        """One stroke over several points, so many steps from each to the next."""
        points = [(round(x), round(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        touch, finger = self.on.device.touch, object()
        touch.down(finger, points[0])
        try:
            for start, end in pairwise(points):
                await touch.glide([(finger, start, end)], steps * STEP_NS)
        finally:
            touch.up(finger)
        return True

    async def drag(self, x: float, y: float, to_x: float, to_y: float, steps: int) -> bool:
        way = ((round(x), round(y)), (round(to_x), round(to_y)))
        await self.on.device.touch.strokes([way], steps * STEP_NS, hold_ns=gestures.LONG_CLICK_MS * 1_000_000)
        return True

    async def inject(self, action: int, x: float, y: float, meta: int = 0) -> bool:
        """One event of a finger."""
        touch, at = self.on.device.touch, (round(x), round(y))
        if action == DOWN:
            touch.down(FINGER, at)
        elif action == MOVE:
            touch.move(FINGER, at)
        elif action == UP:
            touch.move(FINGER, at)
            touch.up(FINGER)
        return action in (DOWN, UP, MOVE)

    # -- keys --------------------------------------------------------------------------------------------------

    async def press_key(self, name: str) -> bool:
        if name.lower() not in KEYS:
            return False
        press_key(self.on.device, KEYS[name.lower()])
        return True

    async def press_key_code(self, code: int, meta: int = 0) -> bool:
        press_key(self.on.device, code, meta)
        return True

    async def wake_up(self) -> None:
        press_key(self.on.device, WAKEUP)

    async def sleep(self) -> None:
        press_key(self.on.device, SLEEP)

    async def is_screen_on(self) -> bool:
        return self.on.device.power.awake

    async def clear_input_text(self) -> None:
        elements.clear(self.on, elements.active(self.on))

    # -- looking -----------------------------------------------------------------------------------------------

    async def dump(self, compressed: bool = False, depth: int = 50, in_active: bool = False) -> str:
        return self.on.screen.xml()

    async def screenshot(self, scale: float = 1, quality: int = 80) -> str:
        """A JPEG in base64."""
        png = await self.on.screen.capture()
        return base64.b64encode(await asyncio.to_thread(_jpeg, png, scale, quality)).decode("ascii")

    async def wait_for_idle(self, timeout_ms: int = 0) -> None:
        """Nothing moves by itself here for long."""

    # -- rotation ----------------------------------------------------------------------------------------------

    async def set_orientation(self, name: str) -> None:
        self.on.device.display.freeze(ROTATIONS[name])

    async def freeze_rotation(self, frozen: bool) -> None:
        display = self.on.device.display
        display.freeze() if frozen else display.thaw()

    # -- what else there is ------------------------------------------------------------------------------------

    async def set_clipboard(self, label: str | None, text: str) -> None:
        self.on.device.clipboard.put(text)

    async def get_clipboard(self) -> str | None:
        return self.on.device.clipboard.get(SHELL)

    async def paste_clipboard(self) -> bool:
        return self.on.screen.type(self.on.device.clipboard.get(SHELL) or "")

    async def open_notification(self) -> bool:
        self.on.device.shade.expand()
        return self.on.device.shade.expanded

    async def nothing(self) -> None:
        """Toasts and texts that were traversed: there are none."""


def _jpeg(png: bytes, scale: float, quality: int) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        size = (round(picture.width * scale), round(picture.height * scale))
        shown = picture.convert("RGB") if scale == 1 else picture.convert("RGB").resize(size)
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=quality)
    return written.getvalue()
