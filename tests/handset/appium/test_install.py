"""The installation of Appium in the cache folder: with a stand-in for npm, and with the real one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from support import waiting

from framework.contract.errors import UsageError
from framework.handset.appium import install
from framework.handset.appium.install import Installation, lock_hash, obtain

ROOT = Path(install.__file__).parents[3]
DEADLINE_S = 20.0
until = partial(waiting.until, within_s=DEADLINE_S)
NPM = """
echo "$@" >>{log}
mkdir -p node_modules/appium node_modules/appium-uiautomator2-driver
echo '{{"version": "3.8.0"}}' >node_modules/appium/package.json
echo '{{"version": "8.7.0"}}' >node_modules/appium-uiautomator2-driver/package.json
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a stand-in for Node.js, whose programs do nothing, and one for npm, and an empty cache folder."""
    monkeypatch.delenv(install.HOME_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    script(tmp_path / "node", '[ "$1" = --version ] && echo v24.0.0; exit 0')
    script(tmp_path / "npm", NPM.format(log=tmp_path / "npm.log"))
    return tmp_path


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def calls(host: Path) -> list[str]:
    return (host / "npm.log").read_text().splitlines()


def test_it_is_installed_once(host: Path) -> None:
    """With a word for the terminal before and after; then never again."""
    told: list[str] = []
    first, second = obtain(told.append), obtain(told.append)
    assert first == second
    assert (first.appium, first.driver) == ("3.8.0", "8.7.0")
    assert first.folder == host / "cache" / "pocketfarm" / f"appium-{lock_hash()[:16]}"
    assert [line.split()[0] for line in told] == ["installing", "installed"]
    assert calls(host) == ["ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund --loglevel=error"]


def test_two_at_once(host: Path) -> None:
    """Of two processes that need it one installs, and the other waits and says so."""
    script(host / "npm", f"while [ ! -e {host}/go ]; do sleep 0.02; done\n{NPM.format(log=host / 'npm.log')}")
    told: list[str] = []
    code = "from framework.handset.appium.install import obtain; obtain(print)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert b"installing Appium" in other.stdout.readline()
        ours = threading.Thread(target=obtain, args=(told.append,))
        ours.start()
        until(lambda: told == ["another run installs Appium: waiting for it"])
        (host / "go").touch()
        ours.join(DEADLINE_S)
    assert other.returncode == 0
    assert len(calls(host)) == 1


def test_one_that_was_killed(host: Path) -> None:
    """kill -9 in the middle ends npm too, and leaves nothing that the next one would take for an installation."""
    script(host / "npm", f"{NPM.format(log=host / 'npm.log')}\necho $$ >{host}/pid\nexec sleep 60")
    code = "from framework.handset.appium.install import obtain; obtain()"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as other:
        until(lambda: (host / "pid").exists() and (host / "pid").read_text() != "")
        other.send_signal(signal.SIGKILL)
    pid = int((host / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())
    script(host / "npm", NPM.format(log=host / "npm.log"))
    assert obtain().appium == "3.8.0"
    assert len(calls(host)) == 2
    assert not list((host / "cache" / "pocketfarm").glob("*.partial"))


def test_npm_that_fails(host: Path) -> None:
    """Its words, a question that helps, and the way around; the next run tries again."""
    script(host / "npm", "echo 'npm error code ENOTFOUND' >&2; exit 1")
    with pytest.raises(UsageError) as caught:
        obtain()
    assert "npm error code ENOTFOUND. Is the npm registry reachable (npm ping)?" in str(caught.value)
    assert install.HOME_VARIABLE in str(caught.value)
    script(host / "npm", NPM.format(log=host / "npm.log"))
    assert obtain().driver == "8.7.0"


def test_npm_that_hangs(host: Path) -> None:
    """It costs no more than the deadline, and is ended."""
    script(host / "npm", f"echo $$ >{host}/pid\nexec sleep 60")
    with pytest.raises(UsageError, match="npm was not done in time; is the npm registry slow"):
        obtain(timeout_s=0.6)
    pid = int((host / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_no_npm(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Node.js alone cannot install; the message says what can."""
    (host / "npm").unlink()
    monkeypatch.setenv("PATH", str(host))
    monkeypatch.setattr("framework.handset.appium.node.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"needs npm, and there is none beside .*/node: install Node\.js"):
        obtain()


def test_a_folder_that_cannot_be_made(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that is a file is the user's to mend."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(host / "node"))
    with pytest.raises(UsageError, match=r"Appium cannot be installed in .*: Not a directory"):
        obtain()


def given(folder: Path, **versions: str) -> Path:
    for package, version in versions.items():
        path = folder / "node_modules" / package.replace("_", "-") / "package.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"version": version}))
    return folder


def test_one_that_is_given(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names an installation: nothing is installed, whatever version of Appium 3 it is."""
    folder = given(host / "mine", appium="3.1.2", appium_uiautomator2_driver="5.0.5")
    monkeypatch.setenv(install.HOME_VARIABLE, str(folder))
    found = obtain()
    assert (found.folder, found.appium, found.driver) == (folder, "3.1.2", "5.0.5")
    assert found.command == (str(host / "node"), str(folder / "node_modules/appium/index.js"))
    assert not (host / "npm.log").exists()


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ({}, "has no appium under node_modules"),
        ({"appium": "3.8.0"}, "has no appium-uiautomator2-driver under node_modules"),
        ({"appium": "2.19.0", "appium_uiautomator2_driver": "4.2.9"}, "has Appium 2.19.0, and the farm needs Appium 3"),
    ],
)
def test_one_that_will_not_do(
    host: Path, monkeypatch: pytest.MonkeyPatch, versions: dict[str, str], message: str
) -> None:
    """What a given folder lacks is said with the variable that names it."""
    monkeypatch.setenv(install.HOME_VARIABLE, str(given(host / "mine", **versions)))
    with pytest.raises(UsageError, match=rf"{install.HOME_VARIABLE}: .*{message}"):
        obtain()


def test_the_lock_names_no_registry() -> None:
    """Every package has a hash (or lies in one that has), none an address: npm knows the registry of this machine."""
    folder = Path(install.__file__).parent
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    named = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in named.items() if "resolved" in entry] == []
    assert [name for name, entry in named.items() if not {"integrity", "inBundle"} & entry.keys()] == []
    assert {name: named[f"node_modules/{name}"]["version"] for name in wanted} == wanted


@pytest.mark.foreign
def test_the_real_one(appium: Installation) -> None:
    """What npm has brought is what the lock names, and Appium runs."""
    done = subprocess.run(
        [*appium.command, "--version"], env=os.environ | {"APPIUM_HOME": str(appium.folder)}, capture_output=True
    )
    assert done.stdout.decode().strip() == appium.appium == "3.8.0"
