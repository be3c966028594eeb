"""What identifies a handset or its owner looks like: one table for the bundles of `farm doctor` and for reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a class looks like: the group `id` of the pattern, else all of it, where `accepts` it."""

    kind: str
    pattern: re.Pattern[str]
    accepts: Callable[[re.Match[str], str], bool] = lambda match, found: True
    numbers: bool = True
    """Whether it can be told in texts of nothing but times and counts."""


def is_address(match: re.Match[str], found: str, *, known: bool = False) -> bool:
    """A network's address. Versions such as 1.0.14.0 look alike: what is not of a private network must be `known` to
    stand where an address stands, or the match says so."""
    try:
        address = IPv4Address(found)
    except AddressValueError:
        return False
    if address.is_loopback or address.is_unspecified or found.startswith(("255.", "192.0.2.", "198.51.1")):
        return False
    return known or address.is_private or address in _CARRIER or bool(match["before"] or match["after"])


def is_address_v6(match: re.Match[str], found: str) -> bool:
    if "::" not in found and found.count(":") != 7:
        return False
    try:
        IPv6Address(found)
    except AddressValueError:
        return False
    groups = [group for group in found.split(":") if group]
    return len(groups) > 2 and not found.lower().startswith("2001:db8::")


def is_mac(match: re.Match[str], found: str) -> bool:
    return not found.lower().startswith("02:00:00:") and len(set(found.lower().replace(":", ""))) > 1


def is_imei(match: re.Match[str], found: str) -> bool:
    """By its check digit (Luhn)."""
    digits = [int(digit) for digit in reversed(found)]
    doubled = [digit if index % 2 == 0 else sum(divmod(2 * digit, 10)) for index, digit in enumerate(digits)]
    return not found.startswith("00") and sum(doubled) % 10 == 0


def is_name(match: re.Match[str], found: str) -> bool:
    return found.strip("<>").lower() not in (
        "",
        "null",
        "none",
        "unknown ssid",
        "unknown",
        "0x",
    ) and not found.startswith("redacted-")


_CARRIER = IPv4Network("100.64.0.0/10")
"""What mobile networks give to handsets (RFC 6598)."""

_HEX = "0-9A-Fa-f"
IDENTIFIERS: tuple[Pattern, ...] = (
    Pattern(
        "account",
        re.compile(
            r"(?<![\w.+@-])[\w.+-]{1,64}@(?!example\.invalid)(?![0-9])(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w@:-])"
        ),
    ),
    Pattern(
        "uuid", re.compile(rf"(?<![\w-])(?!00000000-)[{_HEX}]{{8}}(?:-[{_HEX}]{{4}}){{3}}-[{_HEX}]{{12}}(?![\w-])")
    ),
    Pattern("mac", re.compile(rf"(?<![{_HEX}:])[{_HEX}]{{2}}(?::[{_HEX}]{{2}}){{5}}(?![{_HEX}:])"), is_mac),
    Pattern("ipv6", re.compile(rf"(?<![\w:.])[{_HEX}:]{{6,39}}(?![\w:])"), is_address_v6),
    Pattern(
        "ipv4",
        re.compile(
            r"(?P<before>\b(?:inet|addr|address|ip|dns|gateway|server|src|dst|host|via)\W{1,3})?"
            r"(?<![\w.])(?P<id>(?:\d{1,3}\.){3}\d{1,3})(?![\w.])(?P<after>:\d{2,5}\b)?",
            re.IGNORECASE,
        ),
        is_address,
    ),
    Pattern(
        "ssid", re.compile(r"\bSSID[=:]\s*(?P<quote>\"?)(?P<id>[^\",\r\n]{1,64})(?P=quote)", re.IGNORECASE), is_name
    ),
    Pattern(
        "number",
        re.compile(
            r"\b(?:imei|meid|imsi|iccid|esn|subscriber_?id|device_?id|line1)\w{0,8}\W{1,6}(?P<id>(?!00)[0-9]{8,20})(?![0-9])",
            re.IGNORECASE,
        ),
    ),
    Pattern("number", re.compile(r"(?<![\w.])(?:35|86|01|99|45)[0-9]{13}(?![\w.])"), is_imei, numbers=False),
    Pattern(
        "phone", re.compile(r"(?<![\w+.])\+(?!999000)[1-9][0-9]{0,3}(?:[ -]?[0-9]{2,4}){2,5}(?![\w.])"), numbers=False
    ),
)
"""In this order: what one has replaced, the next does not see."""
