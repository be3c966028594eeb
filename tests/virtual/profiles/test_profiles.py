"""The profiles' files."""

from __future__ import annotations

import pytest

from framework.contract.errors import UsageError
from framework.contract.handsets import PROFILES
from framework.virtual.profiles import load_profile


def test_the_five_handsets_and_their_processors() -> None:
    """SoC, memory and displays are those of the public specifications."""
    found = {
        name: (
            profile.soc.model,
            profile.memory.total_mb // 1024,
            [(each.width, each.height) for each in profile.displays],
        )
        for name, profile in ((name, load_profile(name)) for name in PROFILES)
    }
    assert found == {
        "xiaomi-mix-fold-3": ("SM8550", 15, [(1916, 2160), (1080, 2520)]),
        "xiaomi-13": ("SM8550", 11, [(1080, 2400)]),
        "xiaomi-12": ("SM8450", 11, [(1080, 2400)]),
        "xiaomi-11": ("SM8350", 11, [(1440, 3200)]),
        "xiaomi-10": ("SM8250", 7, [(1080, 2340)]),
    }


@pytest.mark.parametrize("name", PROFILES)
def test_each_is_whole(name: str) -> None:
    """Eight CPUs of three clusters, throttling that rises, a sensor for each CPU, one open posture."""
    profile = load_profile(name)
    assert (profile.name, profile.soc.cores, len(profile.soc.clusters)) == (name, 8, 3)
    steps = profile.thermal.steps
    assert [step.skin_c for step in steps] == sorted(step.skin_c for step in steps)
    assert [step.share for step in steps] == sorted((step.share for step in steps), reverse=True)
    assert {f"CPU{number}" for number in range(8)} <= {sensor.name for sensor in profile.thermal.sensors}
    assert profile.foldable == (name == "xiaomi-mix-fold-3")


def test_an_unknown_name() -> None:
    """UsageError."""
    with pytest.raises(UsageError, match="pixel-9: no such profile"):
        load_profile("pixel-9")
