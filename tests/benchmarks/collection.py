"""What the farm adds to collecting a suite: `pytest --collect-only` with its plugin, against bare pytest.

Bare: the same interpreter, options and plugins (xdist, allure), on as many trivial tests, without the farm's plugin.
Interleaved, median of 9. Last line: one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9
LIMIT_S = 0.35
ROOT = Path(__file__).resolve().parents[2]


def seconds(arguments: list[str], folder: Path) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments], cwd=folder, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return time.perf_counter() - began


def main() -> None:
    count = len(list((ROOT / "suites" / "smoke").glob("*.yaml")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = "\n".join(f"def test_{number}(): assert True" for number in range(count))
        (folder / "test_bare.py").write_text(tests)
        bare, farm = [], []
        for _ in range(ROUNDS):
            bare.append(seconds(["-p", "no:pocketfarm", str(folder)], folder))
            farm.append(seconds(["suites/smoke"], ROOT))
    extra = statistics.median(farm) - statistics.median(bare)
    print(f"bare pytest, {count} tests   {statistics.median(bare):.3f} s (median of {ROUNDS})")
    print(f"suites/smoke           {statistics.median(farm):.3f} s")
    print(f"the farm's share       {extra:.3f} s (limit {LIMIT_S} s)")
    figures = {"bare_s": statistics.median(bare), "farm_s": statistics.median(farm), "extra_s": extra}
    print(json.dumps({**figures, "holds": extra <= LIMIT_S}))


if __name__ == "__main__":
    main()
