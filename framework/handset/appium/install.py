"""The pinned Appium and its UiAutomator2 driver, brought by npm into the cache folder, once for all runs.

`package-lock.json` beside this file names every package with its hash and without the address of a registry: npm takes
that of its own configuration. No script of a package is run, and optional ones (image comparison) are left out.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from framework.contract.errors import UsageError
from framework.handset import supervisor
from framework.handset.appium.node import MEND, Node, find_node

HOME_VARIABLE: Final = "POCKETFARM_APPIUM_HOME"
"""Environment variable: an APPIUM_HOME with Appium 3 and its driver under node_modules, in place of ours."""
APPIUM, DRIVER = "appium", "appium-uiautomator2-driver"
MAJOR: Final = 3
"""Of Appium: another one speaks otherwise to its clients and drivers."""
INSTALL_S: Final = 900.0
_TELL_EVERY_S: Final = 10.0
_POLL_S: Final = 0.2
_HERE: Final = Path(__file__).parent
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

Tell = Callable[[str], None]
"""Takes a line for the terminal."""


@dataclass(frozen=True, slots=True)
class Installation:
    """`folder` is its APPIUM_HOME; the versions are those of its packages."""

    folder: Path
    node: Node
    appium: str
    driver: str

    @property
    def command(self) -> tuple[str, ...]:
        """Runs `appium`; its arguments follow."""
        return str(self.node.program), str(self.folder / "node_modules" / APPIUM / "index.js")


def obtain(tell: Tell = lambda _: None, timeout_s: float = INSTALL_S) -> Installation:
    """The installation to use, which is made where there is none yet; UsageError with the mend where it cannot be."""
    given = given_home()
    if given is not None:
        return _checked(given, find_node(), HOME_VARIABLE)
    folder, node = own_home(), find_node()
    if not _complete(folder).is_file():
        _installed(folder, node, tell, timeout_s)
    return _checked(folder, node, str(folder))


def given_home() -> Path | None:
    """The APPIUM_HOME that the environment names in place of ours."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given).expanduser().resolve() if given else None


def own_home() -> Path:
    """Ours, for exactly what is to be installed now."""
    return cache_folder() / f"appium-{lock_hash()[:16]}"


def cache_folder() -> Path:
    """Of this user; what lies there can be made anew."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pocketfarm"


def lock_hash() -> str:
    """sha256 of what is to be installed."""
    return hashlib.sha256(b"\0".join((_HERE / name).read_bytes() for name in _SPECIFICATION)).hexdigest()


def package_version(folder: Path, package: str) -> str | None:
    """Version of a package under `folder`; None where it is not there."""
    try:
        return str(json.loads((folder / "node_modules" / package / "package.json").read_text())["version"])
    except (OSError, ValueError, KeyError):
        return None


def _checked(folder: Path, node: Node, origin: str) -> Installation:
    appium, driver = package_version(folder, APPIUM), package_version(folder, DRIVER)
    if appium is None or driver is None:
        absent = APPIUM if appium is None else DRIVER
        raise UsageError(f"{origin}: {folder} has no {absent} under node_modules: npm install {absent}@8 there")
    if int(appium.partition(".")[0]) != MAJOR:
        raise UsageError(f"{origin}: {folder} has Appium {appium}, and the farm needs Appium {MAJOR}")
    return Installation(folder, node, appium, driver)


def _installed(folder: Path, node: Node, tell: Tell, timeout_s: float) -> None:
    """Make the installation, unless another process is at it, which is then waited for."""
    if not node.npm:
        raise UsageError(f"installing Appium needs npm, and there is none beside {node.program}: {MEND}")
    ends = time.monotonic() + timeout_s
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.with_suffix(".lock"), tell, ends):
            if not _complete(folder).is_file():
                _install(folder, node, tell, ends)
    except OSError as error:
        raise UsageError(f"Appium cannot be installed in {folder}: {error.strerror or error}") from error


def _install(folder: Path, node: Node, tell: Tell, ends: float) -> None:
    """Beside its place, then renamed; complete once Appium itself has found its driver there."""
    began = time.monotonic()
    tell(f"installing Appium with npm into {folder} (once, about 130 MB)")
    partial = folder.with_suffix(".partial")
    for broken_off in (partial, folder):
        shutil.rmtree(broken_off, ignore_errors=True)
    partial.mkdir()
    for name in _SPECIFICATION:
        shutil.copyfile(_HERE / name, partial / name)
    _run((*node.npm, *_NPM_CI), node, partial, tell, ends)
    partial.rename(folder)
    _run((*_checked(folder, node, str(folder)).command, "driver", "list", "--installed"), node, folder, tell, ends)
    _complete(folder).touch()
    tell(f"installed Appium in {time.monotonic() - began:.0f} s")


def _run(command: tuple[str, ...], node: Node, folder: Path, tell: Tell, ends: float) -> None:
    """One program in `folder`, ended with us; UsageError with its own words where it fails."""
    environment = os.environ | {
        "APPIUM_HOME": str(folder),
        "PATH": f"{node.program.parent}{os.pathsep}{os.environ['PATH']}",
    }
    with tempfile.TemporaryFile() as output:
        process = supervisor.spawn(command, output=output, env=environment, cwd=folder)
        try:
            _await(process, Path(command[0]).name, tell, ends)
        finally:
            supervisor.stop(process)
        if process.returncode:
            raise UsageError(_why(command, output))


def _await(process: subprocess.Popen[bytes], name: str, tell: Tell, ends: float) -> None:
    began = told = time.monotonic()
    while process.poll() is None:
        now = time.monotonic()
        if now > ends:
            raise UsageError(
                f"installing Appium: {name} was not done in time; is the npm registry slow or out of reach?"
            )
        if now - told > _TELL_EVERY_S:
            told = now
            tell(f"still installing Appium ({now - began:.0f} s)")
        time.sleep(_POLL_S)


def _why(command: tuple[str, ...], output: BinaryIO) -> str:
    output.seek(0)
    lines = [line.strip() for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = " ".join(lines[:4]) or "it said nothing"
    return (
        f"Appium could not be installed: {' '.join(command[:2])}: {said}. Is the npm registry reachable "
        f"(npm ping)? An installation from elsewhere can be named with {HOME_VARIABLE}"
    )


@contextmanager
def _alone(path: Path, tell: Tell, ends: float) -> Iterator[None]:
    """One process at a time; the lock ends with its holder."""
    with path.open("w") as file:
        waited = False
        while not _locked(file.fileno()):
            if not waited:
                tell("another run installs Appium: waiting for it")
            waited = True
            if time.monotonic() > ends:
                raise UsageError(f"another run has been installing Appium for too long; it holds {path}")
            time.sleep(_POLL_S)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _complete(folder: Path) -> Path:
    return folder / ".complete"
