"""`dumpsys connectivity` (AOSP packages/modules/Connectivity, ConnectivityService.java)."""

from __future__ import annotations

from framework.virtual.android.binder import Call

NETWORK = {"wlan0": (100, "WIFI", "Capabilities: NOT_METERED&INTERNET&NOT_RESTRICTED&TRUSTED&VALIDATED")}
MOBILE = (101, "CELLULAR", "Capabilities: MMS&SUPL&INTERNET&NOT_RESTRICTED&TRUSTED&VALIDATED")


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
