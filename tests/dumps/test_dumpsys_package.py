"""`dumpsys package` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.dumpsys_package import PackageDump, PackagesDump, parse, parse_packages
from framework.dumps.errors import DumpError

UPDATED = """Key Set Manager:
  [com.example.app]
      Signing KeySets: 12

Packages:
  Package [com.example.app] (1f2e3d):
    userId=10123
    codePath=/data/app/~~x==/com.example.app-y==
    versionCode=42 minSdk=26 targetSdk=34
    versionName=4.2-beta
    User 0: ceDataInode=1 installed=true versionName=wrong

Hidden system packages:
  Package [com.example.app] (998877):
    codePath=/system/app/Example
    versionCode=1 minSdk=26 targetSdk=34
    versionName=1.0
"""


def test_the_installed_version_counts() -> None:
    """The factory version under `Hidden system packages:` does not overwrite the installed one."""
    assert parse_packages(UPDATED) == {
        "com.example.app": PackageDump("com.example.app", "4.2-beta", 42, 26, 34, "/data/app/~~x==/com.example.app-y==")
    }


def test_a_missing_package_is_not_there() -> None:
    """What dumpsys says of an unknown name holds no package."""
    text = "Unable to find package: com.example.none\n"
    assert parse_packages(text) == {}
    assert parse(text) == PackagesDump(())


def test_what_is_not_printed_is_none() -> None:
    """A dump cut short tells no version."""
    assert parse("Packages:\n  Package [a.b] (1):\n").packages == (PackageDump("a.b", None, None, None, None, None),)


def test_other_text_is_refused() -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected a section `Packages:`"):
        parse("Can't find service: package\n")


@given(st.text(max_size=200), st.integers(0, len(UPDATED)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, UPDATED[:cut] + noise + UPDATED[cut:]):
        assert isinstance(parse_packages(text), dict)
        assert read_or_refused("dumpsys_package", text)


def test_real_packages(capture: Callable[[str], str]) -> None:
    """Versions and SDKs of a real Samsung dump."""
    packages = parse(capture("dumpsys_package/mvt__dumpsys_packages.txt")).packages
    found = [(p.package, p.version_code, p.version_name, p.min_sdk, p.target_sdk) for p in packages]
    assert found == [
        ("com.samsung.android.provider.filterprovider", 500700000, "5.0.07", 28, 28),
        ("com.sec.android.app.DataCreate", 1, "1.0", 29, 29),
    ]
    assert packages[1].code_path == "/system/app/AutomationTest_FB"
