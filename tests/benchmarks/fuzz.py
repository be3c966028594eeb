"""Fuzzed adb sessions against a virtual handset: it must not crash, keep memory, or leave a stream stuck.

`fuzz.py [SESSIONS] [--seed N] [--break crash|hold|leak]` (300). Each session is one of `SESSIONS`: random services,
streams that are cut anywhere, clients that are killed, readers that stop, packets with wrong bits, random words to
sync, shell, keys and reverse. Eight run at a time. After `WARM_UP` of them memory is measured, and again at the end,
both times `SETTLE_S` after the handset was left alone: by then whatever the sessions began must be gone from its table
of processes and from the process's sockets. From time to time, and at the end, somebody polite must be served.

`--break` plants a defect, so that one can see this fail: the process is killed half-way, clients are never closed, or
the polite ones leave a megabyte each in the handset's memory.

Last line: one line of JSON. `holds`: no crash, nothing that failed inside (its log), nobody polite who was not served,
nothing left, memory within 5 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen

from adb_client import AUTH, CLSE, CNXN, HELLO, OKAY, OPEN, WRTE, connected, packet

MOST_GROWTH = 0.05
WARM_UP = 300
AT_ONCE = 8
POLITE_EVERY = 20
SERVED_WITHIN_S = 20.0
GONE_WITHIN_S = 30.0
SETTLE_S = 3.0
SERVICES = tuple(
    b"shell:|shell,v2,raw:|shell,v2,TERM=xterm,pty:|exec:|abb:|abb_exec:|sync:|tcp:|dev:|localabstract:|framebuffer:|"
    b"jdwp|track-jdwp|track-app|root:|remount:|reverse:|host:".split(b"|")
)
"""What may be asked for at random; not what makes adbd or the handset restart, which ends other sessions as well."""

SCRIPTS = (
    *(b"cat", b"yes", b"sleep 1000", b"logcat", b"sh -i", b"nc -l", b"top -b", b"exit 7", b"ls -lR /"),
    *(b"head -c 3000000 /dev/zero", b"while :; do echo x; done", b"seq 100000 | sort", b"dumpsys meminfo"),
    *(b"trap 'echo hup' HUP; sleep 1000 & wait", b"read x; echo $x", b"x=$(sleep 1000)"),
    *(b"sleep 1000 & sleep 1000 & wait", b"(sleep 1000 | cat) | cat"),
)


@dataclass
class Peer:
    """A client that says whatever it likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    chance: random.Random

    def say(self, *packets: bytes) -> None:
        self.writer.write(b"".join(packets))

    async def hear(self, most: int = 1 << 16, seconds: float = 0.2) -> bytes:
        with suppress(TimeoutError, ConnectionError):
            return await asyncio.wait_for(self.reader.read(most), seconds)
        return b""

    def some(self, most: int) -> bytes:
        return self.chance.randbytes(self.chance.randrange(most + 1))

    def kill(self) -> None:
        """As a process that is killed with data unread: RST."""
        connected = self.writer.get_extra_info("socket")
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Session = Callable[[Peer], Awaitable[None]]


async def random_services(peer: Peer) -> None:
    for local in range(1, peer.chance.randrange(2, 12)):
        name = peer.chance.choice((*SERVICES, b"")) + peer.chance.choice((peer.some(40), peer.chance.choice(SCRIPTS)))
        peer.say(packet(OPEN, local, 0, name + b"\0" * peer.chance.randrange(3)))
    await peer.hear()
    for local in range(1, 8):
        words = (
            packet(peer.chance.choice((OKAY, WRTE, CLSE)), local, remote, peer.some(100)) for remote in range(1, 4)
        )
        peer.say(*words)
    await peer.hear()


async def truncated(peer: Peer) -> None:
    """A sound session, cut anywhere."""
    script = peer.chance.choice(SCRIPTS)
    data = packet(OPEN, 1, 0, b"shell,v2,raw:" + script + b"\0") + packet(OKAY, 1, 1)
    data += packet(WRTE, 1, 1, b"\0" + struct.pack("<I", 4) + b"abc\n") + packet(CLSE, 1, 1)
    peer.say(data[: peer.chance.randrange(len(data))])
    await peer.hear(seconds=0.05)


