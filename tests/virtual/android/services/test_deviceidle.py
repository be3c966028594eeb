"""Who is exempt from saving power, through `cmd` and through `dumpsys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench

PACKAGE = "com.miui.home"


def test_the_list_changes_as_it_is_told(on_bench: OnBench) -> None:
    """Added, asked for, listed, removed; a package that is not there is refused."""

    async def script(bench: Bench) -> str:
        lines = (
            f"dumpsys deviceidle whitelist +{PACKAGE} ; dumpsys deviceidle whitelist +org.absent ;",
            f"cmd deviceidle whitelist ={PACKAGE}",
            "cmd deviceidle whitelist",
            "dumpsys deviceidle",
            f"cmd deviceidle whitelist -{PACKAGE}; cmd deviceidle whitelist ={PACKAGE}; cmd deviceidle get deep",
        )
        return "".join([(await bench.sh(line)).out for line in lines])

    printed = str(on_bench(script)).splitlines()
    assert printed[:3] == [f"Added: {PACKAGE}", "Unknown package: org.absent", "true"]
    assert printed[3].startswith(f"user,{PACKAGE},10")
    assert printed[4:] == [
        *("  Whitelist user apps:", f"    {PACKAGE}", "  mState=ACTIVE", "  mLightState=ACTIVE"),
        *(f"Removed: {PACKAGE}", "false", "ACTIVE"),
    ]
