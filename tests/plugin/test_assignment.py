from __future__ import annotations

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset, TcpHandset
from framework.plugin.assignment import Assignment


def away(handset: Handset) -> Target:
    raise HandsetError(handset.name, "away")


def test_the_first_cause_is_kept() -> None:
    """Each handset is tried once; every worker that gets none is told the first reason, and all reasons are kept."""
    handsets = [TcpHandset(name=name, kind="tcp", address="127.0.0.1:1") for name in ("one", "two")]
    assignment = Assignment(handsets, away)
    for worker in ("gw0", "gw1"):
        with pytest.raises(HandsetError, match="one: away"):
            assignment.give(worker)
    assert [str(error) for error in assignment.unavailable] == ["one: away", "two: away"]
