"""An Appium server of our own: on a free port of loopback, with its log in the run's folder, and gone with us.

It serves every handset of a run: the driver gives each session a port of its own (8200 to 8299, under a lock that all
Appium servers of a machine share), and nobody asks for its video stream, which would need another.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from contextlib import AbstractContextManager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

from framework.contract.errors import HandsetError
from framework.handset.adb_binary import sdk_with
from framework.handset.appium.install import Installation
from framework.handset.connection import Deadline
from framework.handset.loopback import ATTEMPTS, LOOPBACK, free_port
from framework.tools import supervisor
from framework.tools.cache import cache_folder

READY_S = 90.0
GRACE_S = 10.0
"""In which it ends its sessions, and with them what runs on handsets and forwards to them."""
NAME = "our Appium server"
AGAIN = 3
_POLL_S = 0.05
_ANSWER_S = 5.0
_NOT_PASSED = ("ANDROID_SDK_ROOT", "ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_ADDRESS", "ANDROID_ADB_SERVER_PORT")
"""Variables that would lead it to another adb, or another adb server than the one that each session names."""


class AppiumServer(AbstractContextManager["AppiumServer"]):
    """Is started at once; `url` waits until it answers. `adb` is the program that it runs.

    Should it end by itself in the middle of a run, it is started again in the same place, `AGAIN` times at most.

    `sdk` is an Android SDK with that adb and more, for sessions that give it an APK; without, it has no other tool.
    """

    def __init__(self, installation: Installation, adb: Path, log: Path, sdk: Path | None = None) -> None:
        self._installation, self._log = installation, log
        self._environment = _environment(installation, sdk or sdk_with(adb, cache_folder()))
        self._attempts = 0
        self._ready = False
        self._changing = threading.Lock()
        self._closed = False
        self._watcher = threading.Thread(target=self._watch, name="appium", daemon=True)
        self._start()

    def url(self, timeout_s: float = READY_S) -> str:
        """Where it answers; HandsetError with the end of its log when it does not within `timeout_s`."""
        deadline = Deadline(timeout_s, NAME, "starting our Appium server")
        while not self._ready:
            if self._process.poll() is not None:
                self._start_again()
            self._ready = self._answers()
            if self._ready:
                self._watcher.start()
            else:
                time.sleep(min(_POLL_S, deadline.remaining()))
        return f"http://{LOOPBACK}:{self._port}"

    def close(self) -> None:
        with self._changing:
            self._closed = True
            supervisor.stop(self._process)
        if self._ready:
            self._watcher.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        self._attempts += 1
        self._port = free_port()
        self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = (*self._installation.command, "server", "--address", LOOPBACK, "--port", str(self._port))
        with self._log.open("ab") as log:
            return supervisor.spawn(
                (*command, "--log-no-colors", "--log-timestamp"),
                grace_s=GRACE_S,
                output=log,
                env=self._environment,
                cwd=self._log.parent,
            )

    def _answers(self) -> bool:
        """Whether it takes sessions; what else may have taken its port does not count."""
        connection = HTTPConnection(LOOPBACK, self._port, timeout=_ANSWER_S)
        try:
            connection.request("GET", "/status")
            status = json.loads(connection.getresponse().read())
            return bool(status["value"]["build"]["version"] == self._installation.appium)
        except (OSError, HTTPException, ValueError, KeyError, TypeError):
            return False
        finally:
            connection.close()

    def _watch(self) -> None:
        for _ in range(AGAIN):
            self._process.wait()
            with self._changing:
                if self._closed:
                    return
                supervisor.stop(self._process)
                self._process = self._spawn()

    def _start_again(self) -> None:
        supervisor.stop(self._process)
        if self._attempts == ATTEMPTS:
            raise HandsetError(NAME, f"our Appium server ended at once: {self._last_words()}", f"see {self._log}")
        self._start()

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _environment(installation: Installation, sdk: Path) -> dict[str, str]:
    """Ours, but with the SDK and the modules that it shall use, and no proxy between it and a handset."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED}
    without_proxy = ",".join(filter(None, (os.environ.get("NO_PROXY"), LOOPBACK, "localhost")))
    return kept | {
        "APPIUM_HOME": str(installation.folder),
        "ANDROID_HOME": str(sdk),
        "PATH": os.pathsep.join((str(installation.node.program.parent), os.environ.get("PATH", os.defpath))),
        "NO_PROXY": without_proxy,
        "no_proxy": without_proxy,
    }
