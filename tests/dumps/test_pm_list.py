"""`pm list packages` output."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.pm_list import ListedPackage, PmListDump, parse


def test_plain_names_and_version_codes() -> None:
    """Without -f there is no path; version code and uid are read where they are printed."""
    text = "package:a.b\npackage:c.d versionCode:42\npackage:e.f versionCode:7 uid:10123\n"
    assert parse(text).packages == (
        ListedPackage("a.b"),
        ListedPackage("c.d", version_code=42),
        ListedPackage("e.f", version_code=7, uid=10123),
    )


def test_a_path_may_hold_equals_signs() -> None:
    """The name stands after the last `=`, in front of what else is listed."""
    text = "package:/data/app/~~bt-Gw==/a.b-Vg==/base.apk=a.b versionCode:3\r\n"
    assert parse(text).packages == (ListedPackage("a.b", "/data/app/~~bt-Gw==/a.b-Vg==/base.apk", 3),)


def test_an_empty_listing_has_no_packages() -> None:
    """`pm list packages FILTER` prints nothing where no package matches."""
    assert parse("\n") == PmListDump(())


def test_other_text_is_refused() -> None:
    """The error tells the first line and what it should be."""
    with pytest.raises(DumpError, match="line 2: expected lines such as `package:"):
        parse("\nError: java.lang.SecurityException\n")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    assert parse("package:" + text).packages
    with suppress(DumpError):
        parse(text)


def test_a_real_listing(capture: Callable[[str], str]) -> None:
    """All 322 packages of a real tablet, each with an .apk or a folder as its path."""
    packages = parse(capture("pm_list/xiaomi_pad6_pipa__packages.txt")).packages
    assert len(packages) == 322
    assert packages[0].package == "com.miui.miwallpaper.config.overlay"
    assert [entry for entry in packages if "=" in entry.package or not entry.path] == []
