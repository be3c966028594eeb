"""Who uses the farm here."""

from __future__ import annotations

import getpass
import os
import socket


def me() -> str:
    """`user@host`: whose leases, holds and quarantines are ours. Where this user has no name, its number."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not be listed
        user = f"uid{os.getuid()}"
    return f"{user}@{socket.gethostname()}"
