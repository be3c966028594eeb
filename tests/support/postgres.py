"""A PostgreSQL server of the tests' own: in a folder that goes with it, on a socket there, run by who is not root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from support.waiting import until

DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres"
"""Debian's package makes it; PostgreSQL refuses to be run by root."""
STARTS_WITHIN_S = 60


class MissingError(Exception):
    """Why there is no server."""


@dataclass(frozen=True)
class Server:
    """`folder` holds its socket."""

    folder: Path
    programs: Path
    numbers: count[int]

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder))}"

    def new_database(self, encoding: str = "UTF8") -> str:
        """The URL of an empty database."""
        name = f"farm{next(self.numbers)}"
        options = ("--template=template0", f"--encoding={encoding}", "--locale=C")
        _run([self.programs / "createdb", "-h", self.folder, "-U", USER, *options, name])
        return self.url(name)


def programs() -> Path:
    """The folder of the newest `initdb`; MissingError with what to install."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += [file.parent for file in sorted(DEBIAN.glob("*/bin/initdb"), key=_version, reverse=True)]
    if not found:
        raise MissingError("no PostgreSQL: apt-get install postgresql")
    if os.geteuid() == 0 and subprocess.run(["id", USER], capture_output=True).returncode:
        raise MissingError(f"PostgreSQL refuses to be run by root, and there is no user {USER}")
    return found[0]


def _version(file: Path) -> float:
    word = file.parents[1].name
    return float(word) if word.replace(".", "", 1).isdecimal() else 0.0


@contextmanager
def running() -> Iterator[Server]:
    found = programs()
    folder = Path(mkdtemp(prefix="farm-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    try:
        data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
            shutil.chown(data, USER)
        _run(_user([found / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]))
        settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off", "max_connections": 40}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                _user([found / "postgres", "-D", data, *options]),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            ready = [found / "pg_isready", "-q", "-h", folder, "-U", USER]
            until(lambda: not subprocess.run(ready).returncode, "PostgreSQL does not start", STARTS_WITHIN_S)
            yield Server(folder, found, count(1))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(STARTS_WITHIN_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user(command: list[str | Path]) -> list[str | Path]:
    """As who may run it; and it ends with us, however we end."""
    become = ("--reuid", USER, "--regid", USER, "--clear-groups") if os.geteuid() == 0 else ()
    return ["setpriv", *become, "--pdeathsig", "QUIT", *command]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=STARTS_WITHIN_S
    )
    if done.returncode:
        raise AssertionError(f"{command[0]}: {done.stderr or done.stdout}")
