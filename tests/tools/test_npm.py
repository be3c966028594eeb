"""Pinned packages in the cache folder, with a stand-in for npm."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from support import waiting

from framework.contract.errors import UsageError
from framework.tools import npm
from framework.tools.node import Node
from framework.tools.npm import Pinned, install, package_version

ROOT = Path(npm.__file__).parents[2]
DEADLINE_S = 20.0
until = partial(waiting.until, within_s=DEADLINE_S)
NPM = """
echo "$@" >>{log}
mkdir -p node_modules/thing
echo '{{"version": "3.8.0"}}' >node_modules/thing/package.json
"""
CODE = """
from pathlib import Path
from framework.tools.npm import Pinned, install
from framework.tools.node import Node
host = Path({host!r})
install(Pinned("Thing", host / "spec", 9, "THING_HOME"), Node(host / "node", "24.0.0", (str(host / "npm"),)),
        lambda folder: ("true",), lambda line: print(line, flush=True))
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a stand-in for npm, an empty cache folder, and something to install."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (tmp_path / "spec").mkdir()
    for name in ("package.json", "package-lock.json"):
        (tmp_path / "spec" / name).write_text("{}")
    script(tmp_path / "npm", NPM.format(log=tmp_path / "npm.log"))
    return tmp_path


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def thing(host: Path) -> Pinned:
    return Pinned("Thing", host / "spec", 9, "THING_HOME")


def node(host: Path) -> Node:
    return Node(host / "node", "24.0.0", (str(host / "npm"),))


def installed(host: Path, told: list[str] | None = None, timeout_s: float = DEADLINE_S) -> Path:
    tell = (lambda _: None) if told is None else told.append
    return install(thing(host), node(host), lambda folder: ("test", "-d", str(folder)), tell, timeout_s)


def calls(host: Path) -> list[str]:
    return (host / "npm.log").read_text().splitlines()


def test_it_is_installed_once(host: Path) -> None:
    """With a word for the terminal before and after; then never again, until something else is to be installed."""
    told: list[str] = []
    first, second = installed(host, told), installed(host, told)
    assert first == second == host / "cache" / "pocketfarm" / f"thing-{thing(host).hash()[:16]}"
    assert package_version(first, "thing") == "3.8.0"
    assert [line.split()[0] for line in told] == ["installing", "installed"]
    assert calls(host) == ["ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund --loglevel=error"]
    (host / "spec" / "package.json").write_text('{"version": "2"}')
    assert installed(host) != first


def test_two_at_once(host: Path) -> None:
    """Of two processes that need it one installs, and the other waits and says so."""
    script(host / "npm", f"while [ ! -e {host}/go ]; do sleep 0.02; done\n{NPM.format(log=host / 'npm.log')}")
    told: list[str] = []
    code = CODE.format(host=str(host))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert b"installing Thing" in other.stdout.readline()
        ours = threading.Thread(target=installed, args=(host, told))
        ours.start()
        until(lambda: told == ["another process is installing Thing: waiting for it"])
        (host / "go").touch()
        ours.join(DEADLINE_S)
    assert other.returncode == 0
    assert len(calls(host)) == 1


def test_one_that_was_killed(host: Path) -> None:
    """kill -9 in the middle ends npm too, and leaves nothing that the next one would take for an installation."""
    script(host / "npm", f"{NPM.format(log=host / 'npm.log')}\necho $$ >{host}/pid\nexec sleep 60")
    with subprocess.Popen(
        [sys.executable, "-c", CODE.format(host=str(host))], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as other:
        until(lambda: (host / "pid").exists() and (host / "pid").read_text() != "")
        other.send_signal(signal.SIGKILL)
    pid = int((host / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())
    assert not thing(host).is_installed()
    script(host / "npm", NPM.format(log=host / "npm.log"))
    assert installed(host).is_dir()
    assert len(calls(host)) == 2
    assert not list((host / "cache" / "pocketfarm").glob("*.partial"))


def test_npm_that_fails(host: Path) -> None:
    """Its words, a question that helps, and the way around; the next run tries again."""
    script(host / "npm", "echo 'npm error code ENOTFOUND' >&2; exit 1")
    with pytest.raises(UsageError) as caught:
        installed(host)
    assert "npm error code ENOTFOUND. Is the npm registry reachable (npm ping)?" in str(caught.value)
    assert "THING_HOME" in str(caught.value)
    script(host / "npm", NPM.format(log=host / "npm.log"))
    assert installed(host).is_dir()


def test_what_does_not_prove_itself(host: Path) -> None:
    """npm's word is not enough: an installation is complete when its own program has run there."""
    with pytest.raises(UsageError, match="Thing could not be installed: false: it said nothing"):
        install(thing(host), node(host), lambda folder: ("false",))
    assert not thing(host).is_installed()


def test_npm_that_hangs(host: Path) -> None:
    """It costs no more than the deadline, and is ended."""
    script(host / "npm", f"echo $$ >{host}/pid\nexec sleep 60")
    with pytest.raises(UsageError, match="npm was not done in time; is the npm registry slow"):
        installed(host, timeout_s=0.6)
    pid = int((host / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_no_npm(host: Path) -> None:
    """Node.js alone cannot install; the message says what can."""
    with pytest.raises(UsageError, match=r"Thing needs npm, and there is none beside .*/node: install Node\.js"):
        install(thing(host), Node(host / "node", "24.0.0", ()), lambda folder: ("true",))


def test_a_folder_that_cannot_be_made(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that is a file is the user's to mend."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(host / "npm"))
    with pytest.raises(UsageError, match=r"Thing cannot be installed in .*: Not a directory"):
        installed(host)
