"""Radios and interfaces: what is up, and what has been carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench

SECOND_NS = 1_000_000_000


def test_wifi_carries_the_traffic_until_it_is_off(on_bench: OnBench) -> None:
    """Then the modem does; with neither there is no way out, and no byte moves."""

    async def story(bench: Bench) -> list[str]:
        network, names = bench.device.connectivity, []
        put = "settings put global"
        for script in ("svc wifi disable", "svc data disable", f"{put} mobile_data 1", f"{put} wifi_on 1"):
            await bench.sh(script)
            carrier = network.carrier
            names.append(carrier.name if carrier else "none")
        return names

    assert on_bench(story) == ["rmnet_ipa0", "none", "rmnet_ipa0", "wlan0"]


def test_bytes_are_counted_by_device_time(on_bench: OnBench) -> None:
    """What nobody asked for comes at its pace, and is in the truth and in all that shows it."""

    async def story(bench: Bench) -> tuple[float, list[int]]:
        network, clock = bench.device.connectivity, bench.device.clock
        begun_ns = clock.now_ns()
        script = (
            "grep wlan0 /proc/net/dev; ifconfig wlan0 | tr ':' ' ' | grep 'RX bytes'; grep wlan0 /proc/self/net/dev"
        )
        proc, shown, own = (await bench.sh(script)).out.splitlines()
        counts = [int(proc.split()[1]), int(shown.split()[2]), int(own.split()[1])]
        series = [network.truth_values(at_ns)["wlan0_rx_bytes"] for at_ns in (begun_ns, begun_ns + 10 * SECOND_NS)]
        return series[1] - series[0], [
            int(series[0]),
            *counts,
            int(network.truth_values(clock.now_ns())["wlan0_rx_bytes"]),
        ]

    in_ten_seconds, counts = on_bench(story)
    assert in_ten_seconds == 20 * 134
    assert counts == sorted(counts)


def test_a_restart_counts_anew(on_bench: OnBench) -> None:
    """The counters are the kernel's."""

    async def story(bench: Bench) -> bool:
        network = bench.device.connectivity
        await bench.device.clock.sleep(10 * SECOND_NS)
        before = network.truth_values(bench.device.clock.now_ns())["wlan0_rx_bytes"]
        network.restart()
        return network.truth_values(bench.device.clock.now_ns())["wlan0_rx_bytes"] < before

    assert on_bench(story)
