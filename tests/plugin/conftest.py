"""Runs of pytest with the farm's plugin, as users start them: in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN_WITHIN_S = 90
DEVICES = """
defaults: {speed: 40}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}
  - {name: ten, kind: virtual, profile: xiaomi-10}
"""
SCENARIO = """
scenario: %s
steps:
  - text: What is twelve times seven?
    via: intent
    expect: {contains: "84"}
"""


@dataclass(frozen=True)
class Run:
    """How a run ended: pytest's exit code and what it printed."""

    exit: int
    out: str


@dataclass(frozen=True)
class Project:
    """A folder with `devices.yaml` and `suites/`, as a user of the farm has one; the build is the demonstration's."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def scenario(self, name: str, text: str | None = None) -> None:
        self.write(f"suites/{name}.yaml", text or SCENARIO % name)

    def command(self, *arguments: str) -> list[str]:
        build = ROOT / "suites" / "builds" / "compact" / "build.yaml"
        without = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")  # users of the farm do not have the latter
        return [sys.executable, "-m", "pytest", *without, "--build", str(build), *arguments]

    def run(self, *arguments: str) -> Run:
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True, timeout=RUN_WITHIN_S, check=False
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def journal(self) -> list[dict[str, Any]]:
        path = self.folder / "reports" / "latest" / "journal.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def results(self) -> list[dict[str, Any]]:
        folder = self.folder / "reports" / "latest" / "allure-results"
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*-result.json"))]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("pytest.ini", "[pytest]\n")
    made.write("devices.yaml", DEVICES)
    return made


@pytest.fixture(scope="session")
def project_in() -> type[Project]:
    """For fixtures that share a project among their tests."""
    return Project
