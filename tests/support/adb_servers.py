"""Adb servers to test against: one that says what a test wants, and real ones that somebody else has started."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_START_S = 20.0


def block(text: str) -> bytes:
    """Text as adb servers send it: its length in four hexadecimal digits first."""
    encoded = text.encode()
    return b"%04x" % len(encoded) + encoded


@dataclass
class Answering:
    """An adb server that gives each command its answer, and silence where there is none; `asked` is what it heard."""

    answers: Mapping[str, bytes]
    address: str = ""
    asked: list[str] = field(default_factory=list)

    def _serve(self, connected: socket.socket) -> None:
        with connected, suppress(ConnectionError):  # whoever asked may end in the middle
            while head := connected.recv(4):
                command = connected.recv(int(head, 16)).decode()
                self.asked.append(command)
                answer = self.answers.get(command)
                if answer is not None:
                    connected.sendall(answer)

    def accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()


@contextmanager
def answering(answers: Mapping[str, bytes]) -> Iterator[Answering]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Answering(answers, f"127.0.0.1:{listening.getsockname()[1]}")
        threading.Thread(target=made.accept, args=(listening,), daemon=True).start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)


class TheirServer:
    """A real adb server on a port that it keeps, which its user starts and kills as they like."""

    def __init__(self, adb: str, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self.address = f"127.0.0.1:{self._port}"
        self._command = [adb, "-P", str(self._port)]
        self._environment = {
            **os.environ,
            "HOME": str(home),
            **dict.fromkeys(("ADB_USB", "ADB_EMU", "ADB_MDNS"), "0"),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the server while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._command, "nodaemon", "server"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + _START_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            assert time.monotonic() < ends, "the adb server did not start"
            time.sleep(0.01)

    def run(self, *args: str) -> str:
        """What the adb program prints."""
        command = [*self._command, *args]
        return subprocess.run(
            command, env=self._environment, capture_output=True, check=True, timeout=_START_S
        ).stdout.decode()

    def kill(self) -> None:
        """`adb kill-server`, as its user would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_START_S)
