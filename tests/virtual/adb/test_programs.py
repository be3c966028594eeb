"""Programs on a stream: raw and framed, their input, their status."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from framework.virtual.adb.events import Close, Data
from framework.virtual.adb.shell_protocol import FrameDecoder, FrameId, encode_frame

if TYPE_CHECKING:
    from conftest import Adbd, Host


def framed(data: bytes) -> dict[int, bytes]:
    """What came on each id."""
    found: dict[int, bytes] = {}
    for kind, part in FrameDecoder().feed(data):
        found[kind] = found.get(kind, b"") + part
    return found


def test_v1_is_raw_and_merged(host: Host) -> None:
    """stdout and stderr in one stream, no byte changed: no CRLF, as screencap needs."""
    assert host.ask(b"shell:printf 'a\\nb\\r\\n\\0\\377'; echo err >&2") == b"a\nb\r\n\0\xffe" + b"rr\n"


@pytest.mark.parametrize("service", [b"shell,v2,TERM=xterm,raw:", b"shell,v2,raw:", b"shell,v2:"])
def test_v2_keeps_stderr_apart_and_tells_the_status(host: Host, service: bytes) -> None:
    """Frames 1, 2 and, last, 3."""
    assert framed(host.ask(service + b"echo out; echo err >&2; exit 7")) == {
        FrameId.STDOUT: b"out\n",
        FrameId.STDERR: b"err\n",
        FrameId.EXIT: b"\x07",
    }


def test_v2_input_ends_with_close_stdin(host: Host) -> None:
    """Frame 0 is stdin, frame 4 its end; a window size (5) and an unknown frame (9) do no harm."""
    stream = host.open(b"shell,v2,raw:wc -c")
    size = encode_frame(FrameId.WINDOW_SIZE, b"24x80,0x0")
    host.write(stream, encode_frame(FrameId.STDIN, b"12345") + size + b"\x09\x02\0\0\0??")
    host.write(stream, encode_frame(FrameId.STDIN, b"678") + encode_frame(FrameId.CLOSE_STDIN, b""))
    assert framed(host.read_all(stream)) == {FrameId.STDOUT: b"8\n", FrameId.EXIT: b"\0"}


def test_stdin_after_its_end_is_dropped(host: Host) -> None:
    """A client that goes on after frame 4 disturbs nothing."""
    stream = host.open(b"shell,v2,raw:cat; sleep 0.05")
    late = encode_frame(FrameId.CLOSE_STDIN, b"") + encode_frame(FrameId.STDIN, b"late")
    host.write(stream, encode_frame(FrameId.STDIN, b"in time") + late)
    assert framed(host.read_all(stream)) == {FrameId.STDOUT: b"in time", FrameId.EXIT: b"\0"}


def test_a_frame_cut_across_packets_is_one_frame(host: Host) -> None:
    """The header itself may come in two packets."""
    stream = host.open(b'shell,v2,raw:all=$(cat); printf %s "$all"')
    frame = encode_frame(FrameId.STDIN, b"0123456789")
    for part in (frame[:3], frame[3:8], frame[8:], encode_frame(FrameId.CLOSE_STDIN, b"")):
        host.write(stream, part)
    assert framed(host.read_all(stream)) == {FrameId.STDOUT: b"0123456789", FrameId.EXIT: b"\0"}


def test_input_that_nobody_reads_loses_no_output(adbd: Adbd, host: Host) -> None:
    """A program that ends with its input unread is still heard to the end."""
    stream = host.open(b"shell,v2,raw:while [ ! -e go ]; do sleep 0.01; done; echo out; exit 3")
    host.write(stream, encode_frame(FrameId.STDIN, bytes(1_000_000)))
    (adbd.root / "go").touch()
    assert framed(host.read_all(stream)) == {FrameId.STDOUT: b"out\n", FrameId.EXIT: b"\x03"}


def test_output_larger_than_a_packet_comes_whole(host: Host) -> None:
    """Three megabytes in as many packets as it takes."""
    assert len(host.ask(b"exec:head -c 3000001 /dev/zero")) == 3_000_001


def test_exec_input_and_output_are_raw(host: Host) -> None:
    """`exec:` passes every byte, both ways, while the program runs."""
    stream = host.open(b"exec:head -c 5")
    host.write(stream, b"he\0lo and more")
    assert host.read_all(stream) == b"he\0lo"


def test_a_raw_program_gets_all_of_its_input_although_the_client_is_gone(adbd: Adbd, host: Host) -> None:
    """As `adb exec-in` does it: data, and CLSE right behind them."""
    data = random.Random(2).randbytes(1 << 20)
    stream = host.open(b"exec:cat > received; touch complete")
    host.write(stream, data)
    host.link.send(Data(stream, data))
    host.say(Close(stream))
    adbd.until((adbd.root / "complete").exists)
    assert (adbd.root / "received").read_bytes() == 2 * data


def test_a_shell_without_a_command_reads_its_script_from_stdin(host: Host) -> None:
    """Raw: no prompt, and variables live from line to line, as in any shell."""
    stream = host.open(b"shell,v2,raw:")
    script = encode_frame(FrameId.STDIN, b"x=4\necho $((x + 1))\nexit 9\n")
    host.write(stream, script)
    assert framed(host.read_all(stream)) == {FrameId.STDOUT: b"5\n", FrameId.EXIT: b"\x09"}


def test_abb_is_framed(adbd: Adbd, host: Host) -> None:
    """`abb:` carries frames, `abb_exec:` raw bytes."""
    assert framed(host.ask(b"abb:sh\0-c\0echo out; exit 5")) == {FrameId.STDOUT: b"out\n", FrameId.EXIT: b"\x05"}
    assert host.ask(b"abb_exec:sh\0-c\0echo out; exit 5") == b"out\n"
