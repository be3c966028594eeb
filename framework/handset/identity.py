"""Who a handset is."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from framework.contract.capabilities import Fold, Shell, Target
from framework.contract.errors import HandsetError
from framework.contract.run import HandsetIdentity
from framework.dumps import getprop, proc_meminfo
from framework.dumps.errors import DumpError
from framework.handset.stated import merged
from framework.handset.vendor_system import vendor_system

RAM_SIZES_GB = (1, 2, 3, 4, 6, 8, 10, 12, 16, 18, 20, 24, 32, 48, 64)
"""Sizes that handsets are sold with; the kernel and the firmware keep some for themselves."""

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_EMULATOR_SPEED = "/sys/kernel/emulator/speed"
_EMULATOR_HARDWARE = ("goldfish", "ranchu")


def read_identity(
    target: Target, shell: Shell, fold_states: tuple[Fold, ...], free_mb: float | None = None
) -> HandsetIdentity:
    """Read from the handset itself, but for name, tags and what drives its screen; `free_mb` in 10^6 bytes."""
    properties = _properties(shell)
    if "ro.build.version.sdk" not in properties:
        raise HandsetError(target.name, "it does not tell its properties: is it still booting?")
    said = HandsetIdentity(
        name=target.name,
        serial=_first(properties, "ro.serialno", "ro.boot.serialno") or target.serial or target.adbd or "",
        manufacturer=_first(properties, "ro.product.manufacturer", "ro.product.brand"),
        model=_first(properties, "ro.product.marketname", "ro.product.model"),
        soc=_first(properties, "ro.soc.model", "ro.board.platform", "ro.hardware"),
        android=_first(properties, "ro.build.version.release"),
        sdk=int(properties["ro.build.version.sdk"]),
        ram_gb=_ram_gb(shell),
        foldable=bool(fold_states),
        emulated=_is_emulated(properties),
        fingerprint=_first(properties, "ro.build.fingerprint"),
        tags=target.tags,
        screen=target.screen,
        system=vendor_system(properties),
        fold_states=fold_states,
        free_gb=None if free_mb is None else round(free_mb / 1e3, 1),
    )
    return merged(said, target.stated)


def read_time_scale(shell: Shell) -> float:
    """Device time over host time: 1, but for an emulator that says otherwise."""
    said = shell.run("cat", _EMULATOR_SPEED)
    return float(said.text) if said.exit == 0 else 1.0


def unit(serial: str, boot_id: str) -> str:
    """Tells one handset from another however each is reached, without telling its serial.

    Units of some makers, and emulators of one image, have one serial: which start of the kernel it is tells them apart.
    Empty where either is not known.
    """
    return sha256(f"{serial} {boot_id}".encode()).hexdigest()[:16] if serial and boot_id else ""


def read_unit(identity: HandsetIdentity, shell: Shell) -> str:
    """`unit` of an open handset."""
    return unit(identity.serial, shell.run("cat", _BOOT_ID).text.strip())


def sold_ram_gb(total_kb: int) -> float:
    """The size on the box for what the kernel has: 7.3 GiB of MemTotal are an 8 GB handset."""
    gib = total_kb / 2**20
    return float(next((size for size in RAM_SIZES_GB if size >= gib), round(gib)))


def _properties(shell: Shell) -> Mapping[str, str]:
    """Empty where it prints none, as while it boots."""
    try:
        return getprop.parse(shell.run("getprop", check=True).text).values
    except DumpError:
        return {}


def _ram_gb(shell: Shell) -> float:
    try:
        return sold_ram_gb(proc_meminfo.parse(shell.run("cat", "/proc/meminfo").text).total_kb)
    except DumpError:
        return 0.0


def _is_emulated(properties: Mapping[str, str]) -> bool:
    """Emulators of Android say so in ro.kernel.qemu (until 11) or ro.boot.qemu, or by their hardware's name."""
    qemu = _first(properties, "ro.boot.qemu", "ro.kernel.qemu")
    return qemu == "1" or properties.get("ro.hardware", "") in _EMULATOR_HARDWARE


def _first(properties: Mapping[str, str], *names: str) -> str:
    return next((properties[name] for name in names if properties.get(name)), "")
