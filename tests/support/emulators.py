"""An `emulator` program that starts a virtual handset of ours where an Android emulator would listen.

It does what the farm sees of the real one: lists its AVDs, refuses one that it does not have, has a console and, one
port above, an adbd, and makes itself known to the adb server that its environment names.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

AVDS = ("Pixel_Fold_API_34", "Broken_API_34")
PROGRAM = """#!/bin/sh
exec "{python}" "{file}" "$@"
"""


def install(sdk: Path) -> Path:
    """Put it into an SDK; the program."""
    program = sdk / "emulator" / "emulator"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM.format(python=sys.executable, file=__file__))
    program.chmod(0o755)
    return program


def _relay(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    """An even one that is free, as is the one above it."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as console:
            port = int(console.getsockname()[1]) & ~1
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 1)),
        ):
            return port


def _adbd(listening: socket.socket, host: str, port: int) -> None:
    while True:
        client, _ = listening.accept()
        handset = socket.create_connection((host, port))
        for ends in ((client, handset), (handset, client)):
            threading.Thread(target=_relay, args=ends, daemon=True).start()


def _console(listening: socket.socket, avd: str) -> None:
    while True:
        client, _ = listening.accept()
        with client, client.makefile("rw", newline="") as lines:
            lines.write("Android Console: type 'help' for a list of commands\r\nOK\r\n")
            lines.flush()
            for line in lines:
                answer = {"avd name": f"{avd}\r\nOK"}.get(line.strip(), "KO: unknown command, try 'help'")
                lines.write(f"{answer}\r\n")
                lines.flush()


def _known_to_the_server(port: int) -> None:
    message = f"host:emulator:{port}".encode()
    with socket.create_connection(("127.0.0.1", int(os.environ.get("ANDROID_ADB_SERVER_PORT", "5037")))) as server:
        server.sendall(b"%04x" % len(message) + message)


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("-list-avds", action="store_true")
    parser.add_argument("-avd")
    parser.add_argument("-port", type=int)
    for switch in ("-no-window", "-no-audio", "-no-boot-anim", "-no-snapshot-save"):
        parser.add_argument(switch, action="store_true")
    args = parser.parse_args()
    if args.list_avds:
        print("INFO    | Storing crashdata in: /tmp/android-crash.db", *AVDS, sep="\n")
        return 0
    if args.avd == "Broken_API_34":
        print("INFO    | Android emulator version 34.1.9\nPANIC: Broken AVD system path. Check your ANDROID_SDK_ROOT")
        return 1
    from framework.virtual.endpoints import VirtualRequest
    from framework.virtual.launcher import virtual_handsets

    with (
        virtual_handsets([VirtualRequest("emulator", "xiaomi-mix-fold-3", speed=20)]) as handsets,
        socket.create_server(("127.0.0.1", args.port)) as console,
        socket.create_server(("127.0.0.1", args.port + 1)) as adb,
    ):
        threading.Thread(target=_console, args=(console, args.avd), daemon=True).start()
        host, _, port = handsets.endpoint("emulator").adb.partition(":")
        threading.Thread(target=_adbd, args=(adb, host, int(port)), daemon=True).start()
        _known_to_the_server(args.port + 1)
        handsets.wait(threading.Event())
    return 0


if __name__ == "__main__":
    sys.exit(main())
