"""How a handset introduces itself to an adb host (AOSP packages/modules/adb/adb.cpp, get_connection_string)."""

from __future__ import annotations

from framework.virtual.adb.compression import COMPRESSIONS

FEATURES = (
    "shell_v2",
    "cmd",
    "stat_v2",
    "ls_v2",
    "fixed_push_mkdir",
    "fixed_push_symlink_timestamp",
    "abb",
    "abb_exec",
    "sendrecv_v2",
    *(f"sendrecv_v2_{name}" for _, name, *_ in COMPRESSIONS),
    "sendrecv_v2_dry_run_send",
    "track_app",
)
"""What this adbd can do, in the names of AOSP packages/modules/adb/transport.cpp."""


def device_banner(product: str, model: str, device: str) -> bytes:
    """The banner of a handset with these `ro.product.name`, `ro.product.model` and `ro.product.device`."""
    properties = {
        "ro.product.name": product,
        "ro.product.model": model,
        "ro.product.device": device,
        "features": ",".join(FEATURES),
    }
    return ("device::" + ";".join(f"{key}={value}" for key, value in properties.items())).encode()
