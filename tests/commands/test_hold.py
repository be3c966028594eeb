"""`farm hold`, `farm release` and `farm quarantine`: people and a handset that all machines share."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from framework.commands.marking import seconds
from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

HOST = socket.gethostname()


@pytest.fixture(scope="module")
def adbd() -> Iterator[str]:
    """HOST:PORT of a handset's adbd."""
    with virtual_handsets([VirtualRequest("rack-7", "xiaomi-12", speed=20)]) as started:
        yield started.endpoint("rack-7").adb


class Farm:
    """A folder with a devices.yaml in which people call the command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def call(self, who: str, *words: str) -> tuple[int, str, str]:
        """Exit code, output and error output."""
        self._monkeypatch.setenv("LOGNAME", who)
        code = main(list(words))
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def json(self, who: str, *words: str) -> tuple[int, Any]:
        code, out, _ = self.call(who, *words, "--json")
        return code, json.loads(out)


@pytest.fixture
def farm(
    adbd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Farm]:
    lines = [
        "{name: fold, kind: virtual, profile: xiaomi-mix-fold-3}",
        "{name: pixel, kind: avd, avd: Pixel_Fold}",
        f"{{name: rack-7, kind: tcp, address: '{adbd}'}}",
    ]
    (tmp_path / "devices.yaml").write_text("handsets:\n" + "".join(f"  - {line}\n" for line in lines))
    monkeypatch.chdir(tmp_path)
    yield Farm(monkeypatch, capsys)
    with open_handset(Target("rack-7", adbd=adbd)) as handset:
        marks = handset.marks()
        for mark in (marks.hold, marks.quarantine):
            if mark is not None:
                handset.unmark(mark)


def test_a_hold_is_ones_own_until_released(farm: Farm) -> None:
    """Told to others with who, why and how long; extended and released by its owner, and nothing is left then."""
    assert farm.call("jin", "hold", "rack-7", "--for", "2h", "--why", "heat  by\nhand") == (
        0,
        f"rack-7 is held for jin@{HOST} for 2 h; `farm release rack-7` ends it\n",
        "",
    )
    code, out, err = farm.call("mai", "hold", "rack-7", "--why", "mine")
    assert (code, out) == (1, "")
    assert err.startswith(f"rack-7: held by jin@{HOST} since 20")
    assert "for heat by hand, 2 h left (ask for it, or `farm release --force rack-7`)" in err
    code, rows = farm.json("jin", "hold", "rack-7", "--for", "4h", "--why", "longer")
    assert (code, len(rows), rows[0]["name"], rows[0]["done"], rows[0]["quarantine"]) == (0, 1, "rack-7", True, None)
    assert (rows[0]["hold"]["who"], rows[0]["hold"]["why"], rows[0]["hold"]["left_s"]) == (
        f"jin@{HOST}",
        "longer",
        14400,
    )
    code, out, _ = farm.call("jin", "release", "rack-7")
    assert (code, out.startswith(f"rack-7 is released: it was held by jin@{HOST} since")) == (0, True)
    assert farm.json("jin", "release", "rack-7") == (
        0,
        [{"name": "rack-7", "done": True, "hold": None, "quarantine": None, "lease": None}],
    )


def test_what_is_somebody_elses_needs_force(farm: Farm) -> None:
    """Without it the answer is no, and whose it is; with it they are named, so that they can be told."""
    farm.call("jin", "hold", "rack-7", "--why", "heat")
    code, out, err = farm.call("mai", "release", "rack-7")
    assert (code, out) == (1, "")
    assert f"rack-7: still held by jin@{HOST}" in err
    code, out, _ = farm.call("mai", "release", "--force", "rack-7")
    assert code == 0
    assert f"WARNING: it was somebody else's, held by jin@{HOST}" in out


def test_a_release_of_ones_hold_leaves_anothers_quarantine(farm: Farm) -> None:
    """Who ends a hold does not by chance give a broken handset back to all runs."""
    farm.call("mai", "quarantine", "rack-7", "--why", "swollen")
    code, out, _ = farm.call("jin", "hold", "rack-7", "--why", "to mend it")
    assert (code, "no run uses it, yours neither: quarantined by mai" in out) == (0, True)
    code, out, _ = farm.call("jin", "release", "rack-7")
    assert (code, "is released" in out, "still quarantined by mai" in out) == (0, True, True)
    assert farm.json("jin", "quarantine", "rack-7", "--why", "x")[0] == 1
    code, rows = farm.json("mai", "release", "rack-7")
    assert (code, rows[0]["quarantine"]) == (0, None)


def test_a_run_that_has_it_goes_on(farm: Farm, adbd: str) -> None:
    """The next ones are kept out: refused by a quarantine, and by somebody else's hold."""
    with open_handset(Target("rack-7", adbd=adbd)) as handset:
        with handset.lease("ci@host", "pytest") as lease:
            code, out, _ = farm.call("jin", "hold", "rack-7", "--why", "heat")
            assert (code, "a run has it still: ci@host since" in out) == (0, True)
            assert lease.held
        with pytest.raises(HandsetError, match=f"held by jin@{HOST}"):
            handset.lease("ci@host", "pytest")
        handset.lease(f"jin@{HOST}", "pytest").release()
        farm.call("jin", "quarantine", "rack-7", "--why", "swollen")
        with pytest.raises(HandsetError, match=f"quarantined by jin@{HOST}"):
            handset.lease(f"jin@{HOST}", "pytest")


@pytest.mark.parametrize("command", ["hold", "quarantine", "release"])
def test_nothing_to_hold(farm: Farm, command: str) -> None:
    """A handset that each run starts for itself: exit code 2, and how to keep one."""
    why = () if command == "release" else ("--why", "x")
    code, _, err = farm.call("jin", command, "fold", "pixel", *why)
    assert code == 2
    assert "fold is started anew for each run, so there is nothing to hold" in err
    assert "farm virtual up fold" in err
    assert "emulator -avd Pixel_Fold" in err


def test_one_of_several_is_gone(farm: Farm) -> None:
    """The others are held all the same; exit code 3 and why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with Path("devices.yaml").open("a") as file:
            file.write(f"  - {{name: gone, kind: tcp, address: '127.0.0.1:{taken.getsockname()[1]}'}}\n")
        code, out, err = farm.call("jin", "hold", "gone", "rack-7", "--why", "x")
    assert (code, out.startswith("rack-7 is held"), err.startswith("gone: ")) == (3, True, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("45m", 2700), ("2h", 7200), ("1h30m", 5400), ("3d", 259200), (" 1d 1h ", 90000)],
)
def test_how_long(text: str, expected: float) -> None:
    """Days, hours, minutes and seconds."""
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "2", "0h", "h", "31d", "-2h", "2h more", "1m1h", "99999999999999999999d"])
def test_not_so_long(farm: Farm, text: str) -> None:
    """Exit code 2 with what is expected, before any handset is asked."""
    with pytest.raises(UsageError, match="expected a time such as 45m"):
        seconds(text)
    assert farm.call("jin", "hold", "rack-7", f"--for={text}", "--why", "x")[0] == 2


def test_why_is_said(farm: Farm) -> None:
    """Without a reason nobody can tell whether to wait."""
    code, _, err = farm.call("jin", "quarantine", "rack-7", "--why", " ")
    assert (code, err) == (2, "--why: say in a few words for what, so that others know\n")
