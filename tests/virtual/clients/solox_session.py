"""Runs with SoloX's Python: what all of its collectors say of an app, as JSON. Arguments: serial, package."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from solox.public import android_fps
from solox.public.adb import adb
from solox.public.apm import FPS, AppPerformanceMonitor, Network
from solox.public.common import Devices

serial, package = sys.argv[1:]
said: dict[str, object] = {}
seconds: dict[str, tuple[float, float]] = {}
"""The handset's uptime before and after each collector."""


def uptime() -> float:
    return float(adb.shell(cmd="cat /proc/uptime", deviceId=serial).split()[0])


def monitor(**options: object) -> AppPerformanceMonitor:
    return AppPerformanceMonitor(pkgName=package, platform="Android", deviceId=serial, noLog=True, **options)


def collect(name: str, how: Callable[[], object]) -> None:
    before = uptime()
    said[name] = how()
    seconds[name] = (before, uptime())


devices, apm = Devices(), monitor()
said["ids"] = devices.getDeviceIds()
said["packages"] = devices.getPkgname(serial)
said["detail"] = devices.getDdeviceDetail(serial, "Android")
said["ip"] = devices.get_device_ip(serial)
said["activity"] = devices.getCurrentActivity(serial)
said["processes"] = devices.getPid(serial, package)
collect("cpu", apm.collectCpu)
collect("cores", apm.collectCoreCpu)
collect("memory", apm.collectMemory)
collect("memory_detail", apm.collectMemoryDetail)
collect("battery", apm.collectBattery)
collect("network", apm.collectNetwork)
collect("carried", lambda: Network(package, serial).setAndroidNet())
collect("mobile", lambda: apm.collectNetwork(wifi=False))
collect("fps", apm.collectFps)
FPS.clear()
android_fps.collect_fps = android_fps.collect_jank = -1  # or the last ones would be given again
collect("framestats", monitor(surfaceview=False).collectFps)
collect("gpu", apm.collectGpu)
collect("thermal", apm.collectThermal)
collect("disk", apm.collectDisk)
print(json.dumps({**said, "seconds": seconds}))
