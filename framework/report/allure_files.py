"""What Allure needs for the whole run: environment, categories, configuration. Written by the controller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framework.contract.verdict import Verdict
from framework.report.executor import executor

CATEGORIES: tuple[tuple[str, Verdict, tuple[str, ...], str | None], ...] = (
    ("Product defects", Verdict.FAIL, ("failed", "broken"), "AssistantError"),
    ("Not measured", Verdict.UNMEASURED, ("failed",), None),
    ("Lab", Verdict.LAB, ("broken",), "HandsetError|DeadlineError"),
    ("Invalid measurement", Verdict.INVALID, ("broken",), None),
    ("Not run", Verdict.NOT_RUN, ("skipped",), None),
)
"""Name, the verdict that a unit's status message begins with, statuses, and the errors that mean the same in a
test without a verdict (where pytest puts the error's class first, and Allure calls the test broken)."""


CONFIG = "allurerc.json"
"""Name of Allure 3's configuration file."""


def write_categories(results: Path) -> None:
    """`categories.json`: who must act, for Allure 2; the patterns mean the same in Java and JavaScript."""
    _write(results / "categories.json", json.dumps(categories(), indent=2))


def write_config(folder: Path, name: str) -> None:
    """`allurerc.json`: the title and the same categories for Allure 3, which takes them from there only."""
    _write(folder / CONFIG, json.dumps({"name": name, "categories": categories()}, indent=2))


def categories() -> list[dict[str, Any]]:
    return [
        {"name": name, "matchedStatuses": statuses, "messageRegex": _message(verdict, errors)}
        for name, verdict, statuses, errors in CATEGORIES
    ]


def _message(verdict: Verdict, errors: str | None) -> str:
    begin = f"({verdict.value}|([\\w.]*\\.)?({errors}):)" if errors else verdict.value
    return begin + "[\\s\\S]*"


def write_executor(results: Path, run: str, began_at: float, environment: Mapping[str, str]) -> None:
    """`executor.json`: who has run it, and where that tells of it."""
    _write(results / "executor.json", json.dumps(executor(environment, run, began_at), indent=2))


def write_environment(results: Path, environment: Mapping[str, str]) -> None:
    """`environment.properties`, in the format of java.util.Properties, ASCII only."""
    lines = [f"{_escaped(name, ' =:#!')}={_escaped(value, '')}\n" for name, value in environment.items()]
    _write(results / "environment.properties", "".join(lines))


def _escaped(text: str, special: str) -> str:
    named = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {letter: f"\\{letter}" for letter in special}
    stripped = text.strip()
    return "".join(named.get(letter) or (letter if " " <= letter <= "~" else _utf16(letter)) for letter in stripped)


def _utf16(letter: str) -> str:
    """`\\uXXXX`, two of them beyond the basic plane."""
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _write(path: Path, text: str) -> None:
    """Whole or not at all: reports may be made while the run goes on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="ascii")
    part.replace(path)
