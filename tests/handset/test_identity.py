"""Who a handset is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.run import HandsetIdentity
from framework.handset.adbd import AdbdConnection
from framework.handset.identity import read_identity, sold_ram_gb
from framework.handset.shell import HandsetShell

XIAOMI = {
    "ro.serialno": "1a2b3c",
    "ro.product.manufacturer": "Xiaomi",
    "ro.product.model": "23127PN0CC",
    "ro.product.marketname": "Xiaomi 14",
    "ro.soc.model": "SM8650",
    "ro.board.platform": "pineapple",
    "ro.build.version.release": "15",
    "ro.build.version.sdk": "35",
    "ro.mi.os.version.incremental": "OS2.0.212.0.VNCCNXM",
    "ro.build.fingerprint": "Xiaomi/houji/houji:15/x:user/release-keys",
}
TARGET = Target("mine", adbd="127.0.0.1:1", tags=("flagship",))


@pytest.fixture
def shell(phone: Any, straight: AdbdConnection) -> HandsetShell:
    phone.command("cat", '[ "$1" = /proc/meminfo ] && echo "MemTotal:       11530000 kB"')
    return HandsetShell("phone", straight)


def tell(phone: Any, properties: dict[str, str]) -> None:
    lines = "".join(f"echo '[{name}]: [{value}]'\n" for name, value in properties.items())
    phone.command("getprop", lines)


def test_a_real_phone(phone: Any, shell: HandsetShell) -> None:
    """Names as people know them, where the handset tells them."""
    tell(phone, XIAOMI)
    assert read_identity(TARGET, shell, ("closed", "open"), 123_456.0) == HandsetIdentity(
        name="mine",
        serial="1a2b3c",
        manufacturer="Xiaomi",
        model="Xiaomi 14",
        soc="SM8650",
        android="15",
        sdk=35,
        ram_gb=12.0,
        foldable=True,
        emulated=False,
        fingerprint="Xiaomi/houji/houji:15/x:user/release-keys",
        tags=("flagship",),
        system="HyperOS 2.0.212.0",
        fold_states=("closed", "open"),
        free_gb=123.5,
    )


@pytest.mark.parametrize(
    "said", [{"ro.boot.qemu": "1"}, {"ro.kernel.qemu": "1"}, {"ro.hardware": "ranchu"}, {"ro.hardware": "goldfish"}]
)
def test_emulators_say_so(phone: Any, shell: HandsetShell, said: dict[str, str]) -> None:
    """Old and new emulators are told from phones."""
    tell(phone, XIAOMI | said)
    assert read_identity(TARGET, shell, ()).emulated is True


def test_what_is_missing_has_a_stand_in(phone: Any, shell: HandsetShell) -> None:
    """Without market name, SoC or serial number the next best is taken."""
    tell(phone, {"ro.product.model": "Pixel 6", "ro.board.platform": "gs101", "ro.build.version.sdk": "35"})
    found = read_identity(TARGET, shell, ())
    assert (found.model, found.soc, found.serial) == ("Pixel 6", "gs101", "127.0.0.1:1")
    assert read_identity(replace(TARGET, serial="S1"), shell, ()).serial == "S1"


def test_a_handset_that_is_booting(phone: Any, shell: HandsetShell) -> None:
    """Properties that are not there yet are no identity."""
    tell(phone, {})
    with pytest.raises(HandsetError, match="is it still booting"):
        read_identity(TARGET, shell, ())


@pytest.mark.parametrize(
    ("total_kb", "sold"),
    [(415_248, 1), (3_855_796, 4), (5_557_260, 6), (7_600_000, 8), (11_530_000, 12), (15_600_000, 16)],
)
def test_ram_as_it_is_sold(total_kb: int, sold: float) -> None:
    """What the kernel has is rounded up to a size that is sold: an 8 GB handset counts as one."""
    assert sold_ram_gb(total_kb) == sold
