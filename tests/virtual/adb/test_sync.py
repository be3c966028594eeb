"""Files over `sync:`, at the level of its messages; the words are adbd's."""

from __future__ import annotations

import errno
import os
import stat
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.adb.events import Close, Data

if TYPE_CHECKING:
    from conftest import Adbd, Host

TMP = "/data/local/tmp"


def message(kind: bytes, text: bytes | str = b"") -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return kind + struct.pack("<I", len(data)) + data


def send_v1(path: str, content: bytes, mode: str = "33188", mtime: int = 1_700_000_000) -> bytes:
    parts = [message(b"DATA", content[at : at + 65536]) for at in range(0, len(content), 65536)]
    return message(b"SEND", f"{path},{mode}") + b"".join(parts) + b"DONE" + struct.pack("<I", mtime)


class Sync:
    """A sync session from the host's side."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.stream = host.open(b"sync:")
        self._data = b""

    def say(self, data: bytes) -> Sync:
        self.host.write(self.stream, data)
        return self

    def take(self, n: int) -> bytes:
        while len(self._data) < n:
            piece = self.host.read(self.stream)
            assert piece, f"the session ended after {self._data!r}"
            self._data += piece
        taken, self._data = self._data[:n], self._data[n:]
        return taken

    def header(self) -> tuple[bytes, int]:
        kind, number = struct.unpack("<4sI", self.take(8))
        return kind, number

    def failure(self) -> str:
        """The reason of the FAIL that comes, after which the session is over."""
        kind, size = self.header()
        assert kind == b"FAIL"
        reason = self.take(size).decode()
        assert self.host.read(self.stream) == b""
        return reason


@pytest.fixture
def sync(host: Host) -> Sync:
    return Sync(host)


@pytest.fixture
def tmp(adbd: Adbd) -> Path:
    return adbd.root / TMP.lstrip("/")


# -- stat ------------------------------------------------------------------------------------------------------


def test_stat_v1(sync: Sync, tmp: Path) -> None:
    """Mode, size and time of the name itself, not of what a link leads to; zeros for nothing."""
    (tmp / "f").write_bytes(b"12345")
    os.utime(tmp / "f", (1, 1_600_000_000))
    (tmp / "link").symlink_to("f")
    mode = (tmp / "f").stat().st_mode
    assert sync.say(message(b"STAT", f"{TMP}/f")).take(16) == b"STAT" + struct.pack("<3I", mode, 5, 1_600_000_000)
    assert struct.unpack("<4s3I", sync.say(message(b"STAT", f"{TMP}/link")).take(16))[1] & 0o170000 == stat.S_IFLNK
    assert sync.say(message(b"STAT", f"{TMP}/none")).take(16) == b"STAT" + bytes(12)


@pytest.mark.parametrize(("command", "kind"), [(b"STA2", stat.S_IFREG), (b"LST2", stat.S_IFLNK)])
def test_stat_v2_follows_links_and_lstat_does_not(sync: Sync, tmp: Path, command: bytes, kind: int) -> None:
    """The reply bears the command's own id."""
    (tmp / "f").write_bytes(b"x" * 7)
    (tmp / "link").symlink_to("f")
    found = (tmp / "link").stat(follow_symlinks=command == b"STA2")
    reply = struct.unpack("<4sIQQ4IQ3q", sync.say(message(command, f"{TMP}/link")).take(72))
    owner = (found.st_nlink, found.st_uid, found.st_gid)
    times = (int(found.st_mtime),) * 3
    assert reply == (command, 0, 0, found.st_ino, found.st_mode, *owner, found.st_size, *times)
    assert reply[4] & 0o170000 == kind


def test_stat_v2_tells_why_not(sync: Sync, tmp: Path) -> None:
    """errno in place of all the rest."""
    (tmp / "f").touch()
    missing = sync.say(message(b"STA2", f"{TMP}/none")).take(72)
    assert missing == b"STA2" + struct.pack("<I", errno.ENOENT) + bytes(64)
    below_file = sync.say(message(b"LST2", f"{TMP}/f/x")).take(72)
    assert below_file == b"LST2" + struct.pack("<I", errno.ENOTDIR) + bytes(64)


# -- list ------------------------------------------------------------------------------------------------------


def entries(sync: Sync, kind: bytes, head: str) -> dict[bytes, tuple[int, ...]]:
    """Name → numbers of each entry up to DONE."""
    found: dict[bytes, tuple[int, ...]] = {}
    while True:
        ident, *numbers = struct.unpack(head, sync.take(struct.calcsize(head)))
        if ident == b"DONE":
            assert not any(numbers)
            return found
        assert ident == kind
        name = sync.take(numbers.pop())
        found[name] = tuple(numbers)


