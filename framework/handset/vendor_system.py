"""What a vendor has made of Android, as its users know it: `HyperOS 2.0.6.0`, `One UI 8.0`.

Only the system's own properties are believed; those that several vendors set (OPPO, OnePlus and realme share theirs)
are told apart by the brand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Properties = Mapping[str, str]


def vendor_system(properties: Properties) -> str:
    """Name and version; empty for Android as Google makes it, and where nothing known is said."""
    return next((said for read in _READERS if (said := read(properties))), "")


def _hyperos(properties: Properties) -> str:
    """`OS2.0.6.0.ULKCNXM`: numbers, then Android's letter, the device, region and carrier."""
    said = properties.get("ro.mi.os.version.incremental") or properties.get("ro.mi.os.version.name", "")
    return _numbered("HyperOS", said, r"OS(\d+(?:\.\d+)*)")


def _miui(properties: Properties) -> str:
    """`V14.0.18.0.TLBCNXM`; a developers' build is known by its date, so that the interface's V125 is told: 12.5."""
    interface = properties.get("ro.miui.ui.version.name", "")
    if not re.fullmatch(r"V\d+", interface):
        return ""
    digits = interface.removeprefix("V")
    version = f"{digits[:-1]}.{digits[-1]}" if len(digits) > 2 else digits
    built = properties.get("ro.build.version.incremental", "")
    return _numbered("MIUI", built, r"V(\d+(?:\.\d+)+)") or f"MIUI {version}"


def _one_ui(properties: Properties) -> str:
    """`60101` is 6.1.1, `80000` 8.0."""
    said = properties.get("ro.build.version.oneui", "")
    if not re.fullmatch(r"\d{5,6}", said):
        return ""
    major, minor, patch = int(said[:-4]), int(said[-4:-2]), int(said[-2:])
    return f"One UI {major}.{minor}" + (f".{patch}" if patch else "")


def _magic_os(properties: Properties) -> str:
    return _numbered("MagicOS", properties.get("ro.build.version.magic", ""), r"\w+_(\d+(?:\.\d+)*)")


def _emui(properties: Properties) -> str:
    return _numbered("EMUI", properties.get("ro.build.version.emui", ""), r"\w+_(\d+(?:\.\d+)*)")


def _color_os(properties: Properties) -> str:
    """OPPO's, which OnePlus and realme sell under names of their own."""
    said = properties.get("ro.build.version.oplusrom") or properties.get("ro.build.version.opporom", "")
    if properties.get("ro.product.brand", "").casefold() == "realme":
        return _numbered("realme UI", properties.get("ro.build.version.realmeui", ""), r"V(\d+(?:\.\d+)*)")
    if properties.get("ro.oxygen.version"):
        return _numbered("OxygenOS", properties["ro.oxygen.version"], r"\D*(\d+(?:\.\d+)*)")
    return _numbered("ColorOS", said, r"V(\d+(?:\.\d+)*)")


def _vivo(properties: Properties) -> str:
    """`Funtouch OS_14`, `OriginOS 4`."""
    said = properties.get("ro.vivo.os.build.display.id", "")
    return said.replace("_", " ").strip()


def _lineage(properties: Properties) -> str:
    return _numbered("LineageOS", properties.get("ro.lineage.build.version", ""), r"(\d+(?:\.\d+)*)")


def _numbered(name: str, said: str, pattern: str) -> str:
    found = re.match(pattern, said)
    return f"{name} {found[1]}" if found else ""


_READERS: tuple[Callable[[Properties], str], ...] = (
    _lineage,
    _hyperos,
    _miui,
    _one_ui,
    _magic_os,
    _emui,
    _color_os,
    _vivo,
)
"""The first that knows its properties counts; LineageOS runs on handsets of all vendors, and keeps some of theirs."""
