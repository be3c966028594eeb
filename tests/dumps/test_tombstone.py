"""Tombstones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.tombstone import Frame, parse

DUMP = """*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***\r
Build fingerprint: 'maker/name/device:14/AB1/2:user/release-keys'\r
ABI: 'arm64'\r
Timestamp: 1970-01-01 01:00:02.000000005+0100\r
Process uptime: 7s\r
Cmdline: com.example.assistant --fast\r
pid: 100, tid: 101, name: decode worker  >>> com.example.assistant <<<\r
uid: 10200\r
signal 6 (SIGABRT), code -1 (SI_QUEUE), fault addr --------\r
Abort message: 'no more memory: 3 GB'\r
    x0  0000000000000000  x1  0000000000000001\r
\r
backtrace:\r
      #00 pc 00000000000a1b2c  /system/lib64/libc.so (abort+164) (BuildId: 01ab)\r
      #01 pc 0000000000000010  <unknown>\r
--- --- --- --- --- --- --- --- --- --- --- --- --- --- --- ---\r
pid: 100, tid: 999, name: other  >>> com.example.assistant <<<\r
      #00 pc 0000000000000001  /system/lib64/libc.so (wait+1)\r
"""


def test_the_crashed_thread_is_read() -> None:
    """Who crashed, of what and when, with line ends of CRLF."""
    crash = parse(DUMP)
    assert (crash.pid, crash.tid, crash.thread, crash.process) == (100, 101, "decode worker", "com.example.assistant")
    assert (crash.signal, crash.signal_name, crash.code, crash.code_name) == (6, "SIGABRT", -1, "SI_QUEUE")
    assert (crash.abort_message, crash.cause, crash.fault_address) == ("no more memory: 3 GB", None, None)
    assert (crash.time_ns, crash.process_uptime_s, crash.uid) == (2_000_000_005, 7, 10200)
    assert (crash.cmdline, crash.abi) == ("com.example.assistant --fast", "arm64")
    assert crash.build_fingerprint == "maker/name/device:14/AB1/2:user/release-keys"


def test_other_threads_are_not_in_the_backtrace() -> None:
    """What stands below the line of dashes belongs to other threads."""
    assert parse(DUMP).backtrace == (
        Frame(0, 0xA1B2C, "/system/lib64/libc.so", "abort+164"),
        Frame(1, 0x10, "<unknown>", None),
    )


def test_what_is_not_printed_is_none() -> None:
    """A text cut after the thread's line tells no more than that."""
    crash = parse("pid: 1, tid: 2, name: a  >>> b <<<\n")
    assert {crash.signal, crash.fault_address, crash.time_ns, crash.process_uptime_s, crash.uid, crash.abi} == {None}


@pytest.mark.parametrize("text", ["", "backtrace:\n  #00 pc 0001  /a.so\n"])
def test_other_text_is_refused(text: str) -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected a line such as `pid: 1, tid: 2"):
        parse(text)


@given(st.text(max_size=100), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise, f"Timestamp: {noise}\n{DUMP}"):
        assert read_or_refused("tombstone", text)


MEDIA = "android.hardware.media.c2@1.2-mediatek"


@pytest.mark.parametrize(
    ("name", "ids", "process", "signal", "fault", "time_ns", "frames"),
    [
        (
            "bort__test_tombstone_1",
            (1300, 2055, None),
            "com.memfault.bort_e2e_helper",
            (11, "SIGSEGV", "SEGV_MAPERR"),
            0xFFFFFFFFFFFFFFF0,
            1604660034_000000000,
            42,
        ),
        (
            "mvt__tombstone_process",
            (25541, 21307, 1046),
            f"/vendor/bin/hw/{MEDIA}",
            (0, "SIGSEGV", "SEGV_MAPERR"),
            None,
            1681295560_518290770,
            12,
        ),
        (
            "xcrash__pixel_native",
            (20501, 20501, None),
            "xcrash.sample",
            (11, "SIGSEGV", "SEGV_MAPERR"),
            0,
            1570821501_127000000,
            75,
        ),
        (
            "mnn3550__mi10tpro_mnnllm",
            (24217, 25268, 10245),
            "com.alibaba.mnnllm.android",
            (11, "SIGSEGV", "SEGV_MAPERR"),
            0x59D9000000002101,
            1747812071_769218806,
            1,
        ),
    ],
)
def test_real_tombstones(
    capture: Callable[[str], str],
    name: str,
    ids: tuple[int, int, int | None],
    process: str,
    signal: tuple[int, str, str],
    fault: int | None,
    time_ns: int,
    frames: int,
) -> None:
    """Who crashed, of what and when, on four real handsets."""
    crash = parse(capture(f"tombstone/{name}.txt"))
    assert (crash.pid, crash.tid, crash.uid) == ids
    assert crash.process == process
    assert (crash.signal, crash.signal_name, crash.code_name) == signal
    assert (crash.fault_address, crash.time_ns, len(crash.backtrace)) == (fault, time_ns, frames)


def test_details_of_real_tombstones(capture: Callable[[str], str]) -> None:
    """Cause, uptime and thread as printed."""
    crash = parse(capture("tombstone/mvt__tombstone_process.txt"))
    assert (crash.cause, crash.thread, crash.process_uptime_s) == ("null pointer dereference", "mtk.ape.decoder", 0)
    assert (crash.build_fingerprint or "").startswith("Redmi/rosemary_global/rosemary:12/")
    assert "V13.0.13.0" in (crash.build_fingerprint or "")
    assert parse(capture("tombstone/mnn3550__mi10tpro_mnnllm.txt")).process_uptime_s == 247
