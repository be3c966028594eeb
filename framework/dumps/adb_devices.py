"""`adb devices [-l]`: the rows of an adb server (adb's transport.cpp, append_transport).

Without `-l` a tab follows the serial, with it spaces; some versions leave out the `usb:` before the USB path. Messages
of the adb client (`* daemon started …`, `adb server version …`) may stand among the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import numbered

KIND = "adb_devices"

_HEADER = "List of devices attached"
STATES: tuple[str, ...] = (
    "no permissions",
    "unauthorized",
    "authorizing",
    "connecting",
    "offline",
    "device",
    "bootloader",
    "recovery",
    "sideload",
    "rescue",
    "host",
    "detached",
    "unknown",
)
"""adb's transport.cpp, connection_state_name."""
_ROW = re.compile(rf"(?P<serial>\S.*?)\s+(?P<state>{'|'.join(STATES)})(?=\s|$)\s*(?P<rest>.*)")
_TABBED = re.compile(r"(?P<serial>\S[^\t]*)\t\s*(?P<state>\S+)\s*(?P<rest>.*)")
_MESSAGE = re.compile(r"(\*|adb server |adb:|error:|daemon )", re.IGNORECASE)
_DETAIL = re.compile(r"(?<!\S)(?P<key>usb|product|model|device|transport_id):(?P<value>\S+)")
_BARE_USB = re.compile(r"(?<!\S)[0-9]+-[0-9]+(?:\.[0-9]+)*(?!\S)")


@dataclass(frozen=True, slots=True)
class AdbDevice:
    """One row. `reason` is what adb adds to `no permissions`; the fields after it are those of `-l`."""

    serial: str
    state: str
    reason: str | None
    usb: str | None
    product: str | None
    model: str | None
    device: str | None
    transport_id: int | None


@dataclass(frozen=True, slots=True)
class AdbDevicesDump:
    devices: tuple[AdbDevice, ...]


def parse(text: str) -> AdbDevicesDump:
    """DumpError for a text without the heading, or with a line under it that is neither row nor message."""
    lines = [(number, line.strip()) for number, line in numbered(text)]
    heading = next((index for index, (_, line) in enumerate(lines) if line == _HEADER), None)
    if heading is None:
        raise DumpError(KIND, 1, f"`{_HEADER}`")
    rows = lines[heading + 1 :]
    return AdbDevicesDump(tuple(_device(number, line) for number, line in rows if not _MESSAGE.match(line)))


def _device(number: int, line: str) -> AdbDevice:
    row = _ROW.fullmatch(line) or _TABBED.fullmatch(line)
    if row is None:
        raise DumpError(KIND, number, "a serial and a state such as `device` or `unauthorized`")
    details: dict[str, str] = {}
    for match in _DETAIL.finditer(row["rest"]):
        details.setdefault(match["key"], match["value"])
    bare = _BARE_USB.search(row["rest"])
    transport = details.get("transport_id", "")
    return AdbDevice(
        serial=row["serial"],
        state=row["state"],
        reason=_reason(row["rest"]) if row["state"] == "no permissions" else None,
        usb=details.get("usb", bare[0] if bare else None),
        product=details.get("product"),
        model=details.get("model"),
        device=details.get("device"),
        transport_id=int(transport) if re.fullmatch(r"[0-9]{1,18}", transport) else None,
    )


def _reason(rest: str) -> str | None:
    return _BARE_USB.sub("", _DETAIL.sub("", rest)).strip() or None