def test_list_v1_and_v2(sync: Sync, tmp: Path) -> None:
    """Every name, `.` and `..` too, as readdir gives them; v2 with everything of lstat."""
    (tmp / "f").write_bytes(b"123")
    (tmp / "ünder").mkdir()
    (tmp / "link").symlink_to("nowhere")
    names = {b".", b"..", b"f", "ünder".encode(), b"link"}
    old = entries(sync.say(message(b"LIST", TMP)), b"DENT", "<4s4I")
    assert set(old) == names
    assert old[b"f"] == ((tmp / "f").stat().st_mode, 3, int((tmp / "f").stat().st_mtime))
    new = entries(sync.say(message(b"LIS2", TMP)), b"DNT2", "<4sIQQ4IQ3qI")
    assert set(new) == names
    assert stat.S_ISLNK(new[b"link"][3])
    assert new[b"f"][7] == 3


@pytest.mark.parametrize(("command", "size"), [(b"LIST", 20), (b"LIS2", 76)])
def test_a_directory_that_is_not_there_is_an_empty_list(sync: Sync, command: bytes, size: int) -> None:
    """adbd says no more than DONE, padded to the size of an entry."""
    assert sync.say(message(command, f"{TMP}/none")).take(size) == b"DONE" + bytes(size - 4)


# -- send ------------------------------------------------------------------------------------------------------


def test_send_v1_makes_the_file_and_its_directories(sync: Sync, tmp: Path) -> None:
    """Content, time, and the owner's permissions for everybody, as adbd widens them."""
    content = os.urandom(200_000)
    assert sync.say(send_v1(f"{TMP}/a/b/f", content, mode=str(0o100644))).header() == (b"OKAY", 0)
    made = tmp / "a/b/f"
    assert made.read_bytes() == content
    assert (made.stat().st_mode, made.stat().st_mtime) == (0o100666, 1_700_000_000)


@pytest.mark.parametrize(("text", "mode"), [("0755", 0o777), ("0x1ed", 0o777), ("256", 0o444), ("what", 0)])
def test_modes_are_read_as_strtoul_does(sync: Sync, tmp: Path, text: str, mode: int) -> None:
    """Decimal, octal, hexadecimal; nonsense is 0."""
    assert sync.say(send_v1(f"{TMP}/f", b"x", mode=text)).header() == (b"OKAY", 0)
    assert stat.S_IMODE((tmp / "f").stat().st_mode) == mode


def test_send_v2(sync: Sync, tmp: Path) -> None:
    """The mode comes in a message of its own."""
    setup = message(b"SND2", f"{TMP}/f") + struct.pack("<4sII", b"SND2", 0o100600, 0)
    sync.say(setup + message(b"DATA", b"abc") + message(b"DATA", b"") + b"DONE" + struct.pack("<I", 5))
    assert sync.header() == (b"OKAY", 0)
    assert (tmp / "f").read_bytes() == b"abc"
    assert ((tmp / "f").stat().st_mode, (tmp / "f").stat().st_mtime) == (0o100666, 5)


def test_a_dry_run_stores_nothing(sync: Sync, tmp: Path) -> None:
    """Flag 0x80000000: read, and thrown away."""
    setup = message(b"SND2", f"{TMP}/f") + struct.pack("<4sII", b"SND2", 0o100600, 0x80000000)
    assert sync.say(setup + message(b"DATA", b"abc") + b"DONE" + bytes(4)).header() == (b"OKAY", 0)
    assert list(tmp.iterdir()) == []


def test_a_symbolic_link_is_sent_as_one(sync: Sync, tmp: Path) -> None:
    """Its time too; and a file sent over it replaces the link, not what it leads to."""
    (tmp / "target").write_bytes(b"keep me")
    sync.say(send_v1(f"{TMP}/d/link", b"../target\0", mode=str(stat.S_IFLNK | 0o777), mtime=77))
    assert sync.header() == (b"OKAY", 0)
    assert (tmp / "d/link").readlink() == Path("../target")
    assert (tmp / "d/link").lstat().st_mtime == 77
    assert sync.say(send_v1(f"{TMP}/d/link", b"new")).header() == (b"OKAY", 0)
    assert (tmp / "d/link").read_bytes() == b"new"
    assert (tmp / "target").read_bytes() == b"keep me"


def test_several_files_in_one_session(sync: Sync, tmp: Path) -> None:
    """Requests may be sent without waiting for the answers."""
    sync.say(send_v1(f"{TMP}/a", b"A") + send_v1(f"{TMP}/b", b"B") + message(b"STAT", f"{TMP}/b"))
    assert [sync.header(), sync.header()] == [(b"OKAY", 0), (b"OKAY", 0)]
    assert sync.take(16)[:4] == b"STAT"
    assert [(tmp / name).read_bytes() for name in "ab"] == [b"A", b"B"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (message(b"SEND", f"{TMP}/f"), "missing , in ID_SEND_V1"),
        (message(b"SND2", f"{TMP}/f") + struct.pack("<4sII", b"SND2", 0o644, 8), "unknown flags: 8"),
        (
            message(b"SND2", f"{TMP}/f") + struct.pack("<4sII", b"SND2", 0o644, 3),
            "multiple compression flags received: 3",
        ),
        (message(b"RCV2", f"{TMP}/f") + struct.pack("<4sI", b"RCV2", 8), "unknown flags: 8"),
        (message(b"RECV", f"{TMP}/none"), "open failed: No such file or directory"),
        (message(b"NOPE", "x"), "unknown command 45504f4e"),
        (message(b"STAT", "x" * 1025), "path too long"),
        (message(b"SEND", f"{TMP}/l,40960") + b"DONE" + bytes(4), "invalid data message: expected ID_DATA"),
        (message(b"SEND", f"{TMP}/l,40960") + message(b"DATA", "t") * 2, "invalid data message: expected ID_DONE"),
    ],
)
def test_what_is_wrong_is_said_in_adbds_words(sync: Sync, request_: bytes, reason: str) -> None:
    """FAIL, the reason, and the end of the session."""
    assert sync.say(request_).failure() == reason


