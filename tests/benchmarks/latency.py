"""What one shell command costs by each way to a virtual handset, side by side.

`latency.py [COMMANDS]`. The ways, each once a turn, so that a busy machine burdens all alike:

    echo      the floor: one byte to another process and back over a bare loopback socket
    bare      the command by the least code that can ask for it: a blocking socket, no threads, no streams beside it
    straight  the farm's shell, straight to adbd, beside a followed log
    server    the farm's shell through an adb server (adb 36), beside a followed log
    adb       `adb shell`, a process each time, through the same server

Last line: one line of JSON: medians and 95th percentiles in ms at speed 1. `holds`: the farm straight under 3 ms, and
through the server no slower than adb itself.
"""

from __future__ import annotations

import itertools
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import adbutils

from framework.contract.capabilities import Target
from framework.handset.adb_server import connect_handset
from framework.handset.handset import open_handset
from framework.handset.own_server import own_server
from framework.handset.packets import CLSE, CNXN, HEADER, MAX_PAYLOAD, OKAY, OPEN, VERSION, WRTE, Packet, header
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUNDLED_ADB = str(Path(adbutils.__file__).parent / "binaries/adb")
LIMIT_MS = 3.0
WARM_UP = 20
COMMAND = "true"
ECHO = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    peer, _ = listening.accept()
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := peer.recv(4096):
        peer.sendall(data)
"""

Ask = Callable[[], object]


def main(commands: int = 500) -> None:
    with ExitStack() as stack:
        handsets = stack.enter_context(virtual_handsets([VirtualRequest("latency", "xiaomi-mix-fold-3")]))
        server = stack.enter_context(own_server(BUNDLED_ADB, usb=False))
        asked = ways(stack, handsets.endpoint("latency").adb, server)
        times = side_by_side(asked, commands)
    figures: dict[str, object] = {"benchmark": "latency", "commands": commands}
    for name, taken in times.items():
        median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{name:10} {median:.3f} ms median, {p95:.3f} ms p95")
        figures |= {f"{name}_ms": round(median, 3), f"{name}_p95_ms": round(p95, 3)}
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    figures["holds"] = medians["straight"] < LIMIT_MS and medians["server"] <= medians["adb"]
    print(json.dumps(figures))


def ways(stack: ExitStack, address: str, server: str) -> dict[str, Ask]:
    """What asks once, by name; all of it is closed by the stack."""
    connect_handset("latency", server, address)
    straight = stack.enter_context(open_handset(Target("latency", adbd=address)))
    through = stack.enter_context(open_handset(Target("latency", serial=address, adb_server=server)))
    for handset in (straight, through):
        stack.enter_context(handset.log.follow("Nothing"))
    adb = [BUNDLED_ADB, "-L", f"tcp:{server}", "-s", address, "shell", COMMAND]
    return {
        "echo": stack.enter_context(echo()),
        "bare": stack.enter_context(bare(address)),
        "straight": lambda: straight.shell.script(COMMAND, check=True),
        "server": lambda: through.shell.script(COMMAND, check=True),
        "adb": lambda: subprocess.run(adb, check=True, stdin=subprocess.DEVNULL, timeout=30),
    }


def side_by_side(asked: Mapping[str, Ask], count: int) -> dict[str, list[float]]:
    """Milliseconds of each, in turn."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(count + WARM_UP):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                times[name].append((time.perf_counter() - began) * 1e3)
    return times


@contextmanager
def echo() -> Iterator[Ask]:
    """Another process on a bare socket."""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", ECHO], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def ask() -> None:
                peer.sendall(b"x")
                peer.recv(1)

            yield ask


@contextmanager
def bare(address: str) -> Iterator[Ask]:
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
