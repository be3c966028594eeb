"""The virtual handsets of a run: started on demand, and looked behind."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from support.emulators import install

from framework.contract.errors import HandsetError
from framework.contract.handsets import AvdHandset, Defaults, Inventory, VirtualHandset
from framework.handset.handset import open_handset
from framework.plugin.virtual_fleet import VirtualFleet
from framework.virtual.control.registry import running_handsets

ROOT = Path(__file__).parents[2]


def test_a_handset_of_a_run_can_be_controlled() -> None:
    """By its name, through the run or, as `farm virtual truth` does, from outside; not any more when it is over."""
    handset = VirtualHandset(name="fleet-bench", kind="virtual", profile="xiaomi-13", seed=7, speed=5)
    inventory = Inventory(defaults=Defaults(), handsets=(handset,))
    with closing(VirtualFleet(inventory, None)) as fleet:
        told = fleet.control("fleet-bench").truth()
        assert (told["name"], told["seed"], told["speed"]) == ("fleet-bench", 7, 5)
        assert fleet.target("fleet-bench").adbd in [each.endpoint.adb for each in running_handsets()]
    assert "fleet-bench" not in [each.endpoint.name for each in running_handsets()]


@pytest.mark.foreign
def test_an_avd_is_started_for_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reached through an adb server of ours, with its tags; it cannot be looked behind."""
    install(tmp_path / "sdk")
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(tmp_path))
    handset = AvdHandset(name="fold", kind="avd", avd="Pixel_Fold_API_34", tags=("flagship",), boot_within_s=60)
    told: list[str] = []
    with closing(VirtualFleet(Inventory(defaults=Defaults(), handsets=(handset,)), None, told.append)) as fleet:
        fleet.start(handset)
        where = fleet.target("fold")
        assert (where.adbd, where.adb_server_ours, where.tags) == (None, True, ("flagship",))
        with open_handset(where) as opened:
            assert opened.identity.tags == ("flagship",)
        with pytest.raises(HandsetError, match="it is no virtual handset"):
            fleet.control("fold")
    assert told == ["fold: starting the AVD Pixel_Fold_API_34"]
