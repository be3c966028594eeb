"""The on-device loop under the real mksh, on a made-up /proc and /sys."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from framework.trace.loop import availability_script, loop_script, period_s, tick_s
from framework.trace.probes import PROBES, frames, thermal
from framework.trace.probes.probe import Probe
from framework.trace.recording import Recording
from framework.trace.sampler import SampleReader

PID = 4711
TASK = "{pid} ({name}) S 1 1 0 0 -1 4194304 0 0 0 0 100 20 0 0 20 0 2 0 777 1000 10 0 1 1 0\n"
FILES = {
    "proc/uptime": "100.05 200.00\n",
    "proc/stat": "cpu  1000 0 0 5000 300 0 0 0 0 0\ncpu0 1 1 1 1\nintr 5 1 2\n",
    "proc/meminfo": "MemTotal: 1000000 kB\nMemAvailable: 500000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
    "proc/sys/kernel/random/boot_id": "aaaa-bbbb\n",
    "proc/self/status": "Pid:\t1\n",
    "proc/self/stat": "",
    "proc/self/task/1/stat": "",
    "proc/12/cmdline": "app.other\0",
    f"proc/{PID}/cmdline": "app\0",
    f"proc/{PID}/status": f"Name:\ta\\nb \\\\c\nPid:\t{PID}\nVmRSS:\t 1000000 kB\nVmSwap:\t 0 kB\n",
    f"proc/{PID}/stat": TASK.format(pid=PID, name="app) ("),
    f"proc/{PID}/task/{PID}/stat": TASK.format(pid=PID, name="main"),
    f"proc/{PID}/task/4712/stat": TASK.format(pid=4712, name="llm"),
    "sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq": "300000\n",
    "sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq": "1000000\n",
    "sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq": "2000000\n",
    "sys/class/thermal/thermal_zone0/type": "skin-therm\n",
    "sys/class/thermal/thermal_zone0/temp": "31500\n",
    "sys/class/thermal/thermal_zone1/type": "tsens_tz_sensor9\n",
    "sys/class/thermal/thermal_zone1/temp": "99000\n",
    "sys/class/power_supply/usb/type": "USB\n",
    "sys/class/power_supply/usb/online": "0\n",
    "sys/class/power_supply/battery/type": "Battery\n",
    "sys/class/power_supply/battery/status": "Not charging\n",
    "sys/class/power_supply/battery/capacity": "77\n",
    "sys/class/power_supply/battery/voltage_now": "4000000\n",
    "sys/class/power_supply/battery/current_now": "-250000\n",
    "sys/kernel/emulator/slipped_ms": "1.5\n",
    "sys/kernel/emulator/late_ms": "2.5\n",
}
DUMPS = (thermal.PROBE, frames.PROBE)
READ_BY_THE_SHELL = tuple(probe for probe in PROBES if not probe.commands)


class Handset:
    """Its files lie under a folder; `bin` is all that its shell finds programs in."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin = root, root / "bin"
        self.bin.mkdir()
        for name, content in FILES.items():
            self.write(name, content)

    def write(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def start(self, script: str) -> subprocess.Popen[str]:
        moved = re.sub(r"(?<!\w)/(proc|sys)/", rf"{self.root}/\1/", script)
        return subprocess.Popen(
            [str(shutil.which("mksh")), "-c", moved],
            env={"PATH": str(self.bin)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def handset(tmp_path: Path) -> Handset:
    if shutil.which("mksh") is None:
        pytest.skip("mksh is not on this machine (Debian package mksh)")
    return Handset(tmp_path)


class Loop:
    """The loop, running; its lines go into a recording."""

    def __init__(self, process: subprocess.Popen[str], probes: tuple[Probe, ...]) -> None:
        self.process = process
        self.recording = Recording("app", probes, lambda probe: None)
        self._reader = SampleReader(probes, self.recording)
        self.lines: list[str] = []

    def ask(self, request: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()

    def until(self, expected: str) -> list[str]:
        """The marks of all lines up to one that begins so."""
        assert self.process.stdout is not None
        seen: list[str] = []
        for line in self.process.stdout:
            self._reader.feed(line.removesuffix("\n"))
            self.lines.append(line)
            if line.startswith("@"):
                seen.append(line.split()[0])
            if line.startswith(expected):
                return seen
        raise AssertionError(f"the loop ended before {expected!r}: {''.join(self.lines)}")

    def children_faults(self) -> int:
        """Page faults of the shell's children that have ended: 0 as long as it has started none (proc(5), cminflt)."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[8])


@contextmanager
def running(handset: Handset, probes: tuple[Probe, ...]) -> Iterator[Loop]:
    process = handset.start(loop_script(probes, "app"))
    try:
        yield Loop(process, probes)
        process.stdin.close() if process.stdin else None
        process.wait(10)  # the loop ends with its input
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.foreign
def test_what_the_handset_has_is_offered_and_nothing_else(handset: Handset) -> None:
    """Without dumpsys there are only the files; a battery that tells all needs no dump."""
    out, _ = handset.start(availability_script(PROBES, "app")).communicate(timeout=20)
    assert out.split() == [probe.name for probe in READ_BY_THE_SHELL]


@pytest.mark.foreign
def test_files_are_read_without_starting_a_program(handset: Handset) -> None:
    """No child, although the process is looked for, samples are taken and a round is asked for; no pidof is needed."""
    with running(handset, READ_BY_THE_SHELL) as loop:
        first = loop.until("@\n")
        assert first == ["@boot", "@clock", *(f"@{probe.name}" for probe in READ_BY_THE_SHELL), "@"]
        handset.write("proc/uptime", "102.05 200.00\n")
        handset.write("proc/stat", "cpu  1300 0 0 5000 300 0 0 0 0 0\n")
        loop.ask("round 7")
        loop.until("@round 7")
        assert loop.children_faults() == 0
        assert loop.recording.await_round(7, 0)
    told = loop.recording.gauges()
    expected = {
        "pid": PID,
        "rss_mb": 1024.0,
        "swap_mb": 0.0,
        "mem_available_mb": 512.0,
        "cpu0_mhz": 300.0,
        "cpu0_limit_mhz": 1000.0,
        "throttle": 1.0,
        "zone_skin_therm_c": 31.5,
        "battery_level_pct": 77.0,
        "battery_ma": -250.0,
        "charging": 0.0,
        "cpu_busy_cores": 1.5,
        "emulator_slipped_ms": 1.5,
        "emulator_late_ms": 2.5,
    }
    assert {name: told.get(name) for name in expected} == pytest.approx(expected)
    assert "zone_tsens_tz_sensor9_c" not in told
    assert loop.recording.notes() == ()


@pytest.mark.foreign
def test_a_dump_is_one_program_and_a_dropped_probe_is_not_run_again(handset: Handset) -> None:
    """Each reading of a dump starts dumpsys once; after `drop` the others go on."""
    (handset.bin / "dumpsys").write_text(f"#!/bin/sh\necho $1 >>{handset.root}/started\necho 'Thermal Status: 0'\n")
    (handset.bin / "dumpsys").chmod(0o755)
    with running(handset, DUMPS) as loop:
        loop.until("@\n")
        loop.ask("round 1")
        loop.until("@round 1")
        assert (handset.root / "started").read_text().split() == ["thermalservice", "gfxinfo"] * 2
        loop.ask("drop frames")
        loop.until("@\n")
        loop.until("@\n")
        loop.ask("round 2")
        assert "@frames" not in loop.until("@round 2")
    assert loop.recording.gauges()["thermal_status"] == 0.0


@pytest.mark.foreign
def test_a_process_that_died_is_looked_for(handset: Handset) -> None:
    """While it is gone there are no values; the next one is found by its name."""
    with running(handset, READ_BY_THE_SHELL) as loop:
        loop.until("@\n")
        shutil.move(handset.root / f"proc/{PID}", handset.root / "proc/5000")
        handset.write("proc/5000/stat", TASK.format(pid=5000, name="app").replace(" 777 ", " 888 "))
        handset.write("proc/uptime", "104.00 200.00\n")
        loop.ask("round 1")
        loop.until("@round 1")
    told = [instant.text for instant in loop.recording.instants() if instant.kind == "process"]
    assert told == ["app: process 4711 was followed by 5000"]


@pytest.mark.parametrize(("scale", "tick", "dump"), [(1, 0.2, 2.5), (20, 1.0, 2.5), (60, 3.0, 7.5)])
def test_fast_handsets_are_sampled_no_faster_in_host_time(scale: float, tick: float, dump: float) -> None:
    """5 Hz of device time, but at most 20 ticks and 8 dumps of a kind a host second."""
    assert (tick_s(scale), period_s(thermal.PROBE, scale)) == pytest.approx((tick, dump))
