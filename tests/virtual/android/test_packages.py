"""The package manager's records and the resolution of intents."""

from __future__ import annotations

from framework.formats.apk import LAUNCHER, MAIN, Component, IntentFilter
from framework.virtual.android.packages import Package, PackageManager
from framework.virtual.apps.base import Intent


def package(name: str, *activities: Component, receivers: tuple[Component, ...] = ()) -> Package:
    facts = Package(name, 1, "1", 24, 34, 10180, f"/data/app/{name}", ("aa",), 0, 0)
    facts.activities, facts.receivers = activities, receivers
    return facts


def component(name: str, action: str = MAIN, *categories: str, enabled: bool = True) -> Component:
    return Component(name, exported=True, enabled=enabled, filters=(IntentFilter((action,), categories),))


def manager(*packages: Package) -> PackageManager:
    found = PackageManager()
    for each in packages:
        found.add(each)
    return found


def test_an_explicit_intent_is_its_component() -> None:
    """Whether it is there or not: that is for the activity manager to say."""
    assert manager().resolve(Intent(component="a.b/a.b.C")) == "a.b/a.b.C"


def test_an_implicit_intent_finds_the_filter_that_takes_it() -> None:
    """Action and all categories must be in one filter."""
    packages = manager(
        package("a", component("a.One", "x.GO", "c1")), package("b", component("b.Two", "x.GO", "c1", "c2"))
    )
    assert packages.resolve(Intent(action="x.GO", categories=frozenset({"c1", "c2"}))) == "b/b.Two"
    assert packages.resolve(Intent(action="x.GO", package="b")) == "b/b.Two"
    assert packages.resolve(Intent(action="x.STOP")) is None


def test_main_without_category_means_the_launcher() -> None:
    """Not the first activity with MAIN in its filter."""
    packages = manager(package("a", component("a.Plain", MAIN), component("a.Door", MAIN, LAUNCHER)))
    assert packages.resolve(Intent(action=MAIN, package="a")) == "a/a.Door"


def test_disabled_activities_are_not_there() -> None:
    """Neither by name nor by filter."""
    packages = manager(package("a", component("a.One", "x.GO", enabled=False)))
    assert packages.resolve(Intent(action="x.GO")) is None
    assert packages.activity("a/a.One") is None


def test_receivers_by_action_and_by_name() -> None:
    """A broadcast reaches all whose filter has its action, or the one it names."""
    packages = manager(
        package("a", receivers=(component("a.R", "x.POKE"),)), package("b", receivers=(component("b.R", "x.POKE"),))
    )
    assert [owner.name for owner, _ in packages.receivers(Intent(action="x.POKE"))] == ["a", "b"]
    assert [owner.name for owner, _ in packages.receivers(Intent(component="b/b.R"))] == ["b"]
    assert packages.receivers(Intent(action="x.OTHER")) == []


def test_user_ids_are_never_given_twice() -> None:
    """Each new package has its own."""
    packages = manager()
    assert len({packages.new_uid() for _ in range(10)}) == 10


def test_paths_of_a_package() -> None:
    """An APK named outright, or base.apk in the folder."""
    plain, framework = package("a"), package("android")
    framework.code_path = "/system/framework/framework-res.apk"
    assert plain.apk_path == "/data/app/a/base.apk"
    assert framework.apk_path == "/system/framework/framework-res.apk"
    assert plain.data_dir == "/data/user/0/a"
