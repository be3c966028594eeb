"""What the kernel shows under /proc/net: one network namespace for all processes of a handset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.device import Device

HEADER = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls"
    " carrier compressed\n"
)
TCP_HEADER = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    "                                                     \n"
)
LISTEN = "0A"
INIT_SOCKETS = tuple(f"/dev/socket/{name}" for name in ("adbd", "logd", "logdr", "property_service", "zygote"))
FIRST_SOCKET = 14000
"""The inode of the first socket."""


def net_files(device: Device) -> Mapping[str, Callable[[], bytes]]:
    """The files by their name below /proc/net."""
    return {
        "dev": lambda: dev(device).encode(),
        "tcp": lambda: tcp(device).encode(),
        "tcp6": lambda: TCP_HEADER.encode(),
        "route": lambda: route(device).encode(),
        "arp": lambda: arp(device).encode(),
        "unix": lambda: unix(device).encode(),
    }


def unix(device: Device) -> str:
    """net/unix/af_unix.c, unix_seq_show: the sockets that listen, init's and those of the handset's own programs."""
    lines = [
        f"0000000000000000: 00000002 00000000 00010000 0001 01 {FIRST_SOCKET + number} {name}\n"
        for number, name in enumerate((*INIT_SOCKETS, *device.ports.sockets()))
    ]
    return "Num       RefCount Protocol Flags    Type St Inode Path\n" + "".join(lines)


def dev(device: Device) -> str:
    """net/core/net-procfs.c, dev_seq_printf_stats."""
    lines = []
    for each in device.connectivity.interfaces():
        count = each.counters(device.clock.now_ns())
        received = f"{count.rx_bytes:8d} {count.rx_packets:7d} {0:4d} {0:4d} {0:4d} {0:5d} {0:10d} {0:9d}"
        sent = f"{count.tx_bytes:8d} {count.tx_packets:7d} {0:4d} {0:4d} {0:4d} {0:5d} {0:7d} {0:10d}"
        lines.append(f"{each.name:>6}: {received} {sent}\n")
    return HEADER + "".join(lines)


def tcp(device: Device) -> str:
    """net/ipv4/tcp_ipv4.c, get_tcp4_sock: who listens on the loopback; the ports of the handset itself."""
    lines = [
        f"{number:4d}: 0100007F:{port:04X} 00000000:0000 {LISTEN} 00000000:00000000 00:00000000 00000000"
        f" {2000:5d} {0:8d} {10000 + number} 1 0000000000000000 100 0 0 10 0\n"
        for number, port in enumerate(device.ports.all())
    ]
    return TCP_HEADER + "".join(line.rstrip("\n").ljust(149) + "\n" for line in lines)


def route(device: Device) -> str:
    """net/ipv4/fib_trie.c, fib_route_seq_show: the main table, which on Android has the networks alone."""
    header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"
    carrier = device.connectivity.carrier
    lines = [header.ljust(127)]
    if carrier is not None:
        net = "".join(f"{int(part):02X}" for part in reversed([*carrier.ip.split(".")[:3], "0"]))
        lines.append(f"{carrier.name}\t{net}\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0".ljust(127))
    return "\n".join(lines) + "\n"


def arp(device: Device) -> str:
    """net/ipv4/arp.c, arp_format_neigh_entry."""
    header = "IP address       HW type     Flags       HW address            Mask     Device\n"
    carrier, gateway = device.connectivity.carrier, device.connectivity.gateway
    if carrier is None or carrier.mac is None or gateway is None:
        return header
    return header + f"{gateway:<16} 0x1         0x2         {'50:d2:f5:00:00:01':<21} *        {carrier.name}\n"
