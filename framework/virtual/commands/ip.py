"""ip: addresses, links, routes and neighbours (iproute2, of which shell may use the half that reads)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_interface

from framework.virtual.android.connectivity import Connectivity, Interface
from framework.virtual.commands.context import Context

OBJECTS = ("address", "link", "route", "rule", "neighbour", "neighbor")
CHANGES = ("add", "append", "change", "del", "delete", "flush", "replace", "set")
USAGE = """Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { link | address | route | rule | neigh }
       OPTIONS := { -o[neline] | -f[amily] { inet | inet6 | link } | -4 | -6 }
"""
FAMILIES = {"4": "inet", "6": "inet6", "0": "link"}
FOREVER = "valid_lft forever preferred_lft forever"
GATEWAY_MAC = "50:d2:f5:00:00:01"
FIRST_TABLE = 1000
"""Android keeps a routing table for each network: this and the index of its interface (netd RouteController.h)."""


@dataclass(slots=True)
class _Wanted:
    """What the command line asks for; no `family`: all of them."""

    family: str = ""
    one_line: bool = False
    words: list[str] = field(default_factory=list)


async def run(ctx: Context) -> int:
    wanted = _read(ctx.argv[1:])
    if not wanted.words or wanted.words[0] == "help":
        await ctx.err(USAGE)
        return 255
    name = wanted.words.pop(0)
    what = next((each for each in OBJECTS if each.startswith(name)), None)
    if what is None:
        await ctx.err(f'Object "{name}" is unknown, try "ip help".\n')
        return 1
    if wanted.words[:1] and wanted.words[0] in CHANGES:
        await ctx.err("RTNETLINK answers: Operation not permitted\n")
        return 2
    if wanted.words[:1] and wanted.words[0] in ("show", "list", "ls", "lst", "sh", "s"):
        wanted.words.pop(0)
    network = ctx.device.connectivity
    match what:
        case "route":
            return await _route(ctx, network, wanted.words)
        case "rule":
            await ctx.out("0:\tfrom all lookup local\n32000:\tfrom all unreachable\n")
        case "neighbour" | "neighbor":
            await ctx.out(_neighbours(network))
        case _:
            return await _interfaces(ctx, network, what, wanted)
    return 0


def _read(words: Sequence[str]) -> _Wanted:
    wanted = _Wanted(words=list(words))
    while wanted.words and wanted.words[0].startswith("-"):
        option = wanted.words.pop(0).lstrip("-")
        if option in FAMILIES:
            wanted.family = FAMILIES[option]
        elif option and "family".startswith(option) and wanted.words:
            wanted.family = wanted.words.pop(0)
        elif option and "oneline".startswith(option):
            wanted.one_line = True
    return wanted


async def _interfaces(ctx: Context, network: Connectivity, what: str, wanted: _Wanted) -> int:
    names = [word for word in wanted.words if word not in ("dev", "up")]
    found = [each for each in network.interfaces() if names in ([], [each.name])]
    if not found:
        await ctx.err(f'Device "{names[0]}" does not exist.\n')
        return 1
    for each in found:
        if each.up or "up" not in wanted.words:
            await ctx.out(_link(each, wanted) if what == "link" else _address(network, each, wanted))
    return 0


def _link(each: Interface, wanted: _Wanted) -> str:
    return _first_line(each) + ("\\" if wanted.one_line else "\n") + f"    {_hardware(each)}\n"


def _address(network: Connectivity, each: Interface, wanted: _Wanted) -> str:
    addresses = _addresses(network, each, wanted.family)
    if wanted.one_line:
        return "".join(f"{each.index}: {each.name}    {text}\\       {FOREVER}\n" for text in addresses)
    if not addresses and wanted.family in ("inet", "inet6"):
        return ""
    lines = [_first_line(each), *([f"    {_hardware(each)}"] if wanted.family in ("", "link") else [])]
    for text in addresses:
        lines += [f"    {text}", f"       {FOREVER}"]
    return "\n".join([*lines, ""])


def _first_line(each: Interface) -> str:
    loopback = each.name == "lo"
    kind = "LOOPBACK," if loopback else "BROADCAST,MULTICAST," if each.mac else ""
    flags = kind + ("UP,LOWER_UP" if each.up else "")
    queue, length = ("noqueue", 1000) if loopback else ("mq", 3000) if each.mac else ("pfifo_fast", 1000)
    state = "DOWN" if not each.up else "UP" if each.mac and not loopback else "UNKNOWN"
    return (
        f"{each.index}: {each.name}: <{flags.rstrip(',')}> mtu {each.mtu} qdisc {queue} state {state}"
        f" group default qlen {length}"
    )


def _hardware(each: Interface) -> str:
    if each.mac is None:
        return "link/[519] "
    loopback = each.name == "lo"
    broadcast = each.mac if loopback else "ff:ff:ff:ff:ff:ff"
    return f"link/{'loopback' if loopback else 'ether'} {each.mac} brd {broadcast}"


def _addresses(network: Connectivity, each: Interface, family: str) -> list[str]:
    found: list[str] = []
    if not network.has_address(each):
        return found
    loopback = each.name == "lo"
    if each.address is not None and family in ("", "inet"):
        broadcast = f" brd {ip_interface(each.address).network.broadcast_address}" if each.mac and not loopback else ""
        found.append(f"inet {each.address}{broadcast} scope {'host' if loopback else 'global'} {each.name}")
    if each.address6 is not None and family in ("", "inet6"):
        found.append(f"inet6 {each.address6} scope {'host' if loopback else 'link'} ")
    return found


async def _route(ctx: Context, network: Connectivity, words: list[str]) -> int:
    carrier = network.carrier
    if words[:1] == ["get"]:
        if carrier is None or len(words) < 2:
            await ctx.err("RTNETLINK answers: Network is unreachable\n")
            return 2
        way = f"via {network.gateway} dev {carrier.name} table {FIRST_TABLE + carrier.index}"
        await ctx.out(f"{words[1]} {way} src {carrier.ip} uid {ctx.uid} \n    cache \n")
        return 0
    if carrier is not None and carrier.address is not None:
        net = ip_interface(carrier.address).network
        default = f"default via {network.gateway} dev {carrier.name} proto static \n" if "table" in words else ""
        await ctx.out(f"{default}{net} dev {carrier.name} proto kernel scope link src {carrier.ip} \n")
    return 0


def _neighbours(network: Connectivity) -> str:
    carrier = network.carrier
    if carrier is None or carrier.mac is None:
        return ""
    return f"{network.gateway} dev {carrier.name} lladdr {GATEWAY_MAC} REACHABLE\n"
