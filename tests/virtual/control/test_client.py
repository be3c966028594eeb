"""The client of the control endpoint, against a handset that runs."""

from __future__ import annotations

import asyncio
import socket
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from framework.contract.errors import HandsetError, UsageError
from framework.virtual.control.client import SAMPLE_NS, Control

if TYPE_CHECKING:
    from conftest import OnEndpoint, Visitor


def test_samples_come_at_every_step(on_endpoint: OnEndpoint[None]) -> None:
    """Four a second without gaps, whether the value changes or not."""

    async def look(visitor: Visitor) -> None:
        since = visitor.device.clock.now_ns()
        await visitor.device.clock.sleep(10_000_000_000)
        told = await asyncio.to_thread(Control(visitor.url).truth, since)
        still = next(points for name, points in told["samples"].items() if name.endswith("systemui:1688:rss_mb"))
        for points in (still, told["samples"]["skin_c"], told["samples"]["clock_share"]):
            assert len(points) >= 40
            assert {after[0] - before[0] for before, after in pairwise(points)} == {SAMPLE_NS}

    on_endpoint(look)


def test_faults_begin_and_end(on_endpoint: OnEndpoint[None]) -> None:
    """By their numbers, of the kinds that are told."""

    async def run(visitor: Visitor) -> None:
        control = Control(visitor.url, "bench")
        number = await asyncio.to_thread(control.fault, "status", 2, 3600)
        assert "status" in [kind["kind"] for kind in await asyncio.to_thread(control.kinds)]
        await asyncio.to_thread(control.clear, number)
        await asyncio.to_thread(control.clear)
        (told,) = await asyncio.to_thread(control.faults)
        assert (told["id"], told["kind"], told["end_ns"] is not None) == (number, "status", True)
        with pytest.raises(UsageError, match='bench: there is no fault "stat"'):
            await asyncio.to_thread(control.fault, "stat")

    on_endpoint(run)


def test_nobody_there() -> None:
    """The lab's error, with the handset's name."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/token"
        with pytest.raises(HandsetError, match="fold: its control endpoint does not answer"):
            Control(url, "fold").truth()
