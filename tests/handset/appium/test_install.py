"""The installation of Appium in the cache folder: with a stand-in for npm, and with the real one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.handset.appium import install
from framework.handset.appium.install import PINNED, Installation, obtain

NPM = """
echo "$@" >>{log}
mkdir -p node_modules/appium node_modules/appium-uiautomator2-driver
echo '{{"version": "3.8.0"}}' >node_modules/appium/package.json
echo '{{"version": "8.7.0"}}' >node_modules/appium-uiautomator2-driver/package.json
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a stand-in for Node.js, whose programs do nothing, and one for npm, and an empty cache folder."""
    monkeypatch.delenv(PINNED.variable, raising=False)
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
    """With its driver, which Appium itself must have found, and a word for the terminal; then never again."""
    told: list[str] = []
    first, second = obtain(told.append), obtain(told.append)
    assert first == second
    assert (first.appium, first.driver) == ("3.8.0", "8.7.0")
    assert first.folder == host / "cache" / "pocketfarm" / f"appium-{PINNED.hash()[:16]}"
    assert [line.split()[0] for line in told] == ["installing", "installed"]
    assert calls(host) == ["ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund --loglevel=error"]


def given(folder: Path, **versions: str) -> Path:
    for package, version in versions.items():
        path = folder / "node_modules" / package.replace("_", "-") / "package.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"version": version}))
    return folder


def test_one_that_is_given(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names an installation: nothing is installed, whatever version of Appium 3 it is."""
    folder = given(host / "mine", appium="3.1.2", appium_uiautomator2_driver="5.0.5")
    monkeypatch.setenv(PINNED.variable, str(folder))
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
    monkeypatch.setenv(PINNED.variable, str(given(host / "mine", **versions)))
    with pytest.raises(UsageError, match=rf"{PINNED.variable}: .*{message}"):
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
