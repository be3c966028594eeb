"""How many workers a run has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

DEVICES = """
defaults: {speed: 40}
handsets:
  - {name: away, kind: tcp, address: "127.0.0.1:1"}
  - {name: ten, kind: virtual, profile: xiaomi-10, count: 2}
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}
"""
HUGE = 'scenario: huge\nneeds: {ram_gb: ">=64"}\nsteps:\n  - {text: "What is 1 + 1?", via: intent}\n'


def test_auto_is_one_a_handset_and_never_more_than_tests(project: Project) -> None:
    """`-n auto` counts every unit, also one that is away, which does not make the run fail; `-n 3` picks.

    With two scenario files there are two workers, whatever was asked for. What nothing can run has a section, also
    without -rs, where the user's own skips have none.
    """
    project.write("devices.yaml", DEVICES)
    project.scenario("sum")
    project.write("suites/test_thin.py", "import pytest\n@pytest.mark.skip\ndef test_thin(): pass\n")
    run = project.run("suites", "-n", "auto")
    assert (run.exit, "created: 4/4 workers" in run.out, "not run" in run.out) == (0, True, False), run.out
    assert "unusable  away: " in run.out
    (project.folder / "suites/test_thin.py").unlink()
    project.scenario("huge", HUGE)
    run = project.run("suites", "-n", "3", "--handset", "fold", "--handset", "ten-1", "--handset", "ten-2")
    assert (run.exit, "created: 2/2 workers" in run.out) == (0, True), run.out
    _, _, told = run.out.partition(" not run ")
    assert told.splitlines()[1:3] == [
        "no handset can run it: the nearest, fold, lacks ram_gb >=64 (has 16)",
        "    suites/huge.yaml::huge",
    ]
