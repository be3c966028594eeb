"""ifconfig: network interfaces (toybox)."""

from __future__ import annotations

from ipaddress import ip_interface

from framework.virtual.android.connectivity import Connectivity, Interface
from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "aS")
    network, names = ctx.device.connectivity, options.operands
    if len(names) > 1:
        raise CommandFault(f"ioctl {'8914' if names[1] in ('up', 'down') else '8916'}: Permission denied")
    found = [each for each in network.interfaces() if names in ([], [each.name])]
    if not found:
        raise CommandFault(f"{names[0]}: No such device")
    shown = [each for each in found if each.up or names or "a" in options]
    now_ns = ctx.device.clock.now_ns()
    for each in shown:
        await ctx.out(_brief(network, each) if "S" in options else _text(network, each, now_ns))
    return 0


def _brief(network: Connectivity, each: Interface) -> str:
    address = each.address if network.has_address(each) and each.address else ""
    return f"{each.name:>8} {address:<18} {each.mac or ''}\n"


def _text(network: Connectivity, each: Interface, now_ns: int) -> str:
    loopback, count = each.name == "lo", each.counters(now_ns)
    encap = "Local Loopback" if loopback else f"Ethernet  HWaddr {each.mac}" if each.mac else "UNSPEC"
    lines = [f"{each.name:<9} Link encap:{encap}"]
    if network.has_address(each) and each.address is not None:
        net = ip_interface(each.address).network
        broadcast = f"  Bcast:{net.broadcast_address} " if each.mac and not loopback else " "
        lines.append(f"          inet addr:{each.ip}{broadcast} Mask:{net.netmask} ")
        if each.address6 is not None:
            lines.append(f"          inet6 addr: {each.address6} Scope: {'Host' if loopback else 'Link'}")
    kind = "LOOPBACK " if loopback else "BROADCAST " if each.mac else ""
    many = "MULTICAST " if each.mac and not loopback else ""
    lines += [
        f"          {'UP ' * each.up}{kind}{'RUNNING ' * each.up}{many} MTU:{each.mtu}  Metric:1",
        f"          RX packets:{count.rx_packets} errors:0 dropped:0 overruns:0 frame:0 ",
        f"          TX packets:{count.tx_packets} errors:0 dropped:0 overruns:0 carrier:0 ",
        f"          collisions:0 txqueuelen:{1000 if loopback or not each.mac else 3000} ",
        f"          RX bytes:{count.rx_bytes} TX bytes:{count.tx_bytes} ",
    ]
    return "\n".join([*lines, "", ""])
