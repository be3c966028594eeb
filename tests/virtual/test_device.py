"""A whole handset: built, told apart, folded, and powered off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from framework.contract.errors import UsageError
from framework.contract.handsets import PROFILES
from framework.virtual.clock import DeviceClock
from framework.virtual.device import build_device

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Bench, OnBench


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_boots_to_its_launcher(on_bench: OnBench, profile: str) -> None:
    """After boot the launcher has the focus and fills the panel that is lit."""

    async def look(bench: Bench) -> tuple[str, tuple[int, int]]:
        focused = bench.device.activities.focused
        assert focused is not None
        return focused.short, bench.device.screen.size

    panel = {"xiaomi-mix-fold-3": (1916, 2160), "xiaomi-11": (1440, 3200), "xiaomi-10": (1080, 2340)}
    assert on_bench(look, profile) == ("com.miui.home/.launcher.Launcher", panel.get(profile, (1080, 2400)))


def test_an_unknown_profile_is_the_users_error(tmp_path: Path) -> None:
    """The message names the profile."""
    from framework.virtual.system.store import BlobStore

    with BlobStore(tmp_path) as store, pytest.raises(UsageError, match="pixel-9"):
        build_device("pixel-9", name="x", seed=0, clock=DeviceClock(), store=store)


def test_the_banner_names_the_model(on_bench: OnBench) -> None:
    """adb shows what ro.product says."""

    async def banner(bench: Bench) -> bytes:
        return bench.device.banner()

    assert b"ro.product.name=fuxi;ro.product.model=2211133C;ro.product.device=fuxi;" in on_bench(banner)


def test_handsets_of_one_model_differ_by_name_and_seed(on_bench: OnBench) -> None:
    """Serial numbers and Android ids are a handset's own, and the same each time."""

    async def ids(bench: Bench) -> tuple[str, str | None]:
        return bench.device.properties.get("ro.serialno"), bench.device.settings.get("secure", "android_id")

    first, again, other = on_bench(ids, seed=1), on_bench(ids, seed=1), on_bench(ids, seed=2)
    assert first == again
    assert first[0] != other[0]
    assert first[1] != other[1]


def test_every_handset_has_slept_for_minutes_to_hours(on_bench: OnBench) -> None:
    """How long, its seed decides; its shell's clocks tell boot time, monotonic time and wall time as mksh does."""

    async def look(bench: Bench) -> tuple[int, list[int], str]:
        clock = bench.device.clock
        before = clock.now_ns(), clock.wall_ns()
        uptime, wall = (await bench.sh("read u _ </proc/uptime; echo $u $EPOCHREALTIME")).out.split()
        after = clock.now_ns(), clock.wall_ns()
        assert before[0] // 10**7 <= int(uptime.replace(".", "")) <= after[0] // 10**7
        assert before[1] // 1000 <= int(wall.replace(".", "")) <= after[1] // 1000
        return clock.slept_ns, [before[0] - clock.slept_ns, clock.monotonic_ns()], wall

    slept, (before, after), wall = on_bench(look, seed=1)
    assert 300 * 10**9 <= slept <= 18_000 * 10**9
    assert 60 * 10**9 <= before <= after
    assert re.fullmatch(r"\d{10}\.\d{6}", wall)
    assert on_bench(look, seed=1)[0] == slept != on_bench(look, seed=2)[0]


def test_folding_changes_panel_setting_and_cooling(on_bench: OnBench) -> None:
    """The cover display is lit, the vendor's setting follows, and the skin gives off less heat."""

    async def fold(bench: Bench) -> tuple[tuple[int, int], str | None, float]:
        device = bench.device
        device.posture.request("CLOSED")
        for _ in range(20):
            with device.physics.working("decode", 1):
                await device.clock.sleep(30_000_000_000)
        return (
            device.screen.size,
            device.settings.get("global", "device_posture"),
            device.physics.thermal.temperature_c("skin", device.clock.now_ns()),
        )

    async def stay_open(bench: Bench) -> float:
        for _ in range(20):
            with bench.device.physics.working("decode", 1):
                await bench.device.clock.sleep(30_000_000_000)
        return bench.device.physics.thermal.temperature_c("skin", bench.device.clock.now_ns())

    size, setting, folded_c = on_bench(fold, "xiaomi-mix-fold-3")
    assert (size, setting) == ((1080, 2520), "1")
    assert folded_c > on_bench(stay_open, "xiaomi-mix-fold-3") + 0.5


def test_close_ends_everything(on_bench: OnBench) -> None:
    """No process is left and no port is listened on."""

    async def power_off(bench: Bench) -> tuple[int, bool]:
        async def nothing(reader: object, writer: object) -> None:
            return

        bench.device.ports.listen(6790, nothing)
        await bench.device.close()
        return len(bench.device.processes.all()), bench.device.ports.listening(6790)

    assert on_bench(power_off) == (0, False)