async def killed(peer: Peer) -> None:
    """Several programs at work, then gone without a word."""
    for local in range(1, peer.chance.randrange(2, 6)):
        service = peer.chance.choice((b"shell:", b"exec:", b"shell,v2,raw:", b"shell,v2,pty:"))
        peer.say(packet(OPEN, local, 0, service + peer.chance.choice(SCRIPTS) + b"\0"))
    await peer.hear(seconds=peer.chance.random() * 0.2)
    peer.kill()


async def stopped_reader(peer: Peer) -> None:
    """Asks for much and takes nothing; acknowledges now and then, or more than there was."""
    for local in range(1, 5):
        peer.say(packet(OPEN, local, 0, b"exec:" + peer.chance.choice((b"yes", b"cat /dev/zero", b"logcat")) + b"\0"))
    for _ in range(peer.chance.randrange(6)):
        await asyncio.sleep(peer.chance.random() * 0.1)
        peer.say(*(packet(OKAY, local, local) for local in range(1, 5)))
    if peer.chance.random() < 0.5:
        peer.kill()


async def wrong_bits(peer: Peer) -> None:
    """Packets with a bit or two turned, so that lengths, magics and commands are wrong."""
    names = [peer.chance.choice(SERVICES) + peer.some(20) + b"\0" for _ in range(4)]
    data = bytearray(b"".join(packet(OPEN, local, 0, name) for local, name in enumerate(names, 1)))
    for _ in range(peer.chance.randrange(1, 4)):
        data[peer.chance.randrange(len(data))] ^= 1 << peer.chance.randrange(8)
    peer.say(bytes(data), peer.some(200))
    await peer.hear()


async def random_sync(peer: Peer) -> None:
    """Words of the sync service with random lengths and contents, whole or not."""
    peer.say(packet(OPEN, 1, 0, b"sync:\0"))
    await peer.hear()
    kinds = b"STAT STA2 LST2 LIST LIS2 SEND SND2 RECV RCV2 DATA DONE QUIT".split()
    paths = (b"/data/local/tmp/fuzz", b"/sdcard/x,33188", b"/system/bin/sh", b"/proc/version", peer.some(30))
    for _ in range(peer.chance.randrange(1, 6)):
        path, flags = peer.chance.choice(paths), peer.chance.choice((0, 1, 2, 4, 0x80000001, 0xFFFF))
        send, receive = struct.pack("<4sII", b"SND2", 0o100644, flags), struct.pack("<4sI", b"RCV2", flags)
        body = path + peer.chance.choice((b"", send, receive))
        body += b"DATA" + struct.pack("<I", 50) + peer.some(50) + b"DONE" + bytes(4)
        size = peer.chance.choice((len(path), len(path), 0xFFFFFFFF, 0))
        peer.say(packet(WRTE, 1, 1, peer.chance.choice(kinds) + struct.pack("<I", size) + body))
        await peer.hear(seconds=0.05)
        peer.say(packet(OKAY, 1, 1))


async def random_frames(peer: Peer) -> None:
    """A shell, at a terminal or not, that is told anything: frames, keys, sizes of windows."""
    services = (b"shell,v2,pty:", b"shell,v2,raw:cat", b"shell:", b"shell,v2,pty:cat")
    keys = (b"\x03", b"\x04", b"24x80,0x0\0", b"echo $((1+1))\r", b"sleep 100\r", b"yes\r", b"sleep 9 &\r")
    peer.say(packet(OPEN, 1, 0, peer.chance.choice(services) + b"\0"))
    await peer.hear()
    for _ in range(peer.chance.randrange(1, 8)):
        kind = peer.chance.choice((0, 0, 0, 1, 3, 4, 5, 9))
        text = peer.chance.choice((*keys, peer.some(60)))
        size = peer.chance.choice((len(text), len(text), len(text) + 3, 0xFFFFFFFF))
        peer.say(packet(WRTE, 1, 1, bytes([kind]) + struct.pack("<I", size) + text))
        await peer.hear(seconds=0.05)
        peer.say(packet(OKAY, 1, 1))


