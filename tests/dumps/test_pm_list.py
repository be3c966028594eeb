"""`pm list packages` output."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.pm_list import ListedPackage, parse


def test_plain_names_and_version_codes() -> None:
    """Without -f there is no path; version code and uid are read where they are printed."""
    text = "package:a.b\npackage:c.d versionCode:42\npackage:e.f versionCode:7 uid:10123\n"
    assert parse(text) == (
        ListedPackage("a.b"),
        ListedPackage("c.d", version_code=42),
        ListedPackage("e.f", version_code=7, uid=10123),
    )


def test_a_path_may_hold_equals_signs() -> None:
    """The name stands after the last `=`, in front of what else is listed."""
    text = "package:/data/app/~~bt-Gw==/a.b-Vg==/base.apk=a.b versionCode:3\r\n"
    assert parse(text) == (ListedPackage("a.b", "/data/app/~~bt-Gw==/a.b-Vg==/base.apk", 3),)


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, the parser answers."""
    assert isinstance(parse("package:" + text), tuple)


def test_a_real_listing(capture: Callable[[str], str]) -> None:
    """All 322 packages of a real tablet, each with an .apk or a folder as its path."""
    packages = parse(capture("pm_list/xiaomi_pad6_pipa__packages.txt"))
    assert len(packages) == 322
    assert packages[0].package == "com.miui.miwallpaper.config.overlay"
    assert [entry for entry in packages if "=" in entry.package or not entry.path] == []
