"""Handsets on USB, from a tree as /sys shows it."""

from __future__ import annotations

from pathlib import Path

from framework.doctor.usb import UsbDevice, usb_devices


def plug(sys_usb: Path, name: str, vendor: str, interface: tuple[str, str, str], devnum: str = "7") -> None:
    files = {"idVendor": vendor, "product": "Xiaomi 13", "busnum": "1", "devnum": devnum}
    parts = dict(zip(("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"), interface, strict=True))
    for folder, content in ((sys_usb / name, files), (sys_usb / name / f"{name}:1.0", parts)):
        folder.mkdir(parents=True)
        for file, text in content.items():
            (folder / file).write_text(f"{text}\n")


def test_a_tree(tmp_path: Path) -> None:
    """ADB of any maker; a handset without debugging; no keyboard, no hub, nothing that is half gone."""
    sys_usb, nodes = tmp_path / "sys", tmp_path / "dev"
    adb, storage = ("ff", "42", "01"), ("08", "06", "50")
    plug(sys_usb, "1-2", "2717", adb)
    plug(sys_usb, "1-3", "2717", storage, devnum="8")
    plug(sys_usb, "1-4", "abcd", adb, devnum="9")
    plug(sys_usb, "1-5", "046d", ("03", "01", "01"))
    plug(sys_usb, "1-6", "2717", adb, devnum="")
    (sys_usb / "usb1").mkdir()
    (nodes / "001").mkdir(parents=True)
    (nodes / "001" / "007").touch()
    assert usb_devices(sys_usb, nodes) == (
        UsbDevice("Xiaomi", "Xiaomi 13", True, f"{nodes}/001/007", True),
        UsbDevice("Xiaomi", "Xiaomi 13", False, f"{nodes}/001/008", False),
        UsbDevice("abcd", "Xiaomi 13", True, f"{nodes}/001/009", False),
    )


def test_no_usb(tmp_path: Path) -> None:
    """None, as in a container."""
    assert usb_devices(tmp_path / "absent", tmp_path) is None
