"""The kinds of output that can be parsed: the table behind `farm parse`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "adb_devices": "framework.dumps.adb_devices",
        "battery": "framework.dumps.battery",
        "cpuinfo": "framework.dumps.cpuinfo",
        "device_state": "framework.dumps.device_state",
        "df": "framework.dumps.df",
        "display": "framework.dumps.display",
        "dumpsys_package": "framework.dumps.dumpsys_package",
        "getprop": "framework.dumps.getprop",
        "gfxinfo": "framework.dumps.gfxinfo",
        "input": "framework.dumps.input",
        "install": "framework.dumps.install",
        "kernel_log": "framework.dumps.kernel_log",
        "logcat": "framework.dumps.logcat",
        "meminfo": "framework.dumps.meminfo",
        "pm_list": "framework.dumps.pm_list",
        "proc_io": "framework.dumps.proc_io",
        "proc_meminfo": "framework.dumps.proc_meminfo",
        "proc_stat": "framework.dumps.proc_stat",
        "proc_status": "framework.dumps.proc_status",
        "ps": "framework.dumps.ps",
        "psi": "framework.dumps.psi",
        "screen_state": "framework.dumps.screen_state",
        "sf_latency": "framework.dumps.sf_latency",
        "smaps": "framework.dumps.smaps",
        "thermal_zone": "framework.dumps.thermal_zone",
        "thermalservice": "framework.dumps.thermalservice",
        "tombstone": "framework.dumps.tombstone",
        "top": "framework.dumps.top",
        "uptime": "framework.dumps.uptime",
        "wm_size": "framework.dumps.wm_size",
    }
)
"""Kind → the module whose `parse(text)` gives its record (a frozen dataclass) or raises DumpError."""


def parser(kind: str) -> Callable[[str], object]:
    """The `parse` of a kind, imported only now; KeyError for a kind that the table does not have."""
    return cast(Callable[[str], object], import_module(KINDS[kind]).parse)
