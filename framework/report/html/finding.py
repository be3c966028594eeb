"""Which Allure makes the report: the pinned Allure 3 of npm, else the `allure` of the PATH, 3 or 2.

Allure 3 needs Node.js and Allure 2 Java; only the first can be brought by pip and npm.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.contract.errors import UsageError
from framework.tools import npm
from framework.tools.alone import Tell
from framework.tools.node import Node, find_node
from framework.tools.npm import INSTALL_S, Pinned, package_version

PINNED: Final = Pinned("Allure", Path(__file__).parent, 52, "POCKETFARM_ALLURE_HOME")
"""Its environment variable names a folder with Allure 3 under node_modules, in place of ours."""
ALLURE: Final = "allure"
"""Name of Allure 3's package, and of the program of both."""
MEND_2: Final = "put Allure 2 (https://allurereport.org/docs/v2) and Java into the PATH"
_ANSWER_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Allure:
    """`command` runs it; its arguments follow."""

    version: str
    command: tuple[str, ...]

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def __str__(self) -> str:
        return f"Allure {self.version}"


def find_allure(major: int | None = None, tell: Tell = lambda _: None, timeout_s: float = INSTALL_S) -> Allure:
    """What makes the report, which is installed where it has to be; UsageError with every mend where nothing can.

    `major`: 3 or 2, and no other.
    """
    complaints: list[str] = []
    for way in _ways(major):
        try:
            return way(tell, timeout_s)
        except UsageError as error:
            complaints.append(str(error))
    raise UsageError(*complaints)


Way = Callable[[Tell, float], Allure]


def _ways(major: int | None) -> tuple[Way, ...]:
    """In the order in which they are tried; an installation that the environment names is meant to be taken."""
    if major == 2:
        return (_allure_2,)
    if major == 3 or PINNED.given is not None:
        return (_pinned,)
    return _pinned, _of_the_path


def expected() -> tuple[str, str]:
    """(what makes reports here, "") or ("", why nothing does), found out without installing anything."""
    try:
        node = find_node("Allure 3")
        if PINNED.given is not None:
            return str(_checked(PINNED.given, node, PINNED.variable)), ""
        if PINNED.is_installed():
            return str(_checked(PINNED.home, node, str(PINNED.home))), ""
        if node.npm:
            return f"Allure 3, which the first `farm report` installs ({PINNED.megabytes} MB, by npm)", ""
        complaint = f"Node.js {node.version} without npm"
    except UsageError as error:
        complaint = str(error)
    if PINNED.given is None:
        with suppress(UsageError):
            return str(_of_the_path(lambda _: None, 0)), ""
    return "", complaint


def _pinned(tell: Tell, timeout_s: float) -> Allure:
    given, node = PINNED.given, find_node("Allure 3")
    if given is not None:
        return _checked(given, node, PINNED.variable)
    folder = npm.install(PINNED, node, lambda folder: (*_command(node, folder), "--version"), tell, timeout_s)
    return _checked(folder, node, str(folder))


def _command(node: Node, folder: Path) -> tuple[str, ...]:
    return str(node.program), str(folder / "node_modules" / ALLURE / "cli.js")


def _checked(folder: Path, node: Node, origin: str) -> Allure:
    version = package_version(folder, ALLURE)
    if version is None:
        raise UsageError(f"{origin}: {folder} has no {ALLURE} under node_modules: npm install {ALLURE}@3 there")
    found = Allure(version, _command(node, folder))
    if found.major != 3:
        raise UsageError(f"{origin}: {folder} has {found}, and the farm needs Allure 3: npm install {ALLURE}@3 there")
    return found


def _of_the_path(_: Tell, __: float) -> Allure:
    program = shutil.which(ALLURE)
    if program is None:
        raise UsageError(f"nor is an allure in the PATH: {MEND_2}")
    version, said = version_of(program)
    if version is None or not version.startswith(("2.", "3.")):
        raise UsageError(f"{program} does not run ({said}): {MEND_2}")
    return Allure(version, (program,))


def _allure_2(tell: Tell, timeout_s: float) -> Allure:
    found = _of_the_path(tell, timeout_s)
    if found.major != 2:
        raise UsageError(f"{found.command[0]} is {found}, not Allure 2: {MEND_2}")
    return found


def version_of(program: str) -> tuple[str | None, str]:
    """(`2.46.1`, what it said); None for what is no Allure, or finds neither Java nor Node.js."""
    try:
        done = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ,
            timeout=_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    lines = [line.strip() for line in (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()]
    said = next(filter(None, lines), "it said nothing")
    match = re.fullmatch(r"v?(\d+\.\d+\.\d+\S*)", said)
    return (match[1] if match and done.returncode == 0 else None), said
