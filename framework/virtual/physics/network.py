"""The thermal RC network of a handset: die - board - skin - air, with the battery beside board and skin."""

from __future__ import annotations

from collections.abc import Mapping

from framework.virtual.physics.variation import around
from framework.virtual.profiles.record import NodeName, Thermal

NODES: tuple[NodeName, ...] = ("die", "board", "skin", "battery")
AIR = "air"

SETTLING_ROUNDS = 400


class ThermalNetwork:
    """Temperatures in °C of the four nodes and the air; heat flows through the resistances between them."""

    def __init__(self, thermal: Thermal, seed: int) -> None:
        self.cooling = 1.0
        self._heat = thermal.heat_j_per_k.model_dump()
        self.paths = _paths(thermal, seed)
        """K/W between two nodes, of the open handset."""

        self.celsius: dict[str, float] = dict.fromkeys((*NODES, AIR), around(thermal.ambient_c, 0.04, seed, "ambient"))

    def step(self, joules: Mapping[NodeName, float], seconds: float) -> None:
        """Let `joules` of heat into the nodes over `seconds`, which must be short against the die (some 8 s)."""
        gain = {node: joules.get(node, 0.0) for node in NODES} | {AIR: 0.0}
        for (one, other), kelvin_per_watt in self.paths.items():
            flow = (self.celsius[one] - self.celsius[other]) / self._resistance(other, kelvin_per_watt) * seconds
            gain[one] -= flow
            gain[other] += flow
        for node in NODES:
            self.celsius[node] += gain[node] / self._heat[node]

    def settle(self, watts: Mapping[NodeName, float]) -> None:
        """Go to where the temperatures stay while `watts` flow in (Gauss-Seidel on the balance of each node)."""
        for _ in range(SETTLING_ROUNDS):
            for node in NODES:
                self.celsius[node] = self._balance(node, watts.get(node, 0.0))

    def _balance(self, node: str, watts: float) -> float:
        conductance, inflow = 0.0, watts
        for (one, other), kelvin_per_watt in self.paths.items():
            if node in (one, other):
                share = 1 / self._resistance(other, kelvin_per_watt)
                conductance += share
                inflow += share * self.celsius[other if node == one else one]
        return inflow / conductance

    def _resistance(self, other: str, kelvin_per_watt: float) -> float:
        return kelvin_per_watt / self.cooling if other == AIR else kelvin_per_watt


def _paths(thermal: Thermal, seed: int) -> dict[tuple[str, str], float]:
    given = thermal.resistance_k_per_w
    paths = {
        ("die", "board"): given.die_board,
        ("board", "skin"): given.board_skin,
        ("board", "battery"): given.board_battery,
        ("battery", "skin"): given.battery_skin,
        ("skin", AIR): given.skin_air,
    }
    return {path: around(value, 0.06, seed, *path) for path, value in paths.items()}
