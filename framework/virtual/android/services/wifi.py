"""`cmd wifi` and its dump (AOSP packages/modules/Wifi, WifiShellCommand.java and WifiServiceImpl.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.connectivity import SSID


async def shell(call: Call) -> int:
    return await dispatch(
        call, (("set-wifi-enabled", _enable), ("status", _status), ("list-networks", _list), ("help", _help))
    )


async def _enable(call: Call, arguments: Arguments) -> int:
    word = arguments.required()
    if word not in ("enabled", "disabled"):
        await call.err(f"Invalid args to set-wifi-enabled: {word}\n")
        return FAILED
    call.device.connectivity.enable("wifi", word == "enabled")
    return 0


async def _status(call: Call, arguments: Arguments) -> int:
    network = call.device.connectivity
    carrier = network.carrier
    if not network.enabled("wifi"):
        await call.out("Wifi is disabled\nWifi scanning is only available when wifi is enabled\n")
    elif carrier is not None:
        await call.out(f'Wifi is enabled\nWifi scanning is always available\nWifi is connected to "{SSID}"\n')
        await call.out(f"WifiInfo: {_info(call)}\n")
    return 0


def _info(call: Call) -> str:
    carrier = call.device.connectivity.carrier
    assert carrier is not None
    return (
        f'SSID: "{SSID}", BSSID: 50:d2:f5:00:00:01, MAC: {carrier.mac}, IP: /{carrier.ip}, '
        "Security type: 2, Supplicant state: COMPLETED, Wi-Fi standard: 6, RSSI: -48, Link speed: 866Mbps"
    )


async def _list(call: Call, arguments: Arguments) -> int:
    await call.out(f"Network Id      SSID                         Security type\n0            {SSID:<32} wpa2-psk\n")
    return 0


async def _help(call: Call, arguments: Arguments) -> int:
    await call.out("Wi-Fi (wifi) commands:\n  set-wifi-enabled enabled|disabled\n  status\n  list-networks\n")
    return 0


async def dump(call: Call) -> int:
    on = call.device.connectivity.enabled("wifi")
    await call.out(f"Wi-Fi is {'enabled' if on else 'disabled'}\nVerbose logging is off\n")
    if on:
        await call.out(f"mWifiInfo {_info(call)}\n")
    return 0
