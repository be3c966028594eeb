"""Measured scenarios begin on cool handsets: the arithmetic, and runs with a handset that lay in the sun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from framework.plugin.heat import Heat, Warmth
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project

NAMES = ("hot", "cool", "mild")
SPEED = 5
"""Slow: a handset that lay in the sun stays hot for a minute."""
SUM = """
scenario: %s
%s
steps:
  - {text: What is twelve times seven?, via: intent, expect: {contains: "84"}}
"""
MEASURED = "start: {skin_below_c: 34}"


def test_a_warm_handset_cools_down() -> None:
    """It is ready later, the lower the limit; time goes on; ten times as fast, it takes a tenth of the host's time."""
    now = [100.0]
    heat, fast = (Heat(lambda: now[0]) for _ in range(2))
    for each, scale in ((heat, 1.0), (fast, 10.0)):
        each.noted("a", 41.0, scale)
    first = heat.cool_in_s("a", 36.0)
    assert 30 < first < heat.cool_in_s("a", 32.0) < 600
    assert fast.cool_in_s("a", 36.0) == pytest.approx(first / 10)
    now[0] += 20
    assert heat.cool_in_s("a", 36.0) == pytest.approx(first - 20)
    now[0] += first
    assert heat.cool_in_s("a", 36.0) == 0


def test_what_is_cool_or_unknown_need_not_wait() -> None:
    """Nor does anything where no test asks for a cool handset."""
    heat = Heat(lambda: 0.0)
    heat.noted("a", 30.0, 1.0)
    assert (heat.cool_in_s("a", 36.0), heat.cool_in_s("b", 36.0), heat.cool_in_s("a", None)) == (0, 0, 0)


def test_the_latest_look_counts() -> None:
    """What was seen at roll call does not take the place of what a check has found since."""
    heat = Heat(lambda: 50.0)
    heat.noted("a", 41.0, 1.0)
    hot = heat.cool_in_s("a", 36.0)
    heat.known({"a": Warmth(30.0, 1.0, 10.0)})
    assert heat.cool_in_s("a", 36.0) == hot > 0
    heat.known({"a": Warmth(30.0, 1.0, 50.5)})
    assert heat.cool_in_s("a", 36.0) == 0


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory, project_in: type[Project]) -> Iterator[tuple[Project, Controls]]:
    """Three handsets, which outlive the runs."""
    made = project_in(tmp_path_factory.mktemp("farm"))
    with virtual_handsets([VirtualRequest(name, "xiaomi-13", speed=SPEED) for name in NAMES]) as started:
        lines = (
            f"  - {{name: {each.name}, kind: tcp, address: '{each.adb}', appium: '{each.appium}'}}\n"
            for each in started.endpoints()
        )
        made.write("pytest.ini", "[pytest]\n")
        made.write("devices.yaml", f"handsets:\n{''.join(lines)}")
        yield made, lambda name: Control(started.endpoint(name).control, name)


Controls = Callable[[str], Control]


def suite(project: Project, measured: int, others: int) -> None:
    for left in (project.folder / "suites").glob("*.yaml"):
        left.unlink()
    for number in range(measured):
        project.scenario(f"measured{number}", SUM % (f"measured {number}", MEASURED))
    for number in range(others):
        project.scenario(f"other{number}", SUM % (f"other {number}", ""))


def told(project: Project, kind: str) -> list[dict[str, Any]]:
    return [record for record in project.journal() if record["kind"] == kind]


def where(project: Project) -> list[tuple[str, str]]:
    """(handset, measured or other), in the order in which they began."""
    units = [record["unit"] for record in told(project, "UnitStarted")]
    return [(unit["handset"]["name"], unit["scenario"].split()[0]) for unit in units]


def test_measured_scenarios_begin_on_cool_handsets(farm: tuple[Project, Controls]) -> None:
    """One lay in the sun before the run: it begins with what is not measured, the others with what is; nobody waits."""
    project, control = farm
    suite(project, 2, 3)
    control("hot").fault("start_heat", 22)
    done = project.run("suites", "-n", "3")
    began = where(project)
    assert (done.exit, len(began)) == (0, 5), done.out
    assert dict(reversed(began)) == {"hot": "other", "cool": "measured", "mild": "measured"}
    assert told(project, "Waiting") == []


def test_a_handset_that_is_too_hot_for_any_test_rests(farm: tuple[Project, Controls]) -> None:
    """After the test that found it so it is sent no other, and is not quarantined; the others do the rest."""
    project, control = farm
    suite(project, 0, 5)
    control("hot").fault("status", 5)
    done = project.run("suites", "-n", "3")
    control("hot").clear()
    began = [name for name, _ in where(project)]
    assert (done.exit, len(began), began.count("hot")) == (0, 5, 1), done.out
    assert {record["handset"] for record in told(project, "HandsetAwaited")} == {"hot"}
    assert "quarantined" not in done.out.replace("then it is quarantined", "")


def test_measured_scenarios_are_left_to_cool_handsets(farm: tuple[Project, Controls]) -> None:
    """With nothing else to do a hot handset takes none that it would have to wait for: the others are done sooner."""
    project, control = farm
    suite(project, 2, 0)
    control("hot").fault("start_heat", 22)
    done = project.run("suites", "-n", "3")
    assert (done.exit, len(where(project))) == (0, 2), done.out
    assert ({name for name, _ in where(project)} <= {"cool", "mild"}, told(project, "Waiting")) == (True, [])
