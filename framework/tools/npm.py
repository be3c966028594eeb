"""Pinned packages that npm brings into the cache folder, once for all runs.

A folder of ours holds their `package.json` and `package-lock.json`, which names every package with its hash and without
the address of a registry: npm takes that of its own configuration. No script of a package is run, and optional ones
are left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.contract.errors import UsageError
from framework.tools.alone import Tell, alone
from framework.tools.cache import cache_folder
from framework.tools.node import MEND, Node
from framework.tools.running import ProgramError, run_to_end

INSTALL_S: Final = 900.0
_SPECIFICATION: Final = ("package.json", "package-lock.json")
_NPM_CI: Final = (
    "ci",
    "--ignore-scripts",
    "--omit=dev",
    "--omit=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
)

Proof = Callable[[Path], tuple[str, ...]]
"""Of a folder that npm has filled: the command that succeeds when all is there."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is to be installed: `name` for people and, in small letters, for the folder; `variable` names another."""

    name: str
    specification: Path
    """Folder with package.json and package-lock.json."""
    megabytes: int
    variable: str
    """Environment variable: a folder with the packages under node_modules, in place of ours."""

    @property
    def given(self) -> Path | None:
        """The folder that the environment names in place of ours."""
        named = os.environ.get(self.variable)
        return Path(named).expanduser().resolve() if named else None

    @property
    def home(self) -> Path:
        """Ours, for exactly what is to be installed now."""
        return cache_folder() / f"{self.name.lower()}-{self.hash()[:16]}"

    def hash(self) -> str:
        """sha256 of what is to be installed."""
        files = (self.specification / name for name in _SPECIFICATION)
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()

    def is_installed(self) -> bool:
        return _complete(self.home).is_file()


def package_version(folder: Path, package: str) -> str | None:
    """Version of a package under `folder`; None where it is not there."""
    try:
        return str(json.loads((folder / "node_modules" / package / "package.json").read_text())["version"])
    except (OSError, ValueError, KeyError):
        return None


def install(
    pinned: Pinned, node: Node, proof: Proof, tell: Tell = lambda _: None, timeout_s: float = INSTALL_S
) -> Path:
    """Its folder, which is filled where that has not been done yet; UsageError with the mend where it cannot be.

    Where another process is at it, it is waited for.
    """
    folder, name = pinned.home, pinned.name
    if pinned.is_installed():
        return folder
    if not node.npm:
        raise UsageError(f"installing {name} needs npm, and there is none beside {node.program}: {MEND}")
    ends = time.monotonic() + timeout_s
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(folder.with_suffix(".lock"), f"installing {name}", tell, ends):
            if not pinned.is_installed():
                _install(pinned, folder, node, proof, tell, ends)
    except OSError as error:
        raise UsageError(f"{name} cannot be installed in {folder}: {error.strerror or error}") from error
    return folder


def _install(pinned: Pinned, folder: Path, node: Node, proof: Proof, tell: Tell, ends: float) -> None:
    """Beside its place, then renamed; complete once the proof has succeeded there."""
    began = time.monotonic()
    tell(f"installing {pinned.name} with npm into {folder} (once, about {pinned.megabytes} MB)")
    partial = folder.with_suffix(".partial")
    for broken_off in (partial, folder):
        shutil.rmtree(broken_off, ignore_errors=True)
    partial.mkdir()
    for name in _SPECIFICATION:
        shutil.copyfile(pinned.specification / name, partial / name)
    _run((*node.npm, *_NPM_CI), pinned, node, partial, tell, ends)
    partial.rename(folder)
    _run(proof(folder), pinned, node, folder, tell, ends)
    _complete(folder).touch()
    tell(f"installed {pinned.name} in {time.monotonic() - began:.0f} s")


def _run(command: tuple[str, ...], pinned: Pinned, node: Node, folder: Path, tell: Tell, ends: float) -> None:
    """One program in `folder`; UsageError with its own words where it fails."""
    environment = os.environ | {
        "APPIUM_HOME": str(folder),  # where Appium looks for drivers
        "PATH": f"{node.program.parent}{os.pathsep}{os.environ['PATH']}",
    }
    doing = f"installing {pinned.name}"
    try:
        run_to_end(command, doing=doing, tell=tell, ends=ends, folder=folder, env=environment)
    except ProgramError as error:
        if error.late:
            raise UsageError(f"{doing}: {error.said}; is the npm registry slow or out of reach?") from error
        raise UsageError(
            f"{pinned.name} could not be installed: {error}. Is the npm registry reachable (npm ping)? "
            f"An installation from elsewhere can be named with {pinned.variable}"
        ) from error


def _complete(folder: Path) -> Path:
    return folder / ".complete"