async def random_words(peer: Peer) -> None:
    """Introductions in the middle, keys that nobody asked for, words that there are not."""
    for _ in range(peer.chance.randrange(1, 8)):
        peer.say(
            peer.chance.choice(
                (
                    HELLO,
                    packet(AUTH, peer.chance.randrange(5), 0, peer.some(300)),
                    packet(CNXN, peer.chance.getrandbits(32), peer.chance.choice((0, 1, 4096, 1 << 31)), b"host::"),
                    packet(OPEN, peer.chance.getrandbits(32), peer.chance.getrandbits(4), b"exec:yes\0"),
                    packet(peer.chance.getrandbits(32), 1, 1, peer.some(40)),
                )
            )
        )
        await peer.hear(seconds=0.05)


async def random_reverse(peer: Peer) -> None:
    """Ports that lead here, somebody on the handset who uses them, and we who answer anything or nothing."""
    port = peer.chance.randrange(20000, 30000)
    peer.say(packet(OPEN, 1, 0, b"reverse:forward:tcp:%d;tcp:1\0" % port))
    await peer.hear()
    peer.say(packet(OPEN, 2, 0, b"exec:yes | nc 127.0.0.1 %d\0" % port), packet(OPEN, 3, 0, b"tcp:%d\0" % port))
    await peer.hear()
    for local in range(4, 4 + peer.chance.randrange(4)):
        peer.say(packet(peer.chance.choice((OKAY, CLSE, WRTE)), local, peer.chance.randrange(1, 8), peer.some(50)))
        await peer.hear(seconds=0.05)


async def noise(peer: Peer) -> None:
    peer.say(peer.some(3000))
    await peer.hear(seconds=0.05)


SESSIONS: tuple[Session, ...] = (
    random_services,
    truncated,
    killed,
    stopped_reader,
    wrong_bits,
    random_sync,
    random_frames,
    random_words,
    random_reverse,
    noise,
)


def _leads_to(link: Path) -> str:
    with suppress(OSError):  # closed meanwhile
        return str(link.readlink())
    return ""


@dataclass
class Host:
    """The process of the handset, and what it writes about itself."""

    process: Popen[bytes]
    log: Path
    adb: str

    @property
    def resident(self) -> int:
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def sockets(self) -> int:
        folder = Path(f"/proc/{self.process.pid}/fd")
        return sum(_leads_to(each).startswith("socket:") for each in folder.iterdir())


@dataclass
class Story:
    done: Counter[str] = field(default_factory=Counter)
    unserved: int = 0
    held: list[Peer] = field(default_factory=list)


@dataclass(frozen=True)
class Left:
    """What is still there although the sessions are over."""

    processes: int
    sockets: int


def judge(figures: dict[str, object]) -> bool:
    """Whether the figures are what the file promises."""
    bad = ("crashed", "failed_inside", "unserved", "left_processes", "left_sockets")
    clean = not any(figures[name] for name in bad)
    growth = figures["memory_growth"]
    return clean and isinstance(growth, float) and growth <= MOST_GROWTH


async def fuzz(host: Host, count: int, seed: int, defect: str | None) -> dict[str, object]:
    story, before = Story(), await _left(host, Left(0, 0))
    await _sessions(host, story, WARM_UP, seed + 1, None)
    await _left(host, before)
    await asyncio.sleep(SETTLE_S)
    resident = host.resident
    began = time.monotonic()
    story.done.clear()
    await _sessions(host, story, count, seed, defect)
    left = await _left(host, before)
    await asyncio.sleep(SETTLE_S)
    crashed = host.process.poll() is not None
    growth = 1.0 if crashed else (host.resident - resident) / resident
    inside = len(re.findall(r"^Traceback ", host.log.read_text(), re.MULTILINE))
    return {
        "benchmark": "fuzz",
        "sessions": sum(story.done.values()),
        "seconds": round(time.monotonic() - began, 1),
        "kinds": dict(story.done),
        "crashed": crashed,
        "failed_inside": inside,
        "unserved": story.unserved,
        "left_processes": left.processes - before.processes,
        "left_sockets": left.sockets - before.sockets,
        "memory_mb": round(resident / 1e6, 1),
        "memory_growth": round(growth, 4),
    }


