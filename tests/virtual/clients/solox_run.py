"""Runs with SoloX's Python: a whole measurement, every collector in a process of its own, with its report.

Arguments: serial, package, the file of the report.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from solox.public.apm import AppPerformanceMonitor

SECONDS = 2

if __name__ == "__main__":
    serial, package, report = sys.argv[1:]
    wanted = {"collect_all": True, "duration": SECONDS, "noLog": False}
    AppPerformanceMonitor(pkgName=package, platform="Android", deviceId=serial, **wanted).collectAll(report_path=report)
    results = [json.loads(path.read_text()) for path in Path.cwd().glob("report/apm_*/result.json")]
    logs = {path.stem: len(path.read_text().splitlines()) for path in Path.cwd().glob("report/apm_*/*.log")}
    print(json.dumps({"results": results, "logs": logs, "report": Path(report).stat().st_size}))
