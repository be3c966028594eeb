"""The README's first promise: wall time of the smoke suite on an emulated handset, median of 5 after one warm-up.

Last line: one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 5
LIMIT_S = 8.0
ROOT = Path(__file__).resolve().parents[2]


def seconds(arguments: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pytest", "suites/smoke", *arguments], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return time.perf_counter() - began


def main() -> None:
    seconds(sys.argv[1:])
    walls = [seconds(sys.argv[1:]) for _ in range(ROUNDS)]
    median = statistics.median(walls)
    figures = ", ".join(f"{wall:.2f}" for wall in walls)
    print(f"pytest suites/smoke {' '.join(sys.argv[1:])}: {figures} s, median {median:.2f} s")
    print(json.dumps({"walls_s": walls, "median_s": median, "holds": median <= LIMIT_S}))


if __name__ == "__main__":
    main()
