"""`cmd media_session volume` (media): AOSP frameworks/base/media, VolumeCtrl.java; the music stream's volume."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.keys import VOLUMES

MUSIC = 3
"""AudioManager.STREAM_MUSIC"""

SETTING = "volume_music"


async def shell(call: Call) -> int:
    return await dispatch(call, (("volume", _volume),))


async def _volume(call: Call, arguments: Arguments) -> int:
    stream, show, wanted, step = 0, False, None, 0
    while (option := arguments.option()) is not None:
        match option:
            case "--stream":
                stream = arguments.number()
            case "--get":
                show = True
            case "--set":
                wanted = arguments.number()
            case "--adj":
                step = {"raise": 1, "lower": -1, "same": 0}.get(arguments.required(), 0)
            case "--show":
                pass
            case _:
                await call.err(f"Unknown option: {option}\n")
                return FAILED
    if stream != MUSIC:
        raise ArgumentError(f"only the music stream ({MUSIC}) is emulated, not {stream}")
    least, most = VOLUMES
    now = int(call.device.settings.get("system", SETTING) or least)
    if wanted is not None:
        await call.out(f"[V] will set volume to index={wanted}\n")
        if not least <= wanted <= most:
            await call.out(f"[E] invalid volume index {wanted}\n")
            return FAILED
        now = wanted
    now = min(max(now + step, least), most)
    call.device.settings.put("system", SETTING, str(now))
    if show:
        await call.out(f"[V] will get volume\n[V] volume is {now} in range [{least}..{most}]\n")
    return 0
