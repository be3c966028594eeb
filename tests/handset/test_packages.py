"""Installing and starting apps, by every way that handsets offer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from framework.contract.capabilities import InstallRefusedError, PackageInfo
from framework.contract.errors import AssistantError, DeadlineError, HandsetError
from framework.handset.connection import Connection
from framework.handset.files import HandsetFiles
from framework.handset.packages import HandsetPackages
from framework.handset.shell import HandsetShell

CONTENT = os.urandom(1 << 20) * 2 + b"end"

# `cmd package install … -S SIZE` takes the APK from its input, `pm install … PATH` from a file.
TAKE = """
echo "$@" >>$STATE/called
for last in "$@"; do :; done
case "$*" in
*" -S "*) head -c "$last" >$STATE/installed.apk;;
*) cat "$last" >$STATE/installed.apk;;
esac
cat $STATE/answer
"""


def packages_over(connection: Connection) -> HandsetPackages:
    shell = HandsetShell("phone", connection)
    return HandsetPackages("phone", connection, shell, HandsetFiles("phone", connection, shell))


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    path = tmp_path / "app.apk"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def installer(phone: Any) -> Any:
    """A phone whose installer keeps what it gets."""
    phone.command("cmd", TAKE)
    phone.command("pm", TAKE)
    (phone.root / "answer").write_text("Success\n")
    return phone


@pytest.fixture
def packages(installer: Any, connection: Connection) -> HandsetPackages:
    return packages_over(connection)


def test_an_apk_is_streamed(installer: Any, packages: HandsetPackages, apk: Path) -> None:
    """Through abb_exec, whole, with its size, and told as it goes."""
    told: list[tuple[int, int]] = []
    packages.install(apk, progress=lambda done, total: told.append((done, total)))
    assert (installer.root / "installed.apk").read_bytes() == CONTENT
    assert (installer.root / "called").read_text() == f"package install -r -t -g -S {len(CONTENT)}\n"
    assert told[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(
    ("features", "called"),
    [
        ("shell_v2,cmd", f"package install -r -t -g -S {len(CONTENT)}\n"),
        ("shell_v2", "install -r -t -g {tmp}/pocketfarm-install.apk\n"),
    ],
)
def test_older_handsets(installer: Any, apk: Path, request: pytest.FixtureRequest, features: str, called: str) -> None:
    """Without abb_exec by `cmd`, without that from a file, which is removed."""
    installer.features = features
    packages_over(request.getfixturevalue("straight")).install(apk)
    assert (installer.root / "installed.apk").read_bytes() == CONTENT
    assert (installer.root / "called").read_text() == called.format(tmp=installer.tmp)
    assert list(installer.tmp.iterdir()) == []


def test_a_refusal_in_androids_words(installer: Any, packages: HandsetPackages, apk: Path) -> None:
    """Code and message of the refusal."""
    (installer.root / "answer").write_text("Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected]\n")
    with pytest.raises(InstallRefusedError) as caught:
        packages.install(apk)
    assert (caught.value.code, caught.value.message) == ("INSTALL_FAILED_VERSION_DOWNGRADE", "Downgrade detected")


def test_a_refusal_before_the_end(phone: Any, packages: HandsetPackages, tmp_path: Path) -> None:
    """A handset that has heard enough may answer while the APK is still being sent."""
    phone.command("cmd", "echo 'Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]'")
    apk = tmp_path / "big.apk"
    with apk.open("wb") as file:
        file.truncate(30 << 20)
    with pytest.raises(InstallRefusedError, match="INSTALL_FAILED_INSUFFICIENT_STORAGE"):
        packages.install(apk)


def test_an_installer_that_hangs(phone: Any, packages: HandsetPackages, apk: Path) -> None:
    """It costs no more than the deadline, which names the APK."""
    phone.command("cmd", "cat >/dev/null; sleep 1000")
    with pytest.raises(DeadlineError, match=r"installing app\.apk: not done within 0\.5 s"):
        packages.install(apk, timeout_s=0.5)


DUMP = """Packages:
  Package [a.b] (1f2e3d):
    codePath=/data/app/a.b
    versionCode=42 minSdk=26 targetSdk=34
    versionName=4.2
"""


@pytest.fixture
def apps(phone: Any) -> Callable[[str, str], HandsetPackages]:
    """Adds a command to the phone."""
    phone.command("dumpsys", f'[ "$2" = a.b ] && echo \'{DUMP}\' || echo "Unable to find package: $2"')
    return lambda name, script: phone.command(name, script)


def test_what_is_installed(apps: object, packages: HandsetPackages) -> None:
    """Version and place; None for an app that is not there, which cannot be uninstalled either."""
    assert packages.info("a.b") == PackageInfo("a.b", "4.2", 42, "/data/app/a.b")
    assert packages.info("c.d") is None
    assert packages.uninstall("c.d") is False


def test_uninstalling(apps: Callable[[str, str], None], packages: HandsetPackages) -> None:
    """True when it is gone, a HandsetError when Android keeps it."""
    apps("pm", "echo Success")
    assert packages.uninstall("a.b") is True
    apps("pm", "echo 'Failure [DELETE_FAILED_INTERNAL_ERROR]'; exit 1")
    with pytest.raises(HandsetError, match=r"a\.b stays installed: DELETE_FAILED_INTERNAL_ERROR"):
        packages.uninstall("a.b")


def test_starting(phone: Any, packages: HandsetPackages) -> None:
    """Action and extras reach `am` as they are, each with the option of its type."""
    phone.command("am", 'for word in "$@"; do printf "%s\\n" "$word"; done >$STATE/am; echo "Status: ok"')
    packages.start(
        "a.b/.Main", action="a.b.ASK", extras={"text": "it's 5 o'clock; $HOME", "turn": -3, "big": 1 << 40, "on": True}
    )
    assert (phone.root / "am").read_text().splitlines() == [
        *("start", "-W", "-n", "a.b/.Main", "-a", "a.b.ASK"),
        *("--es", "text", "it's 5 o'clock; $HOME", "--ei", "turn", "-3"),
        *("--el", "big", str(1 << 40), "--ez", "on", "true"),
    ]


@pytest.mark.parametrize("where", ["", " >&2"])
def test_a_component_that_is_not_there(phone: Any, packages: HandsetPackages, where: str) -> None:
    """It is the build's mistake, told in Android's words, wherever these were printed."""
    phone.command("am", f"echo 'Error: Activity class {{a.b/a.b.Nope}} does not exist.'{where}; exit 0")
    with pytest.raises(AssistantError, match=r"a\.b: Error: Activity class .* does not exist"):
        packages.start("a.b/.Nope")


def test_an_activity_manager_that_fails(phone: Any, packages: HandsetPackages) -> None:
    """A status without Android's words is the lab's matter."""
    phone.command("am", "echo 'cmd: Failure calling service activity'; exit 224")
    with pytest.raises(HandsetError, match="`am start` ended with 224: cmd: Failure"):
        packages.start("a.b/.Main")


def test_processes(phone: Any, packages: HandsetPackages) -> None:
    """The process id of an app, None when it does not run; stopping goes to `am`."""
    phone.command("pidof", '[ "$1" = a.b ] && echo "4711 4712"')
    phone.command("am", 'echo "$*" >$STATE/am')
    assert packages.pid("a.b") == 4711
    assert packages.pid("c.d") is None
    packages.stop("a.b")
    assert (phone.root / "am").read_text() == "force-stop a.b\n"
