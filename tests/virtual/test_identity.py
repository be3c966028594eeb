"""Who an emulated handset says it is before it was started, and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.contract.capabilities import ShellResult, Target
from framework.contract.handsets import PROFILES, VirtualHandset
from framework.handset.identity import read_identity
from framework.handset.posture import HandsetPosture
from framework.virtual.identity import identity_of

if TYPE_CHECKING:
    from conftest import Bench, OnBench

COMMANDS = (("getprop",), ("cat", "/proc/meminfo"), ("cmd", "device_state", "print-states"))


class Printed:
    """A shell that has printed all that it will be asked for."""

    def __init__(self, out: dict[tuple[str, ...], str]) -> None:
        self._out = out

    def run(self, *argv: str, **_: object) -> ShellResult:
        return ShellResult(0, self._out[argv].encode(), b"")


@pytest.mark.parametrize("profile", PROFILES)
def test_it_is_what_a_client_reads_of_it(on_bench: OnBench, profile: str) -> None:
    """All but the free storage, which is a little less than all of it."""

    async def script(bench: Bench) -> dict[tuple[str, ...], str]:
        return {argv: (await bench.sh(" ".join(argv))).out for argv in COMMANDS}

    name = "bench"
    shell = Printed(on_bench(script, profile))
    read = read_identity(Target(name, tags=("new",)), shell, HandsetPosture(name, shell).states)  # type: ignore[arg-type]
    told = identity_of(VirtualHandset(name=name, kind="virtual", profile=profile, seed=1, tags=("new",)))
    assert told == read
