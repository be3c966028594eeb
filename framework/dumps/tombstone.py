"""A tombstone, or the same text from logcat's tag DEBUG: how a process crashed in native code.

Written by AOSP's debuggerd (libdebuggerd/tombstone_proto_to_text.cpp) and, in nearly the same words, by xCrash and
others. Only the thread that crashed is read; the other threads follow below a line of dashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from framework.dumps.errors import DumpError

KIND = "tombstone"

_THREAD = re.compile(
    r"^\s*pid: (?P<pid>[0-9]{1,10}), tid: (?P<tid>[0-9]{1,10}), name: (?P<thread>.*?)\s+>>> (?P<process>.*?) <<<",
    re.MULTILINE,
)
_OTHER_THREADS = re.compile(r"^--- --- ---", re.MULTILINE)
_SIGNAL = re.compile(
    r"^\s*signal (?P<number>[0-9]{1,3}) \((?P<name>[^)\r\n]*)\)(?:, code (?P<code>-?[0-9]{1,9})"
    r"(?: \((?P<code_name>[^)\r\n]*)\))?)?(?:, fault addr (?:0x)?(?P<address>[0-9a-fA-F]{1,16}|-+))?",
    re.MULTILINE,
)
_FIELD = re.compile(
    r"^\s*(?P<key>Build fingerprint|ABI|Timestamp|Crash time|Process uptime|Cmdline|uid|Cause|Abort message): ?"
    r"(?P<value>[^\r\n]*?)\s*$",
    re.MULTILINE,
)
_TIME = re.compile(r"(?P<whole>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,9}))?(?P<zone>[+-]\d{4})", re.A)
_FRAME = re.compile(
    r"^\s*#(?P<index>[0-9]{1,4}) pc (?:0x)?(?P<pc>[0-9a-fA-F]{1,16})(?:[ \t]+(?P<module>\S+))?(?P<rest>[^\r\n]*)\r*$",
    re.MULTILINE,
)
_NOTE = re.compile(r" \((?:BuildId: [^)]*|offset 0x[0-9a-fA-F]+)\)")


@dataclass(frozen=True, slots=True)
class Frame:
    """`pc` counts from the start of the module; `function` with its offset, as printed."""

    index: int
    pc: int
    module: str | None
    function: str | None


@dataclass(frozen=True, slots=True)
class TombstoneDump:
    """`signal` is as printed and on some handsets wrong (0 beside SIGSEGV): go by `signal_name`.

    `time_ns` is the wall clock of the crash, nanoseconds since 1970; `fault_address` is None where the signal has none.
    """

    pid: int
    tid: int
    thread: str
    process: str
    signal: int | None
    signal_name: str | None
    code: int | None
    code_name: str | None
    fault_address: int | None
    cause: str | None
    abort_message: str | None
    time_ns: int | None
    process_uptime_s: int | None
    cmdline: str | None
    uid: int | None
    abi: str | None
    build_fingerprint: str | None
    backtrace: tuple[Frame, ...]


def parse(text: str) -> TombstoneDump:
    """The crashed thread; DumpError for a text without the line that names it."""
    thread = _THREAD.search(text)
    if thread is None:
        raise DumpError(KIND, 1, "a line such as `pid: 1, tid: 2, name: thread  >>> process <<<`")
    end = _OTHER_THREADS.search(text, thread.end())
    text = text[: end.start()] if end else text
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        fields.setdefault(match["key"], match["value"].strip("'"))
    signal = _SIGNAL.search(text, thread.end())
    return TombstoneDump(
        pid=int(thread["pid"]),
        tid=int(thread["tid"]),
        thread=thread["thread"],
        process=thread["process"],
        signal=int(signal["number"]) if signal else None,
        signal_name=signal["name"] if signal else None,
        code=int(signal["code"]) if signal and signal["code"] else None,
        code_name=signal["code_name"] if signal else None,
        fault_address=_hexadecimal(signal["address"]) if signal else None,
        cause=fields.get("Cause"),
        abort_message=fields.get("Abort message"),
        time_ns=_time_ns(fields.get("Timestamp") or fields.get("Crash time") or ""),
        process_uptime_s=_integer(fields.get("Process uptime", "").removesuffix("s")),
        cmdline=fields.get("Cmdline"),
        uid=_integer(fields.get("uid", "")),
        abi=fields.get("ABI"),
        build_fingerprint=fields.get("Build fingerprint"),
        backtrace=tuple(_frame(match) for match in _FRAME.finditer(text, thread.end())),
    )


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _hexadecimal(text: str | None) -> int | None:
    return int(text, 16) if text and not text.startswith("-") else None


def _frame(match: re.Match[str]) -> Frame:
    function = _NOTE.sub("", match["rest"]).strip()
    if function.startswith("(") and function.endswith(")"):
        function = function[1:-1]
    return Frame(int(match["index"]), int(match["pc"], 16), match["module"], function or None)


def _time_ns(text: str) -> int | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        when = datetime.strptime(match["whole"].replace("T", " ") + match["zone"], "%Y-%m-%d %H:%M:%S%z")
        return int(when.timestamp()) * 1_000_000_000 + int((match["fraction"] or "").ljust(9, "0"))
    except (ValueError, OverflowError):
        return None
