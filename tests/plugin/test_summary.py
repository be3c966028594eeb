"""What the terminal says of a run at its end."""

from __future__ import annotations

from dataclasses import replace

from framework.contract.handsets import VirtualHandset
from framework.plugin.roll import Called
from framework.plugin.summary import matrix_lines
from framework.virtual.identity import identity_of

HERE = identity_of(VirtualHandset(name="here", kind="virtual", profile="xiaomi-13"))


def test_a_handset_that_the_matrix_has_no_tests_for_is_told() -> None:
    """Who is silent and of no known model has no column; who has been described, or answered once, has one."""
    called = Called((HERE,), ("rack-7", "described"), (replace(HERE, name="described"),))
    assert list(matrix_lines(called)) == [
        (
            "no tests",
            "for rack-7, which has not answered: what it is can be said in devices.yaml (capabilities: {model: …})",
        )
    ]
