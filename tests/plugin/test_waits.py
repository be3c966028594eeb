"""Runs beside others: they wait for a handset that another has and say so at once; what is marked is passed over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from framework.contract.capabilities import Target
from framework.handset.handset import open_handset
from framework.plugin.waits import told
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project

WITHIN_S = 60.0


@pytest.fixture(scope="module")
def rack() -> Iterator[Target]:
    """A handset that everybody can reach."""
    with virtual_handsets([VirtualRequest("rack", "xiaomi-12", speed=40)]) as started:
        endpoint = started.endpoint("rack")
        yield Target("rack", adbd=endpoint.adb, appium_url=endpoint.appium)


def entry(rack: Target) -> str:
    return f"  - {{name: rack, kind: tcp, address: '{rack.adbd}', appium: '{rack.appium_url}'}}\n"


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_a_run_that_waits_says_so_at_once(project: Project, rack: Target, workers: tuple[str, ...]) -> None:
    """Whoever looks at the terminal sees whom it waits for while it waits; then it runs as if nothing had been."""
    project.write("devices.yaml", f"handsets:\n{entry(rack)}")
    project.scenario("sum")
    with open_handset(rack) as handset:
        lease = handset.lease("Jin@lab", "a look by hand")
        with project.start("suites", "--lease-timeout=60", *workers) as run:
            assert run.stdout is not None
            ends, said = time.monotonic() + WITHIN_S, ""
            while "waiting for rack" not in said:
                said = run.stdout.readline()
                assert said, "it has ended without a word"
                assert time.monotonic() < ends
            lease.release()
            rest = run.stdout.read()
        assert said.startswith("waiting for rack, held by Jin@lab since 20")
        assert "for a look by hand (" in said
        assert (run.returncode, "1 PASS" in rest) == (0, True)


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_a_handset_in_quarantine_is_passed_over(project: Project, rack: Target, workers: tuple[str, ...]) -> None:
    """The next one does its work, and the run says which was not used and why."""
    second = "  - {name: ten, kind: virtual, profile: xiaomi-10, speed: 40}\n"
    project.write("devices.yaml", f"handsets:\n{entry(rack)}{second}")
    project.scenario("sum")
    with open_handset(rack) as handset:
        mark = handset.mark("quarantine", "Mai@lab", "its battery is swollen")
        try:
            run = project.run("suites", *workers)
        finally:
            handset.unmark(mark)
    assert run.exit == 0, run.out
    assert "unusable  rack: quarantined by Mai@lab since 20" in run.out
    assert "for its battery is swollen (`farm release rack` once it is mended" in run.out


def test_nobody_waits_longer_than_asked(project: Project, rack: Target) -> None:
    """Then it is the lab's fault, with the holder named and what to do."""
    project.write("devices.yaml", f"handsets:\n{entry(rack)}")
    project.scenario("sum")
    with open_handset(rack) as handset, handset.lease("Jin@lab", "a look by hand"):
        run = project.run("suites", "--lease-timeout", "0")
    assert run.exit == 6, run.out
    assert "rack: held by Jin@lab since 20" in run.out
    assert "(wait for it (--lease-timeout), or take another handset)" in run.out


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "1e9"])
def test_how_long_is_a_number_of_seconds(project: Project, seconds: str) -> None:
    """Anything else is told before anything is started."""
    project.scenario("sum")
    project.write("devices.yaml", "handsets:\n  - {name: ten, kind: virtual, profile: xiaomi-10}\n")
    run = project.run("suites", f"--lease-timeout={seconds}")
    assert run.exit == 4
    assert "--lease-timeout: expected seconds from 0 to 604800" in run.out


def test_how_a_wait_is_told() -> None:
    """With what has gone by, once a second has."""
    assert told("rack", "held by a", 0.2, 59.8) == "waiting for rack, held by a (60 s more at most: --lease-timeout)"
    later = "waiting for rack, held by a (for 15 s so far, 45 s more at most: --lease-timeout)"
    assert told("rack", "held by a", 15.1, 44.9) == later
