"""System properties."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from framework.contract.handsets import PROFILES
from framework.virtual.android.properties import Properties, PropertyError, boot_properties
from framework.virtual.profiles import load_profile

CAPTURES = Path(__file__).resolve().parents[4] / "shared" / "captures"


@pytest.mark.parametrize("name", PROFILES)
def test_every_handset_says_what_it_is_and_that_it_is_emulated(name: str) -> None:
    """Model, release and fingerprint agree; the honest marks are there."""
    properties = boot_properties(load_profile(name), "0123abcd")
    fingerprint = properties.get("ro.build.fingerprint")
    release = properties.get("ro.build.version.release")
    assert fingerprint.split(":")[1].startswith(f"{release}/{properties.get('ro.build.id')}")
    assert fingerprint.split("/")[2].partition(":")[0] == properties.get("ro.product.device")
    assert properties.get("ro.pocketfarm.emulated") == "1"
    assert properties.get("ro.boot.qemu") == "1"
    assert properties.get("ro.serialno") == "0123abcd"
    assert int(properties.get("ro.build.version.sdk")) >= 31


@pytest.mark.parametrize(
    ("profile", "captured"),
    [
        ("xiaomi-mix-fold-3", "syspropcollect__HyperOS_1.0.14.0_Android_14_Xiaomi_Pad_6_Pro.txt"),
        ("xiaomi-13", "syspropcollect__HyperOS_1.0.14.0_Android_14_Xiaomi_Pad_6_Pro.txt"),
        ("xiaomi-12", "syspropcollect__MIUI_14.0.18_Android_13_Xiaomi_12_Pro.txt"),
        ("xiaomi-11", "syspropcollect__MIUI_14.0.18_Android_13_Xiaomi_12_Pro.txt"),
    ],
)
def test_a_vendors_system_is_told_as_its_handsets_tell_it(profile: str, captured: str) -> None:
    """Every property of MIUI and HyperOS is one that a handset with that system prints, in the same form.

    `com.miui.home` and `cn_chinatelecom` are taken by their first word: a carrier adds its own.
    """
    path = CAPTURES / "getprop" / captured
    if not path.exists():
        pytest.skip(f"the capture {captured} is not on this machine")
    real = dict(re.findall(r"^\[(.*?)\]: \[(.*)\]$", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE))
    ours = {
        name: form(value)
        for name, value in boot_properties(load_profile(profile), "1").items()
        if name.startswith(("ro.miui.", "ro.mi.os.", "ro.boot.hwc", "ro.build.version.min"))
    }
    assert ours == {name: form(real.get(name, "(not there)")) for name in ours}
    assert {"ro.miui.ui.version.name", "ro.miui.region"} <= set(ours)


def form(value: str) -> str:
    """Numbers of a version as one sign, the letters of a device and a carrier as another."""
    return re.sub(r"\.[A-Z]{7}$", ".X", re.sub(r"\d+", "9", value.partition("_")[0]))


def test_read_only_properties_are_set_once() -> None:
    """The second time is refused, the first value stays."""
    properties = Properties({})
    properties.set("ro.new", "1")
    with pytest.raises(PropertyError):
        properties.set("ro.new", "2")
    assert properties.get("ro.new") == "1"


def test_values_are_short() -> None:
    """91 bytes, counted as bytes, except for `ro.`."""
    properties = Properties({})
    properties.set("debug.a", "x" * 91)
    properties.set("ro.a", "x" * 200)
    with pytest.raises(PropertyError):
        properties.set("debug.a", "好" * 31)


def test_a_default_stands_for_missing_and_empty() -> None:
    """As getprop NAME DEFAULT."""
    properties = Properties({"empty": ""})
    assert [properties.get("none", "d"), properties.get("empty", "d"), properties.get("none")] == ["d", "d", ""]
    assert list(properties.items()) == [("empty", "")]


def test_the_shell_may_set_few() -> None:
    """Debugging, not the system's."""
    properties = Properties({})
    assert properties.shell_may_set("debug.x")
    assert not properties.shell_may_set("persist.sys.locale")
