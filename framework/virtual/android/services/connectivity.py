"""`cmd connectivity` and `dumpsys connectivity` (AOSP packages/modules/Connectivity, ConnectivityService.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch

NETWORK = {"wlan0": (100, "WIFI", "Capabilities: NOT_METERED&INTERNET&NOT_RESTRICTED&TRUSTED&VALIDATED")}
MOBILE = (101, "CELLULAR", "Capabilities: MMS&SUPL&INTERNET&NOT_RESTRICTED&TRUSTED&VALIDATED")


async def shell(call: Call) -> int:
    return await dispatch(call, (("airplane-mode", _airplane),))


async def _airplane(call: Call, arguments: Arguments) -> int:
    word = arguments.argument()
    if word not in (None, "enable", "disable"):
        await call.err(f"Unknown option: {word}\n")
        return FAILED
    if word is None:
        on = call.device.settings.get("global", "airplane_mode_on") == "1"
        await call.out("enabled\n" if on else "disabled\n")
    else:
        call.device.connectivity.airplane(word == "enable")
    return 0


async def dump(call: Call) -> int:
    network = call.device.connectivity
    carrier = network.carrier
    if carrier is None:
        await call.out("Active default network: none\n\nCurrent network preferences:\n\nCurrent Networks:\n")
        return 0
    number, transport, capabilities = NETWORK.get(carrier.name, MOBILE)
    await call.out(
        f"Active default network: {number}\n\nCurrent Networks:\n"
        f"  NetworkAgentInfo{{network{{{number}}}  ni{{{transport} CONNECTED}}  lp{{{{InterfaceName: {carrier.name} "
        f"LinkAddresses: [ {carrier.address} ] Routes: [ 0.0.0.0/0 -> {network.gateway} {carrier.name} ]}}}}  "
        f"nc{{[ Transports: {transport} {capabilities} ]}}}}\n"
    )
    return 0
