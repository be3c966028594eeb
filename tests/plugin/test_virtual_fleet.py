"""The virtual handsets of a run: started on demand, and looked behind."""

from __future__ import annotations

from contextlib import closing

from framework.contract.handsets import Defaults, Inventory, VirtualHandset
from framework.plugin.virtual_fleet import VirtualFleet
from framework.virtual.control.registry import running_handsets


def test_a_handset_of_a_run_can_be_controlled() -> None:
    """By its name, through the run or, as `farm virtual truth` does, from outside; not any more when it is over."""
    handset = VirtualHandset(name="fleet-bench", kind="virtual", profile="xiaomi-13", seed=7, speed=5)
    inventory = Inventory(defaults=Defaults(), handsets=(handset,))
    with closing(VirtualFleet(inventory, None)) as fleet:
        told = fleet.control("fleet-bench").truth()
        assert (told["name"], told["seed"], told["speed"]) == ("fleet-bench", 7, 5)
        assert fleet.target("fleet-bench").adbd in [each.endpoint.adb for each in running_handsets()]
    assert "fleet-bench" not in [each.endpoint.name for each in running_handsets()]
