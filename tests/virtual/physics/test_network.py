"""The RC network: energy is kept, rest is where it should be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.physics.network import NODES, ThermalNetwork
from framework.virtual.profiles import load_profile

THERMAL = load_profile("xiaomi-13").thermal


def stored(network: ThermalNetwork) -> float:
    """Joules over the air's temperature."""
    heat = THERMAL.heat_j_per_k.model_dump()
    return float(sum(heat[node] * (network.celsius[node] - network.celsius["air"]) for node in NODES))


@settings(max_examples=10, deadline=None)
@given(watts=st.floats(0.1, 12), seed=st.integers(0, 1000))
def test_settled_is_where_stepping_leads(watts: float, seed: int) -> None:
    """After hours of steady power the temperatures are those that `settle` computes at once."""
    stepped, settled = ThermalNetwork(THERMAL, seed), ThermalNetwork(THERMAL, seed)
    settled.settle({"die": watts})
    for _ in range(8_000):
        stepped.step({"die": watts * 0.5}, 0.5)
    for node in NODES:
        assert stepped.celsius[node] == pytest.approx(settled.celsius[node], abs=0.05)


def test_without_power_nothing_moves() -> None:
    """At the air's temperature no heat flows."""
    network = ThermalNetwork(THERMAL, 0)
    before = dict(network.celsius)
    network.step({}, 0.25)
    assert network.celsius == before


def test_heat_that_comes_in_stays_or_leaves_through_the_skin() -> None:
    """Energy in = energy stored + energy through the skin's resistance to the air."""
    network, left = ThermalNetwork(THERMAL, 0), 0.0
    resistance = network.paths[("skin", "air")]
    for _ in range(2000):
        left += (network.celsius["skin"] - network.celsius["air"]) / resistance * 0.25
        network.step({"die": 6 * 0.25}, 0.25)
    assert stored(network) + left == pytest.approx(2000 * 6 * 0.25, rel=1e-6)


def test_the_die_is_hottest_and_the_skin_coolest() -> None:
    """Under load temperatures fall from the die outwards."""
    network = ThermalNetwork(THERMAL, 3)
    network.settle({"die": 6.0})
    celsius = network.celsius
    assert celsius["die"] > celsius["board"] > celsius["battery"] > celsius["skin"] > celsius["air"]


def test_better_cooling_lowers_the_skin_in_proportion() -> None:
    """`cooling` scales the heat that leaves the skin."""
    network = ThermalNetwork(THERMAL, 0)
    network.settle({"die": 5.0})
    rise = network.celsius["skin"] - network.celsius["air"]
    network.cooling = 0.8
    network.settle({"die": 5.0})
    assert network.celsius["skin"] - network.celsius["air"] == pytest.approx(rise / 0.8)
