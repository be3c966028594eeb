"""pytest's ini options, for commands that look at what its runs have left; pytest itself is not started for it."""

from __future__ import annotations

import configparser
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from framework.history.address import HISTORY, located

FILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pytest.toml", ("pytest",)),
    (".pytest.toml", ("pytest",)),
    ("pytest.ini", ("pytest",)),
    (".pytest.ini", ("pytest",)),
    ("pyproject.toml", ("tool", "pytest", "ini_options")),
    ("pyproject.toml", ("tool", "pytest")),
    ("tox.ini", ("pytest",)),
    ("setup.cfg", ("tool:pytest",)),
)
"""Where pytest looks, in its order, and in which section."""


def ini_options(here: Path) -> tuple[Path, Mapping[str, Any]]:
    """(pytest's root folder, what its file there says) for who calls it in `here`."""
    for folder in (here, *here.parents):
        for name, section in FILES:
            found = _section(folder / name, section)
            if found is not None:
                return folder, found
    return here, {}


def _section(file: Path, section: tuple[str, ...]) -> Mapping[str, Any] | None:
    with suppress(OSError, tomllib.TOMLDecodeError, configparser.Error, UnicodeDecodeError, KeyError, TypeError):
        if file.suffix == ".toml":
            found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
            for name in section:
                found = found[name]
            return found if isinstance(found, dict) else None
        parser = configparser.RawConfigParser(interpolation=None)
        parser.read_string(file.read_text(encoding="utf-8"))
        return dict(parser[section[0]])
    return None


def reports_of(given: str | None, here: Path) -> Path:
    """The folder of runs: `--reports`, else ini option pocketfarm_reports, else reports/."""
    if given is not None:
        return Path(given)
    root, options = ini_options(here)
    folder = root / str(options.get("pocketfarm_reports") or "reports")
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def history_of(given: str | None, reports: Path, here: Path, *, named: bool = False) -> str:
    """The history: `--history`, else that of the reports that were `named`, else as pytest finds it."""
    word = given or os.environ.get(HISTORY, "")
    if word or named:
        return located(word, here, reports)
    root, options = ini_options(here)
    return located(str(options.get("pocketfarm_history") or ""), root, reports)
