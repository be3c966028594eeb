"""`farm devices --watch`: at a terminal, in a pipe, and its end."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.adb_servers import answering, block
from support.terminal import ENDS_WITHIN_S, at_terminal

from framework.contract.capabilities import Target
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

FARM = "import sys; from framework.cli import main; sys.exit(main())"
WATCH = [sys.executable, "-c", FARM, "devices", "--watch", "--every", "0.2"]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def adbd() -> Iterator[str]:
    """HOST:PORT of a handset's adbd."""
    with virtual_handsets([VirtualRequest("rack", "xiaomi-12", speed=20)]) as started:
        yield started.endpoint("rack").adb


@pytest.fixture
def folder(tmp_path: Path, adbd: str) -> Path:
    """Of a farm with a handset that answers, and one that is started on demand."""
    (tmp_path / "devices.yaml").write_text(
        f"handsets:\n  - {{name: rack, kind: tcp, address: '{adbd}'}}\n"
        "  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}\n"
    )
    return tmp_path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ANDROID_ADB_SERVER_PORT": str(port),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }


def watching(folder: Path, environment: dict[str, str], *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*WATCH, *more],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def interrupted(watch: subprocess.Popen[str]) -> tuple[int, str]:
    """(exit code, what it printed on standard error)."""
    watch.send_signal(signal.SIGINT)
    _, err = watch.communicate(timeout=ENDS_WITHIN_S)
    return watch.returncode, err


def test_json_is_an_array_a_line(folder: Path, environment: dict[str, str], adbd: str) -> None:
    """As it changes: a lease that is taken meanwhile is seen; Ctrl+C is no error and leaves no traceback."""
    watch = watching(folder, environment, "--json")
    assert watch.stdout is not None
    first = json.loads(watch.stdout.readline())
    assert [row["name"] for row in first] == ["rack", "fold"]
    with open_handset(Target("rack", adbd=adbd)) as handset, handset.lease("Jin", "tests"):
        while json.loads(watch.stdout.readline())[0]["state"] != "leased":
            pass
    while json.loads(watch.stdout.readline())[0]["state"] != "free":
        pass
    assert interrupted(watch) == (0, "")


def test_a_handset_that_hangs_holds_nobody_up(folder: Path, environment: dict[str, str]) -> None:
    """Nor does it keep the command from ending."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with (folder / "devices.yaml").open("a") as file:
            file.write(f"  - {{name: hung, kind: tcp, address: '127.0.0.1:{silent.getsockname()[1]}'}}\n")
        watch = watching(folder, environment, "--json")
        assert watch.stdout is not None
        while True:
            states = {row["name"]: row["state"] for row in json.loads(watch.stdout.readline())}
            if states["rack"] == "free":
                break
        assert states == {"rack": "free", "fold": "on demand", "hung": "asking"}
        assert interrupted(watch) == (0, "")


def test_a_pipe_gets_a_table_each_time(folder: Path, environment: dict[str, str]) -> None:
    """Plain lines, nothing that moves a cursor."""
    watch = watching(folder, environment)
    assert watch.stdout is not None
    lines = [watch.stdout.readline() for _ in range(6)]
    assert [line.split()[0] for line in lines] == ["NAME", "rack", "fold"] * 2
    assert interrupted(watch) == (0, "")
    assert not any("\x1b" in line for line in lines)


def test_handsets_that_come_and_go(folder: Path, environment: dict[str, str], adbd: str) -> None:
    """Of the file as it is changed, and of the adb server; a file that is half written changes nothing."""
    plugged = {"host:devices": b"OKAY" + block("")}
    with answering(plugged) as server:
        port = server.address.rpartition(":")[2]
        watch = watching(folder, {**environment, "ANDROID_ADB_SERVER_PORT": port}, "--json")
        assert watch.stdout is not None

        def seen(names: list[str]) -> None:
            while [row["name"] for row in json.loads(watch.stdout.readline())] != names:  # type: ignore[union-attr]
                pass

        seen(["rack", "fold"])
        plugged |= {
            "host:devices": b"OKAY" + block("X1\tunauthorized\n"),
            "host-serial:X1:get-state": b"FAIL" + block("device unauthorized."),
        }
        seen(["rack", "fold", "handset"])
        whole = (folder / "devices.yaml").read_text()
        (folder / "devices.yaml").write_text(whole + "  - {name: rack-2,")
        seen(["rack", "fold", "handset"])
        (folder / "devices.yaml").write_text(whole + "  - {name: rack-2, kind: tcp, address: '127.0.0.1:9'}\n")
        plugged["host:devices"] = b"OKAY" + block("")
        seen(["rack", "fold", "rack-2"])
        assert interrupted(watch) == (0, "")


def test_a_terminal_gets_a_live_table(folder: Path, environment: dict[str, str]) -> None:
    """In place, with the time, and with the last of it left on the screen."""
    command = ["sh", "-c", f"cd {shlex.quote(str(folder))} && exec {shlex.join(WATCH)}"]
    with at_terminal(command, environment) as (screen, client):
        while b"Xiaomi 12" not in (shown := screen.see(b"until Ctrl+C\x1b[0m")):
            pass
        client.send_signal(signal.SIGINT)
        assert client.wait(ENDS_WITHIN_S) == 0
    assert b"\x1b[1A" in shown  # the cursor goes up, over the table before


@pytest.mark.parametrize("word", ["0", "-1", "soon", "nan"])
def test_how_often_is_a_sensible_time(word: str) -> None:
    """Refused as the call's fault."""
    done = subprocess.run([*WATCH[:-1], word], capture_output=True, text=True, timeout=ENDS_WITHIN_S, check=False)
    assert done.returncode == 2
    assert "--every" in done.stderr
