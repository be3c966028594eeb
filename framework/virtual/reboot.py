"""Restarting a handset: what is in memory is gone, what is in storage stays, and so does its heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.boot import spawn_boot_processes

if TYPE_CHECKING:
    from framework.virtual.device import Device

LAST_WORDS_NS = 1_000_000
"""What everything that is killed needs at most to end."""


async def go_down(device: Device) -> None:
    """Stop everything; from here on time counts from 0, and nothing runs until `come_up`."""
    if device.adbd is not None:
        device.adbd.leave()
    device.ports.close()
    await device.processes.close()
    await device.clock.sleep(LAST_WORDS_NS)
    device.physics.settle()
    device.clock.restart(0)
    device.truth.restarted()
    device.physics.restart()
    device.log.restart()
    device.posture.reset()
    device.touch.cancel()
    device.power.awake = True


def come_up(device: Device) -> None:
    """Android is up: its processes run, the launcher is shown, and adbd takes connections."""
    spawn_boot_processes(device.processes)
    device.activities.home()
    if device.adbd is not None:
        device.adbd.come_back()
