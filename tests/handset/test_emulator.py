"""Android emulators, started on demand; the program is a stand-in that listens as the real one does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.adb_servers import TheirServer
from support.emulators import free_port, install
from support.waiting import until

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset import emulator as module
from framework.handset.emulator import AvdAddress, Emulators, find_emulator
from framework.handset.handset import open_handset
from framework.handset.plugged import plugged_in

ROOT = Path(module.__file__).parents[2]
AVD = "Pixel_Fold_API_34"
BOOTS_WITHIN_S = 60.0


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No adb server of anybody's, no emulator in the PATH, and a home in which adb makes its key."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(taken.getsockname()[1]))
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return install(tmp_path / "sdk")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def emulators(told: list[str]) -> Iterator[Emulators]:
    with closing(Emulators(told.append)) as made:
        yield made


def listening(address: AvdAddress) -> bool:
    """Whether anything answers on the console's port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(address.serial.removeprefix("emulator-")))) == 0


@pytest.mark.foreign
@pytest.mark.usefixtures("sdk")
def test_an_avd_is_started_used_and_ended(emulators: Emulators, told: list[str]) -> None:
    """Through an adb server of ours, on a port where no other looks; the second who asks gets the same; then gone."""
    address = emulators.address("fold", AVD, BOOTS_WITHIN_S)
    assert (address.ours, address.serial.startswith("emulator-"), told) == (
        True,
        True,
        ["fold: starting the AVD Pixel_Fold_API_34"],
    )
    assert emulators.address("fold", AVD, BOOTS_WITHIN_S) == address
    with open_handset(Target("fold", serial=address.serial, adb_server=address.adb_server)) as handset:
        assert (handset.identity.emulated, handset.identity.foldable) == (True, True)
    (seen,) = plugged_in(address.adb_server)
    assert (seen.serial, seen.avd) == (address.serial, AVD)
    emulators.close()
    assert not listening(address)


@pytest.mark.foreign
@pytest.mark.usefixtures("sdk")
def test_one_that_runs_already_is_used_and_left_alone(
    emulators: Emulators, tmp_path: Path, bundled_adb: str, sdk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its adb server is the local one, where its user has it; it is not ours to end."""
    server = TheirServer(bundled_adb, tmp_path)
    server.start()
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", server.address.rpartition(":")[2])
    port = free_port()
    theirs = subprocess.Popen([sdk, "-avd", AVD, "-port", str(port)])
    try:
        until(lambda: f"emulator-{port}\tdevice" in server.run("devices"), within_s=BOOTS_WITHIN_S)
        address = emulators.address("fold", AVD, BOOTS_WITHIN_S)
        assert address == AvdAddress(f"emulator-{port}", None, ours=False)
        emulators.close()
        assert theirs.poll() is None
    finally:
        theirs.kill()
        theirs.wait()
        server.kill()


HOLD = (
    "import sys, time\n"
    "from framework.handset.emulator import Emulators\n"
    f"print(Emulators(print).address('fold', '{AVD}', {BOOTS_WITHIN_S}).serial, flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.mark.foreign
@pytest.mark.usefixtures("sdk")
def test_it_ends_with_its_killed_owner() -> None:
    """kill -9 of the run that started it ends the emulator, too."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        address = AvdAddress(owner.stdout.readline().strip(), None, ours=True)
        assert listening(address)
        owner.send_signal(signal.SIGKILL)
    until(lambda: not listening(address), within_s=20)


def test_no_emulator_on_this_machine(emulators: Emulators, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at, and what to do."""
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(HandsetError) as caught:
        emulators.address("fold", AVD, 1)
    assert caught.value.what == (
        "there is no Android emulator on this machine, neither in ANDROID_HOME, ANDROID_SDK_ROOT and PATH nor in "
        "~/Android/Sdk or ~/Library/Android/sdk"
    )
    assert "sdkmanager emulator" in caught.value.mend


def test_where_android_studio_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its SDK is found without an environment that names it; one that is named counts first."""
    monkeypatch.setenv("PATH", "/nonexistent")
    studio = install(tmp_path / "Android" / "Sdk")
    assert find_emulator("fold") == studio
    named = install(tmp_path / "named")
    monkeypatch.setenv("ANDROID_SDK_ROOT", str(tmp_path / "named"))
    assert find_emulator("fold") == named


def test_an_environment_that_names_no_adb_server(emulators: Emulators, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told with the handset, when it is needed."""
    monkeypatch.setenv("ADB_SERVER_SOCKET", "tcp:nowhere:port")
    with pytest.raises(HandsetError, match="fold: ADB_SERVER_SOCKET"):
        emulators.address("fold", AVD, 1)


@pytest.mark.usefixtures("sdk")
def test_no_such_avd(emulators: Emulators) -> None:
    """Those that there are, and the near one; INFO lines of the emulator are none."""
    with pytest.raises(HandsetError) as caught:
        emulators.address("fold", "Pixel_Fold_API_35", 1)
    assert (caught.value.what, caught.value.mend) == (
        "there is no AVD Pixel_Fold_API_35; there are Pixel_Fold_API_34, Broken_API_34",
        "did you mean Pixel_Fold_API_34?",
    )


@pytest.mark.foreign
@pytest.mark.usefixtures("sdk")
def test_an_emulator_that_dies_says_why(emulators: Emulators) -> None:
    """In its own words, at once rather than after the deadline, and again to whoever asks next."""
    for _ in range(2):
        with pytest.raises(HandsetError) as caught:
            emulators.address("fold", "Broken_API_34", BOOTS_WITHIN_S)
        assert caught.value.what == (
            "the emulator of the AVD Broken_API_34 ended: PANIC: Broken AVD system path. Check your ANDROID_SDK_ROOT"
        )
        assert "sdkmanager" in caught.value.mend


@pytest.mark.foreign
def test_one_that_never_boots(
    tmp_path: Path, emulators: Emulators, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs no more than its deadline, progress is told meanwhile, and it is ended."""
    monkeypatch.setattr(module, "TELL_EVERY_S", 0.4)
    program = tmp_path / "bin" / "emulator"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -list-avds ] && echo {AVD} && exit\necho $$ >{tmp_path}/pid\nexec sleep 60\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with pytest.raises(HandsetError, match=r"has not booted within 1 s: adb does not see it yet") as caught:
        emulators.address("fold", AVD, 1)
    assert "boot_within_s" in caught.value.mend
    assert "of at most 1 s: adb does not see it yet" in told[1]
    emulators.close()
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
