"""Handsets on this machine's USB, as Linux tells them: with debugging or without, and whether this user may open them.

Read from /sys/bus/usb/devices (Documentation/ABI/testing/sysfs-bus-usb). An ADB interface is class ff, subclass 42,
protocol 01 (AOSP adb.h).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MAKERS = {
    "04e8": "Samsung",
    "0bb4": "HTC",
    "0e8d": "MediaTek",
    "12d1": "Huawei",
    "18d1": "Google",
    "1ebf": "Yulong",
    "22b8": "Motorola",
    "22d9": "OPPO",
    "2717": "Xiaomi",
    "2a70": "OnePlus",
    "2d95": "vivo",
    "339b": "Honor",
}
"""USB vendor → maker of handsets."""

_ADB = ("ff", "42", "01")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """`debugging`: it offers ADB; `node` is the file that the user must be able to write."""

    maker: str
    product: str
    debugging: bool
    node: str
    allowed: bool


def usb_devices(
    sys_usb: Path = Path("/sys/bus/usb/devices"), nodes: Path = Path("/dev/bus/usb")
) -> tuple[UsbDevice, ...] | None:
    """What may be a handset: whatever offers ADB, and devices of makers of handsets. None where USB cannot be seen."""
    if not sys_usb.is_dir():
        return None
    found = (_device(folder, nodes) for folder in sorted(sys_usb.iterdir()) if (folder / "idVendor").is_file())
    return tuple(device for device in found if device is not None)


def _device(folder: Path, nodes: Path) -> UsbDevice | None:
    vendor, product = _read(folder / "idVendor"), _read(folder / "product")
    interfaces = [each for each in folder.glob(f"{folder.name}:*") if each.is_dir()]
    debugging = any(_interface(each) == _ADB for each in interfaces)
    if not debugging and vendor not in MAKERS:
        return None
    bus, number = _read(folder / "busnum"), _read(folder / "devnum")
    if not (bus.isdecimal() and number.isdecimal()):
        return None
    node = nodes / f"{int(bus):03d}" / f"{int(number):03d}"
    return UsbDevice(MAKERS.get(vendor, vendor), product, debugging, str(node), os.access(node, os.R_OK | os.W_OK))


def _interface(folder: Path) -> tuple[str, ...]:
    return tuple(_read(folder / f"bInterface{part}") for part in ("Class", "SubClass", "Protocol"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