async def _sessions(host: Host, story: Story, count: int, seed: int, defect: str | None) -> None:
    """So many, `AT_ONCE` at a time, each with a chance of its own."""
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            chance = random.Random(seed * 1_000_003 + number)  # it only has to be repeatable
            await _session(host, story, SESSIONS[number % len(SESSIONS)], chance, defect)
            if number % POLITE_EVERY == POLITE_EVERY - 1:
                story.unserved += not await _served(host, number, defect)
            if defect == "crash" and number == count // 2:
                host.process.send_signal(signal.SIGKILL)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def _session(host: Host, story: Story, session: Session, chance: random.Random, defect: str | None) -> None:
    address, _, port = host.adb.rpartition(":")
    with suppress(ConnectionError):
        peer = Peer(*await asyncio.open_connection(address, int(port)), chance)
        try:
            if session is not noise or chance.random() < 0.5:
                peer.say(HELLO)
                await peer.hear()
            await session(peer)
            story.done[session.__name__] += 1
        finally:
            if defect == "hold":
                story.held.append(peer)
            else:
                peer.writer.close()


async def _served(host: Host, number: int, defect: str | None) -> bool:
    """Whether somebody polite gets an answer in time."""
    leak = f"for i in $(seq 60); do head -c 16000 /dev/urandom >/data/local/tmp/leak{number}.$i; done; "
    script = f"{leak if defect == 'leak' else ''}echo served {number}"
    try:
        async with asyncio.timeout(SERVED_WITHIN_S), connected(host.adb) as client:
            return await client.ask(b"exec:" + script.encode()) == f"served {number}\n".encode()
    except (TimeoutError, OSError):
        return False


async def _left(host: Host, before: Left) -> Left:
    """What is left once there is no more than before, or it does not get less in time."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while True:
        left = await _count(host)
        if left is None or (left.processes <= before.processes and left.sockets <= before.sockets):
            return left or before
        if time.monotonic() > deadline or before == Left(0, 0):
            return left
        await asyncio.sleep(0.1)


async def _count(host: Host) -> Left | None:
    try:
        async with asyncio.timeout(SERVED_WITHIN_S), connected(host.adb) as client:
            listed = await client.ask(b"exec:ps -A -o NAME")
            return Left(len(listed.splitlines()), host.sockets)
    except (TimeoutError, OSError):
        return None


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Fuzzed adb sessions against a virtual handset.")
    parser.add_argument("sessions", nargs="?", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--break", dest="defect", choices=("crash", "hold", "leak"), help="plant a defect")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), args.sessions, args.seed, args.defect)
    figures["holds"] = judge(figures)
    for name in ("sessions", "seconds", "crashed", "failed_inside", "unserved", "left_processes", "left_sockets"):
        print(f"{name:16} {figures[name]}")
    print(f"{'memory':16} {figures['memory_mb']} MB, then {figures['memory_growth']:+.1%}")
    print(json.dumps(figures))
    return 0


def run(folder: Path, sessions: int, seed: int, defect: str | None) -> dict[str, object]:
    log = folder / "log"
    with log.open("wb") as errors:
        process = Popen([sys.executable, "-m", "framework.virtual.host"], stdin=PIPE, stdout=PIPE, stderr=errors)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps([{"name": "fuzz", "profile": "xiaomi-13"}]).encode() + b"\n")
        process.stdin.flush()
        adb = json.loads(process.stdout.readline())["adb"]
        return asyncio.run(fuzz(Host(process, log, adb), sessions, seed, defect))
    finally:
        process.kill()
        process.communicate()
        sys.stderr.write(log.read_text()[-3000:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
