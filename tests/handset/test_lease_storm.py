"""Many processes that want one handset, while some of them die, freeze or lose their line: the benchmark, in short."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 120.0


@pytest.mark.foreign
def test_never_two_holders(bundled_adb: str) -> None:
    """Nor is one overtaken, refused without a fault, or kept waiting by who is gone; and nothing is left.

    How long a handset was stuck is for the benchmark on a quiet machine to say.
    """
    short = ("--attempts", "30", "--processes", "4", "--handsets", "1", "--heartbeat", "1", "--seed", "5")
    command = [sys.executable, str(ROOT / "tests" / "benchmarks" / "leases.py"), *short]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False, env=environment)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    bad = {name: found[name] for name in ("two_holders", "numbers_twice_or_back", "overtaken", "why", "left")}
    assert bad == {"two_holders": 0, "numbers_twice_or_back": 0, "overtaken": 0, "why": [], "left": []}
    assert (found["attempts"], found["granted"] >= 20, found["lost_noticed"] >= 1) == (30, True, True)
