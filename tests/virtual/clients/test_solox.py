"""SoloX 2.9.3: what all of its collectors say of a busy assistant, beside the truth of the handset."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from framework.formats.demonstration import PACKAGE
from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Environment

pytestmark = pytest.mark.foreign

ACTIVITY = f"{PACKAGE}/{PACKAGE}.ConversationActivity"
MODEL = "/data/local/tmp/model.gguf"
QUESTIONS = 6
"""Stories that are told one after the other: more than SoloX has time to hear."""

KEPT_BY_COMPOSITOR = 127


@dataclass(frozen=True)
class Told:
    """What SoloX said, and what was so."""

    said: dict[str, Any]
    truth: dict[str, Any]
    run: dict[str, Any]
    """What is left of a whole measurement."""

    def after(self, name: str) -> float:
        """The uptime when a collector had ended."""
        return float(self.said["seconds"][name][1])

    def value(self, series: str, name: str) -> float:
        """The newest value of a series when a collector had ended."""
        points = self.truth["samples"][series]
        return float(points[bisect_right([at_ns for at_ns, _ in points], self.after(name) * 1e9) - 1][1])

    def frames(self, name: str) -> list[dict[str, Any]]:
        """The app's frames that were shown until a collector had ended."""
        shown = (event for event in self.truth["events"] if event["kind"] == "frame" and event["package"] == PACKAGE)
        return sorted((each for each in shown if each["ns"] <= self.after(name) * 1e9), key=lambda each: each["ns"])


@pytest.fixture(scope="module")
def told(client: Environment, assistant_apk: tuple[Path, Path]) -> Iterator[Told]:
    apk, weights = assistant_apk
    with client("solox") as solox:
        assert "Success" in solox.adb("install", "-r", str(apk))
        solox.adb("push", str(weights), MODEL)
        assert "Status: ok" in solox.adb("shell", f"am start -W -n {ACTIVITY} --es model {MODEL}")
        ask = f"am start -n {ACTIVITY} -a {PACKAGE}.ASK --es text 'Tell me a long story'"
        solox.adb("shell", f"for i in $(seq {QUESTIONS}); do {ask}; done")
        solox.adb("shell", 'logcat -m 1 -e \'"event":"first_token"\' -s AssistantEvent')
        said = solox.run("solox_session.py", PACKAGE)
        truth = solox.control.truth()
        yield Told(said, truth, solox.run("solox_run.py", PACKAGE, str(solox.folder / "report.html")))


def test_who_the_handset_is(told: Told) -> None:
    """Its serial, model, address, activity in front, processes and packages."""
    profile = load_profile("xiaomi-11")
    detail = told.said["detail"]
    display = profile.displays[0]
    assert (detail["brand"], detail["name"], detail["version"], detail["cpu_cores"], detail["physical_size"]) == (
        *(profile.identity.brand, profile.identity.model, profile.build.release),
        *(profile.soc.cores, f"{display.width}x{display.height}"),
    )
    assert len(detail["wifiadr"].split(":")) == 6
    assert told.said["ip"].startswith("192.168.")
    assert told.said["activity"] == ACTIVITY
    assert PACKAGE in told.said["packages"]
    assert [each.split(":")[1] for each in told.said["processes"]] == [PACKAGE]


def test_cpu(told: Told) -> None:
    """The model runs on as many threads as suit it, of all cores; the rest of the system does less."""
    soc = load_profile("xiaomi-11").soc
    app, system = told.said["cpu"]["appCpuRate"], told.said["cpu"]["systemCpuRate"]
    assert app == pytest.approx(100 * soc.efficient_threads / soc.cores, abs=8)
    assert app <= system <= app + 25
    assert told.said["cores"]


def test_memory(told: Told) -> None:
    """The proportional share of the app's pages, in MiB, and its parts."""
    pid = told.said["processes"][0].split(":")[0]
    resident_mb = told.value(f"{PACKAGE}:{pid}:rss_mb", "memory")
    assert told.said["memory"]["total"] * 1.048576 == pytest.approx(resident_mb, rel=0.12)
    parts = told.said["memory_detail"]
    assert min(parts.values()) > 0
    assert sum(parts.values()) == pytest.approx(told.said["memory"]["total"], rel=0.05)


def test_battery_and_temperatures(told: Told) -> None:
    """Level and temperature as they are; the thermal zones are within their sensors' noise.

    SoloX reads the types in the order of a glob (0, 1, 10, 2) and the temperatures by number: paired here as read.
    """
    assert told.said["battery"]["level"] == round(100 * told.value("battery_share", "battery"))
    assert told.said["battery"]["temperature"] == pytest.approx(told.value("battery_c", "battery"), abs=0.3)
    sensors = sorted(each.name.lower() for each in load_profile("xiaomi-11").thermal.sensors)
    assert [zone["type"] for zone in told.said["thermal"]] == [
        sensors[number] for number in sorted(range(len(sensors)), key=str)
    ]
    read = (int(zone["temp"]) / 1000 for zone in told.said["thermal"])
    zones = dict(zip(sensors, read, strict=True))
    assert zones["skin"] == pytest.approx(told.value("skin_c", "thermal"), abs=0.5)
    assert zones["battery"] == pytest.approx(told.value("battery_c", "thermal"), abs=0.5)


def test_network(told: Told) -> None:
    """KiB that went over Wi-Fi since boot and in half a second, and over the modem once Wi-Fi is off."""
    sent, received = told.said["carried"]
    assert received * 1024 == pytest.approx(told.value("wlan0_rx_bytes", "carried"), abs=1000)
    assert sent * 1024 == pytest.approx(told.value("wlan0_tx_bytes", "carried"), abs=1000)
    assert 0 < told.said["network"]["recv"] < 1
    assert 0 < told.said["mobile"]["recv"] < 1
    assert told.value("rmnet_ipa0_rx_bytes", "fps") > 0


@pytest.mark.parametrize("way", ["fps", "framestats"])
def test_frames(told: Told, way: str) -> None:
    """The rate of the frames that the compositor, or the app's renderer, still remembers."""
    last = [each["ns"] for each in told.frames(way)][-KEPT_BY_COMPOSITOR:]
    rate = (len(last) - 1) / (last[-1] - last[0]) * 1e9
    assert told.said[way]["fps"] == pytest.approx(rate, rel=0.2, abs=1)


def test_gpu(told: Told) -> None:
    """The share of the last second in which the GPU drew frames."""
    end_ns = told.after("gpu") * 1e9
    busy_ns = sum(
        max(0, min(each["gpu_completed_ns"], end_ns) - max(each["gpu_begun_ns"], end_ns - 1e9))
        for each in told.frames("gpu")
    )
    assert told.said["gpu"]["gpu"] == pytest.approx(busy_ns / 1e7, abs=1)


def test_disk(told: Told) -> None:
    """KiB of all file systems: what is used and what is free are all there is."""
    disk = told.said["disk"]
    assert disk["used"] + disk["free"] == pytest.approx(disk["disk_size"], rel=0.01)
    assert disk["disk_size"] * 1024 > load_profile("xiaomi-11").memory.storage_gb * 10**9


def test_a_whole_measurement(told: Told) -> None:
    """Every collector has written its log, and the report is there."""
    wanted = {"cpu_app", "cpu_sys", "mem_total", "mem_swap", "battery_level", "battery_tem", "upflow", "downflow"}
    logs = told.run["logs"]
    assert {name for name in wanted | {"fps", "jank", "gpu", "mem_java_heap"} if not logs.get(name)} == set()
    assert len(told.run["results"]) == 1
    assert told.run["report"] > 10_000
