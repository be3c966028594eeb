"""Who the handsets of a run are, and what is on them already."""

from __future__ import annotations

from pathlib import Path

from framework.contract.capabilities import Target
from framework.contract.handsets import TcpHandset, VirtualHandset
from framework.deploy import deploy, load_build
from framework.fleet.planning.queue import Brought
from framework.handset.handset import open_handset
from framework.plugin.roll import Roll
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).parents[2] / "suites" / "builds" / "compact" / "build.yaml"


def test_where_a_build_is_and_what_it_costs_to_bring_it() -> None:
    """Read from the receipts on handsets that are asked; where nobody was asked nothing is known."""
    build = load_build(BUILD)
    with virtual_handsets([VirtualRequest(name, "xiaomi-12", speed=50) for name in ("one", "two")]) as started:
        targets = {name: Target(name, adbd=started.endpoint(name).adb) for name in ("one", "two")}
        with open_handset(targets["one"]) as opened:
            receipt = deploy(build, opened)
        entries = [TcpHandset(name=name, kind="tcp", address=str(where.adbd)) for name, where in targets.items()]
        roll = Roll(entries, lambda entry: targets[entry.name])
        roll.call()
    assert {name: (20 < one.skin_c < 40, one.time_scale) for name, one in roll.warmth.items()} == {
        "one": (True, 50),
        "two": (True, 50),
    }
    assert roll.brought(build.spec.label) == Brought(frozenset({"one"}), receipt.seconds)
    assert roll.brought("another 1.0") == Brought(frozenset(), receipt.seconds)
    asleep = Roll([VirtualHandset(name="v", kind="virtual", profile="xiaomi-13")], lambda entry: targets["one"])
    asleep.call()
    assert asleep.brought(build.spec.label) == Brought()
