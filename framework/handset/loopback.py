"""Ports of this machine's loopback, for the servers that we start."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"
ATTEMPTS = 3
"""Another program may take a free port before a server of ours does: then it is started again on another one."""


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
