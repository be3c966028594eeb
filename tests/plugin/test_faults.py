"""The fixture `faults`, as a suite uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

SUITE = """
import pytest
from framework.contract.errors import UsageError


def test_a_fault_for_a_while(handset, faults):
    number = faults.begin("clock_step", 2000, for_s=4)
    assert "slow_link" in faults.kinds()
    with faults.during("slow_link", 500, 20):
        assert handset.shell.run("echo", "hello").text == "hello"
    with pytest.raises(UsageError, match="clock_step"):
        faults.begin("clok_step")
    faults.begin("storage_full")


def test_what_a_test_leaves_is_undone(faults):
    assert {fault["kind"] for fault in faults.begun()} == {"clock_step", "slow_link", "storage_full"}
    assert all(fault["end_ns"] is not None for fault in faults.begun())
"""


def test_suites_put_faults_into_their_handset(project: Project) -> None:
    """Begun, cleared by a block or with the test, refused in the words of the handset."""
    project.write("suites/test_ill.py", SUITE)
    run = project.run("suites", "--handset", "ten")
    assert (run.exit, "2 passed" in run.out) == (0, True), run.out
