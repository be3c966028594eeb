"""Starting virtual handsets from outside: one child process for all of them, which ends with its parent."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

from framework.contract.errors import HandsetError
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest

START_WITHIN_S = 60
STOP_WITHIN_S = 5
LOOK_EVERY_S = 0.5

ONE_THREAD_FOR_NUMPY = {"OPENBLAS_NUM_THREADS": "1"}
"""Its products are small: helper threads would only spin, and hold the handsets' time back on a busy host."""


class VirtualHandsets:
    """The child process; `endpoint(name)` waits until that handset answers."""

    def __init__(self, requests: Sequence[VirtualRequest]) -> None:
        self._names = [request.name for request in requests]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "framework.virtual.host"],
            env=os.environ | ONE_THREAD_FOR_NUMPY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl+C at the terminal is for the parent, which then closes us
        )
        self._life_line = _pipe(self._process.stdin)
        self._life_line.write(json.dumps([asdict(request) for request in requests]).encode() + b"\n")
        self._life_line.flush()
        self._announced: queue.Queue[VirtualEndpoint | None] = queue.Queue()
        self._ready: dict[str, VirtualEndpoint] = {}
        threading.Thread(target=self._read, args=(_pipe(self._process.stdout),), daemon=True).start()

    def endpoint(self, name: str, timeout_s: float = START_WITHIN_S) -> VirtualEndpoint:
        while name not in self._ready:
            try:
                announced = self._announced.get(timeout=timeout_s)
            except queue.Empty:
                raise HandsetError(name, f"the virtual handset did not start within {timeout_s:g} s") from None
            if announced is None:
                raise HandsetError(name, "the process of the virtual handsets ended before it was ready")
            self._ready[announced.name] = announced
        return self._ready[name]

    def endpoints(self) -> list[VirtualEndpoint]:
        return [self.endpoint(name) for name in self._names]

    @property
    def pid(self) -> int:
        """Of the child process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait(self, told_to_stop: threading.Event) -> None:
        """Until told to stop; HandsetError when the process of the handsets ends by itself."""
        while not told_to_stop.wait(LOOK_EVERY_S):
            if not self.alive:
                raise HandsetError(", ".join(self._names), "the process of the virtual handsets ended")

    def close(self) -> None:
        self._life_line.close()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self, lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                self._announced.put(VirtualEndpoint(**json.loads(line)))
        self._announced.put(None)


def _pipe(stream: IO[Any] | None) -> IO[bytes]:
    assert stream is not None
    return stream


@contextmanager
def virtual_handsets(requests: Sequence[VirtualRequest]) -> Iterator[VirtualHandsets]:
    """The handsets, started on entry and gone on exit."""
    handsets = VirtualHandsets(requests)
    try:
        yield handsets
    finally:
        handsets.close()
