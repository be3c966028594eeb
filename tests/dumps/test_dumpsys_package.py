"""`dumpsys package` output."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.dumpsys_package import PackageDump, parse

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
    assert parse(UPDATED) == {
        "com.example.app": PackageDump("com.example.app", "4.2-beta", 42, 26, 34, "/data/app/~~x==/com.example.app-y==")
    }


def test_a_missing_package_is_not_there() -> None:
    """What dumpsys says of an unknown name holds no package."""
    assert parse("Unable to find package: com.example.none\n") == {}


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, the parser answers."""
    assert isinstance(parse(text), dict)


def test_real_packages(capture: Callable[[str], str]) -> None:
    """Versions and SDKs of a real Samsung dump."""
    packages = parse(capture("dumpsys_package/mvt__dumpsys_packages.txt"))
    found = [(p.package, p.version_code, p.version_name, p.min_sdk, p.target_sdk) for p in packages.values()]
    assert found == [
        ("com.samsung.android.provider.filterprovider", 500700000, "5.0.07", 28, 28),
        ("com.sec.android.app.DataCreate", 1, "1.0", 29, 29),
    ]
    assert packages["com.sec.android.app.DataCreate"].code_path == "/system/app/AutomationTest_FB"
