from __future__ import annotations

from framework.contract.handsets import AvdHandset, Stated, UsbHandset
from framework.contract.needs import Needs
from framework.fleet.expected import expected_identity
from framework.fleet.match import missing


def test_what_is_stated_is_expected() -> None:
    """Capabilities of the devices file meet needs before the handset is asked; a foldable takes every posture."""
    stated = Stated(model="Pixel Fold", soc="Tensor G2", ram_gb=12, android="14", system="Pixel UI", foldable=True)
    found = expected_identity(UsbHandset(name="p", kind="usb", serial="1", tags=("lab",), capabilities=stated))
    needs = Needs(model="pixel*", soc="tensor*", ram_gb=12, android=14, system="pixel ui", tags="lab", emulated=False)
    assert missing(needs.model_copy(update={"fold_states": ("half_open",), "foldable": True}), found) == ()


def test_what_is_not_stated_meets_no_need() -> None:
    """And that is said, as there may be nothing wrong with the handset but with its description."""
    found = expected_identity(AvdHandset(name="a", kind="avd", avd="Pixel"))
    assert missing(Needs(ram_gb="<99", android=">=1", model="*", emulated=True, foldable=True), found) == (
        "foldable",
        "ram_gb <99 (it does not tell)",
        "android >=1 (it does not tell)",
        "model * (it does not tell)",
    )


def test_postures_and_room_are_expected_as_stated() -> None:
    """What is said to take postures folds, and takes no others; room is there as far as it is stated."""
    stated = Stated(fold_states=("closed", "open"), free_gb=20)
    found = expected_identity(UsbHandset(name="p", kind="usb", serial="1", capabilities=stated))
    needs = Needs(foldable=True, fold_states=("open",), free_gb=">=20")
    assert missing(needs, found) == ()
    assert missing(Needs(fold_states=("half_open",), free_gb=">=21"), found) == (
        "fold_states half_open (has closed, open)",
        "free_gb >=21 (has 20)",
    )
