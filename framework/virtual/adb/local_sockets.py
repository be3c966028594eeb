"""Names of the handset's own sockets as adb spells them (AOSP packages/modules/adb/socket_spec.cpp)."""

from __future__ import annotations

import re

from framework.virtual.system.ports import Address

_TCP = re.compile(r"tcp:(?:localhost:)?(?P<port>[0-9]{1,5})")
LOCAL = (("localabstract:", "@"), ("localreserved:", "/dev/socket/"), ("localfilesystem:", ""), ("local:", ""))
"""Kinds of UNIX sockets, and how their names begin in the handset (`@` stands for the abstract namespace's NUL)."""


def tcp_port(spec: str) -> int | None:
    """The port in `tcp:PORT` or `tcp:localhost:PORT`, 0 to 65535: adbd reaches the handset itself only."""
    match = _TCP.fullmatch(spec)
    if match is None or int(match["port"]) > 65535:
        return None
    return int(match["port"])


def local_address(spec: str) -> Address | None:
    """Where `tcp:…` or `local…:NAME` leads; None for what is no such name."""
    if spec.startswith("tcp:"):
        return tcp_port(spec)
    for kind, begin in LOCAL:
        if spec.startswith(kind) and len(spec) > len(kind):
            return begin + spec.removeprefix(kind)
    return None
