"""Runs with mobly's Python: an AndroidDevice and a snippet on it, as JSON. Arguments: serial, package, folder."""

from __future__ import annotations

import json
import logging
import sys
import zipfile
from pathlib import Path

from mobly.controllers import android_device
from mobly.controllers.android_device_lib import errors
from mobly.snippet import errors as snippet_errors

serial, package, folder = sys.argv[1:]
logging.log_path = folder
(device,) = android_device.create([{"serial": serial}])
said: dict[str, object] = {
    "info": device.build_info,
    "model": device.model,
    "emulator": device.is_emulator,
    "root": device.is_adb_root,
    "booted": device.is_boot_completed(),
}
device.load_snippet("mbs", package)
mbs = device.mbs
said["help"] = mbs.help(print_output=False)
said["wifi"] = [mbs.wifiIsEnabled(), mbs.wifiDisable(), mbs.wifiIsEnabled(), mbs.wifiEnable(), mbs.wifiIsEnabled()]
mbs.setMusicVolume(3)
said["volume"] = [mbs.getMusicVolume(), mbs.getMusicMaxVolume()]
mbs.logI("Snippet", "said by a snippet")
callback = mbs.scheduleRpc("getMusicVolume", 200, [])
said["event"] = callback.waitAndGet("getMusicVolume", timeout=10).data
said["others"] = len(callback.getAll("getMusicVolume"))
refused = {}
for name, call in (
    ("volume", lambda: mbs.setMusicVolume(99)),
    ("unknown", lambda: mbs.noSuchRpc()),
    ("event", lambda: callback.waitAndGet("nosuch", timeout=0.5)),
):
    try:
        call()
    except (snippet_errors.Error, errors.DeviceError) as error:
        refused[name] = f"{type(error).__name__}: {error}"
said["refused"] = refused
said["instrumented"] = device.adb.shell("pm list instrumentation").decode()
said["picture"] = Path(device.take_screenshot(folder)).read_bytes()[:8].hex()
with zipfile.ZipFile(device.take_bug_report(destination=folder)) as report:
    said["report"] = sorted(report.namelist())
    said["main"] = report.read(report.read("main_entry.txt").decode()).decode().splitlines()[1][:13]
device.unload_snippet("mbs")
said["stopped"] = device.adb.shell(f"ps -A | grep -c {package}; true").decode().strip()
said["log"] = Path(device.adb_logcat_file_path).read_text().count("said by a snippet")
android_device.destroy([device])
print(json.dumps(said))
