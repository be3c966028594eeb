"""Which handset a worker has, as text."""

from __future__ import annotations

from framework.contract.capabilities import Target
from framework.plugin.swap import target_of, target_text


def test_a_target_comes_back_as_it_was() -> None:
    """With its tags, and what devices.yaml says of it."""
    target = Target("p8", serial="X1", tags=("lab",), stated={"ram_gb": 8.0, "fold_states": ("closed", "open")})
    assert target_of(target_text(target)) == target
