"""Allure 3: what its configuration says, and where its pages are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from framework.report.allure_files import CONFIG, categories

PAGES: Final = ("awesome", "classic")
"""The interfaces, the main one first; so are their folders called."""
_FROM_THE_RUN: Final = ("name", "categories", "variables", "defaultLabels")
"""Fields of the run's own configuration that are taken: a run may come from elsewhere, and plugins are programs."""


def configuration(run: Path, title: str, language: str, history: Path | None, *, single_file: bool) -> dict[str, Any]:
    """Contents of an allurerc.json: the run's title, categories and labels, with the interfaces that we want."""
    options = {"reportLanguage": language, "singleFile": single_file}
    own = _of_the_run(run)
    name = own.get("name") or title
    awesome = options | {"groupBy": ["epic", "feature", "story"], "timeline": {"minDuration": 0}}
    return {
        "categories": categories(),
        **own,
        "name": name,
        "plugins": {
            "awesome": {"options": awesome},
            "classic": {"import": "@allurereport/plugin-allure2", "options": options | {"reportName": name}},
            "agent": {"enabled": False},
        },
        **({"historyPath": str(history)} if history is not None else {}),
    }


def arguments(configuration: Path, results: Path, out: Path) -> list[str]:
    """`generate` only: `quality-gate` fails on Node.js 20, and each of them appends to the history."""
    return ["generate", "--config", str(configuration), "--output", str(out), str(results)]


def complete(awesome: Path) -> None:
    """The interface asks for metrics also where there are none, and would complain that the file is not there."""
    metrics = awesome / "widgets" / "metrics.json"
    if not metrics.exists():
        metrics.parent.mkdir(exist_ok=True)
        metrics.write_text('{"current": [], "history": []}', encoding="utf-8")


def _of_the_run(run: Path) -> dict[str, Any]:
    try:
        said = json.loads((run / CONFIG).read_bytes())
        return {name: said[name] for name in _FROM_THE_RUN if name in said}
    except (OSError, ValueError, TypeError):
        return {}