@pytest.mark.parametrize("content", [message(b"DATA", b"noise" * 20), b""])
def test_a_compressed_upload_that_is_none_is_refused(sync: Sync, tmp: Path, content: bytes) -> None:
    """Noise, and a stream that is not complete when DONE comes; nothing is left of either."""
    setup = message(b"SND2", f"{TMP}/f") + struct.pack("<4sII", b"SND2", 0o100600, 4)
    assert sync.say(setup + content + b"DONE" + bytes(4)).failure() == "decompress failed: Invalid argument"
    assert list(tmp.iterdir()) == []


def test_a_directory_cannot_be_replaced_or_read(adbd: Adbd, host: Host, tmp: Path) -> None:
    """The message arrives although the client goes on sending; the directory stays."""
    (tmp / "d").mkdir()
    assert Sync(host).say(send_v1(f"{TMP}/d", bytes(300_000))).failure() == "couldn't create file: Is a directory"
    assert Sync(host).say(message(b"RECV", f"{TMP}/d")).failure().endswith("failed: Is a directory")
    (tmp / "file").touch()
    below = Sync(host).say(send_v1(f"{TMP}/file/x", b"1"))
    assert below.failure() == "couldn't create file: Not a directory"


@pytest.mark.parametrize(
    ("rest", "reason"),
    [(message(b"OOPS", b"x"), "invalid data message"), (b"DATA" + struct.pack("<I", 65537), "oversize data message")],
)
def test_a_broken_upload_leaves_nothing_behind(sync: Sync, tmp: Path, rest: bytes, reason: str) -> None:
    """What was written until then is removed."""
    sync.say(message(b"SEND", f"{TMP}/f,33188") + message(b"DATA", b"half") + rest + b"DONE" + bytes(4))
    assert sync.failure() == reason
    assert list(tmp.iterdir()) == []


def test_a_full_disk_is_told_while_the_client_still_sends(adbd: Adbd, sync: Sync) -> None:
    """Writing fails in the middle; adbd's words, and the rest is read and dropped."""
    (adbd.root / "dev").symlink_to("/dev")
    assert sync.say(send_v1("/dev/full", bytes(900_000))).failure() == "write failed: No space left on device"


@pytest.mark.parametrize("how", ["close", "vanish"])
def test_a_client_that_goes_away_leaves_nothing_behind(adbd: Adbd, host: Host, tmp: Path, how: str) -> None:
    """Half a file is removed, whether the stream or the connection ends."""
    sync = Sync(host).say(message(b"SEND", f"{TMP}/f,33188") + message(b"DATA", b"half"))
    adbd.until((tmp / "f").exists)
    if how == "close":
        host.say(Close(sync.stream))
    else:
        host.close()
    adbd.until(lambda: not (tmp / "f").exists())


def test_quit_ends_the_session(sync: Sync) -> None:
    """Without a word."""
    assert sync.say(message(b"QUIT")).host.read_all(sync.stream) == b""


# -- receive ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("size", [0, 1, 65536, 2_500_000])
def test_receive(sync: Sync, tmp: Path, version: int, size: int) -> None:
    """DATA of at most 64 KiB each, then DONE."""
    content = os.urandom(size)
    (tmp / "f").write_bytes(content)
    setup = struct.pack("<4sI", b"RCV2", 0) if version == 2 else b""
    sync.say(message(b"RCV2" if version == 2 else b"RECV", f"{TMP}/f") + setup)
    got = b""
    while (header := sync.header())[0] == b"DATA":
        assert header[1] <= 65536
        got += sync.take(header[1])
    assert (header, got) == ((b"DONE", 0), content)


# -- noise -----------------------------------------------------------------------------------------------------

requests = st.one_of(
    st.binary(max_size=30),
    st.builds(
        message,
        st.sampled_from([b"STAT", b"STA2", b"LIST", b"LIS2", b"SEND", b"SND2", b"RECV", b"RCV2", b"DATA", b"DONE"]),
        st.one_of(st.binary(max_size=20), st.sampled_from(["/", "/data/f,33188", "/data/l,41471", "/data"])),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(requests, max_size=8).map(b"".join).filter(bool))
def test_no_noise_breaks_a_session(adbd: Adbd, host: Host, noise: bytes) -> None:
    """It answers or fails, and ends when the client closes it."""
    stream = host.open(b"sync:")
    host.say(Data(stream, noise))
    host.say(Close(stream))
    assert host.ask(b"exec:echo ok") == b"ok\n"
