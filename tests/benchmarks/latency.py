"""What the host's side of the wire costs: one command beside an idle log, and files both ways, by each transport.

`latency.py [COMMANDS] [MEGABYTES]`. The floor is the same command by the least code that can ask for it: a blocking
socket, no threads, no streams beside it. Last line: one line of JSON; latencies are medians and 95th percentiles in
ms at speed 1, throughputs medians in MB/s (10**6 bytes).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from framework.contract.capabilities import Target
from framework.handset.adb_server import ServerClient
from framework.handset.handset import OpenHandset, open_handset
from framework.handset.own_server import own_server
from framework.handset.packets import CLSE, CNXN, HEADER, MAX_PAYLOAD, OKAY, OPEN, VERSION, WRTE, Packet, header
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

LIMIT_MS = 3.0
ROUNDS = 5
REMOTE = "/data/local/tmp/latency.bin"
COMMAND = "true"


def main(commands: int = 500, megabytes: int = 200) -> None:
    figures: dict[str, object] = {"benchmark": "latency", "commands": commands, "megabytes": megabytes}
    with virtual_handsets([VirtualRequest("latency", "xiaomi-mix-fold-3")]) as handsets, own_server() as server:
        address = handsets.endpoint("latency").adb
        with floor(address) as ask:
            report(figures, "floor", times_ms(ask, commands))
        for name, target in targets(address, server):
            with open_handset(target) as handset:
                with handset.log.follow("Nothing"):
                    report(figures, name, times_ms(lambda: handset.shell.script(COMMAND, check=True), commands))
                throughput(figures, name, handset, megabytes)
    figures["holds"] = float(str(figures["straight_ms"])) < LIMIT_MS
    print(json.dumps(figures))


def targets(address: str, server: str) -> Iterator[tuple[str, Target]]:
    yield "straight", Target("latency", adbd=address)
    host, _, port = server.partition(":")
    ServerClient(host, int(port)).connect(address, timeout=10)
    yield "server", Target("latency", serial=address, adb_server=server)


def times_ms(ask: Callable[[], object], count: int) -> list[float]:
    for _ in range(20):
        ask()
    times = []
    for _ in range(count):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1e3)
    return times


def report(figures: dict[str, object], name: str, times: list[float]) -> None:
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name:10} one command  {median:.3f} ms median, {p95:.3f} ms p95")
    figures |= {f"{name}_ms": round(median, 3), f"{name}_p95_ms": round(p95, 3)}


def throughput(figures: dict[str, object], name: str, handset: OpenHandset, megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, back = Path(folder, "source"), Path(folder, "back")
        source.write_bytes(os.urandom(megabytes * 10**6))
        pushes = [megabytes / seconds(lambda: handset.files.push(source, REMOTE)) for _ in range(ROUNDS)]
        pulls = [megabytes / seconds(lambda: handset.files.pull(REMOTE, back)) for _ in range(ROUNDS)]
        assert digest(back) == digest(source), "what came back is not what was sent"
    handset.files.remove(REMOTE)
    push, pull = statistics.median(pushes), statistics.median(pulls)
    print(f"{name:10} push {push:.0f} MB/s, pull {pull:.0f} MB/s")
    figures |= {f"{name}_push_mb_s": round(push, 1), f"{name}_pull_mb_s": round(pull, 1)}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def floor(address: str) -> Iterator[Callable[[], None]]:
    """A connection of the least kind; the yielded call runs the command and waits until its stream is closed."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), 10) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def say(command: bytes, arg0: int, arg1: int, data: bytes = b"") -> None:
            peer.sendall(header(Packet(command, arg0, arg1, data), with_checksum=True) + data)

        def hear() -> tuple[bytes, int]:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            command, arg0, _, length, _, _ = HEADER.unpack(peer.recv(HEADER.size, socket.MSG_WAITALL))
            if length:
                peer.recv(length, socket.MSG_WAITALL)
            return command, arg0

        streams = itertools.count(1)

        def ask() -> None:
            stream = next(streams)
            say(OPEN, stream, 0, f"shell,v2,raw:{COMMAND}\0".encode())
            while (heard := hear())[0] != CLSE:
                if heard[0] == WRTE:
                    say(OKAY, stream, heard[1])

        say(CNXN, VERSION, MAX_PAYLOAD, b"host::features=shell_v2\0")
        assert hear()[0] == CNXN
        yield ask


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
