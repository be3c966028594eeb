"""Which handset a run takes of several that others may have, and that one handset is one, however it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.adb_servers import TheirServer

from framework.contract.capabilities import Target
from framework.handset.adb_server import connect_handset
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project
    from framework.handset.appium.install import Installation

NAMES = ("rack", "shelf")
TAGGED = 'needs: {tags: [second]}\nsteps:\n  - {text: What is twelve times seven?, expect: {contains: "84"}}\n'


@pytest.fixture(scope="module")
def lab() -> Iterator[dict[str, Target]]:
    """Two handsets that everybody can reach."""
    with virtual_handsets([VirtualRequest(name, "xiaomi-12", speed=40) for name in NAMES]) as started:
        ends = {name: started.endpoint(name) for name in NAMES}
        yield {name: Target(name, adbd=end.adb, appium_url=end.appium) for name, end in ends.items()}


def entry(target: Target, name: str = "", **more: str) -> str:
    said = {
        "name": name or target.name,
        "kind": "tcp",
        "address": f"'{target.adbd}'",
        "appium": f"'{target.appium_url}'",
    }
    return f"  - {{{', '.join(f'{key}: {value}' for key, value in (said | more).items())}}}\n"


def used(project: Project) -> set[str]:
    """Names of the handsets that tests ran on."""
    return {record["unit"]["handset"]["name"] for record in project.journal() if record["kind"] == "UnitStarted"}


def test_a_free_one_is_taken_before_one_that_another_process_has(project: Project, lab: dict[str, Target]) -> None:
    """Though it comes later in devices.yaml: nobody waits while one is free. What was asked for by name is kept to."""
    project.write("devices.yaml", f"handsets:\n{entry(lab['rack'])}{entry(lab['shelf'])}")
    project.scenario("sum")
    with open_handset(lab["rack"]) as handset, handset.lease("Jin@lab", "a look by hand"):
        free = project.run("suites", "--lease-timeout=60")
        assert (free.exit, used(project), "waiting for" in free.out) == (0, {"shelf"}, False), free.out
        named = project.run("suites", "--handset=rack", "--lease-timeout=0")
    assert named.exit == 6, named.out
    assert "rack: held by Jin@lab since 20" in named.out


def test_where_all_are_held_the_first_is_waited_for(project: Project, lab: dict[str, Target]) -> None:
    """And after it, where it does not become free, the next."""
    project.write("devices.yaml", f"handsets:\n{entry(lab['rack'])}{entry(lab['shelf'])}")
    project.scenario("sum")
    with (
        open_handset(lab["rack"]) as rack,
        open_handset(lab["shelf"]) as shelf,
        rack.lease("Jin@lab", "a look"),
        shelf.lease("Mai@lab", "a look"),
    ):
        run = project.run("suites", "--lease-timeout=2")
    assert run.exit == 6, run.out
    first, second = (run.out.index(f"waiting for {name}, held by") for name in NAMES)
    assert first < second


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_two_entries_that_are_one_handset(project: Project, lab: dict[str, Target], workers: tuple[str, ...]) -> None:
    """The first is used, the other one told of: a run never waits for its own lease."""
    rack = lab["rack"]
    assert rack.adbd is not None
    again = Target("again", adbd=rack.adbd.replace("127.0.0.1", "localhost"), appium_url=rack.appium_url)
    project.write("devices.yaml", f"handsets:\n{entry(rack)}{entry(again, tags='[second]')}")
    project.scenario("sum")
    project.scenario("tagged", f"scenario: tagged\n{TAGGED}")
    run = project.run("suites", "--lease-timeout=60", *workers)
    assert used(project) == {"rack"}, run.out
    assert "again: it is the same handset as rack, reached another way; it is used once, as rack (take one" in run.out
    assert ("1 PASS" in run.out, "waiting for" in run.out) == (True, False), run.out


@pytest.mark.foreign
def test_plugged_in_and_listed(
    project: Project,
    lab: dict[str, Target],
    appium: Installation,
    bundled_adb: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`--handset any` uses a handset once that the file has by its address and an adb server by its serial."""
    server = TheirServer(bundled_adb, Path.home())
    server.start()
    try:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", server.address.rpartition(":")[2])
        rack = lab["rack"]
        assert rack.adbd is not None
        connect_handset("rack", server.address, rack.adbd)
        listed = Target("rack", adbd=rack.adbd.replace("127.0.0.1", "localhost"), appium_url=rack.appium_url)
        project.write("devices.yaml", f"handsets:\n{entry(listed)}")
        project.scenario("sum")
        run = project.run("--handset", "any", "--lease-timeout=60", "suites", "-n2")
    finally:
        server.kill()
    assert (used(project), "1 PASS" in run.out, "waiting for" in run.out) == ({"rack"}, True, False), run.out
