"""The RPCs of Mobly's bundled snippets (mobly-bundled-snippets): names, parameters and answers as there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from framework.virtual.android.connectivity import SSID
from framework.virtual.android.keys import VOLUMES

if TYPE_CHECKING:
    from framework.virtual.android.logd import Level
    from framework.virtual.apps.base import AppContext

Rpc = Callable[..., Awaitable[object]]
LOG_LEVELS: Mapping[str, Level] = {"logV": "V", "logD": "D", "logI": "I", "logW": "W", "logE": "E", "logWtf": "F"}
MUSIC = "volume_music"


class Rpcs:
    """What the snippets of one instrumentation do to its handset."""

    def __init__(self, context: AppContext) -> None:
        self._device, self._process = context.device, context.process

    def table(self) -> Mapping[str, Rpc]:
        """Every synchronous RPC by its name."""
        named: dict[str, Rpc] = {
            "getMusicMaxVolume": self._most_volume,
            "getMusicVolume": self._volume,
            "setMusicVolume": self._set_volume,
            "makeToast": self._toast,
            "networkIsTcpConnectable": self._connectable,
            "wifiDisable": self._wifi_off,
            "wifiEnable": self._wifi_on,
            "wifiIsEnabled": self._wifi,
            "wifiGetConnectionInfo": self._connection,
        }
        return named | {name: self._logger(level) for name, level in LOG_LEVELS.items()}

    async def _most_volume(self) -> int:
        return VOLUMES[1]

    async def _volume(self) -> int:
        return int(self._device.settings.get("system", MUSIC) or 0)

    async def _set_volume(self, value: int) -> None:
        least, most = VOLUMES
        if not least <= value <= most:
            raise ValueError(f"java.lang.IllegalArgumentException: Bad index {value}")
        self._device.settings.put("system", MUSIC, str(value))

    async def _toast(self, message: str) -> None:
        """It is written into the log; the emulated screen has no toasts."""
        self._log("I", "Toast", message)

    async def _connectable(self, host: str, port: int) -> bool:
        """To a port of the handset itself: there is nobody else on its network."""
        return host in ("localhost", "127.0.0.1") and self._device.ports.listening(port)

    async def _wifi_on(self) -> None:
        self._device.connectivity.enable("wifi", True)

    async def _wifi_off(self) -> None:
        self._device.connectivity.enable("wifi", False)

    async def _wifi(self) -> bool:
        return self._device.connectivity.enabled("wifi")

    async def _connection(self) -> Mapping[str, object]:
        """JsonSerializer's WifiInfo."""
        carrier = self._device.connectivity.carrier
        connected = carrier is not None and carrier.name == "wlan0"
        state = "COMPLETED" if connected else "DISCONNECTED"
        return {"SSID": SSID if connected else "<unknown ssid>", "SupplicantState": state}

    def _logger(self, level: Level) -> Rpc:
        async def log(tag: str, message: str) -> None:
            self._log(level, tag, message)

        return log

    def _log(self, level: Level, tag: str, message: str) -> None:
        self._device.log.write(tag, level, message, pid=self._process.pid, uid=self._process.uid)
