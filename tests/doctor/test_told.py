"""Findings for people."""

from __future__ import annotations

from framework.doctor.finding import Finding
from framework.doctor.section import Section
from framework.doctor.told import as_text

MACHINE = (Finding("python", "ok", "Python 3.12"), Finding("disk", "warning", "3 GB", "make room"))
RACK = Section("rack", "usb", "Xiaomi 13", "14", True, (Finding("battery", "fault", "9 %\x1b[2J", "charge it"),))
GONE = Section("gone", "tcp", "", "", False, (Finding("connection", "fault", "refused"),))

TEXT = """this machine
  ok       Python 3.12
  warning  3 GB
             make room

rack (usb, Xiaomi 13, Android 14)
  fault    9 %\ufffd[2J
             charge it

gone (tcp)
  fault    refused

2 faults, 1 warning"""


def test_grouped_by_handset() -> None:
    """The mend under its finding; a handset's words steer no terminal."""
    assert as_text(MACHINE, (RACK, GONE), colour=False) == TEXT


def test_colours() -> None:
    """One a level, only where asked for."""
    told = as_text(MACHINE, (RACK,), colour=True)
    assert [word for word in ("\x1b[32mok", "\x1b[33mwarning", "\x1b[31mfault") if word not in told] == []


def test_nothing_to_mend() -> None:
    """Said in as many words."""
    assert as_text(MACHINE[:1], (), colour=False) == "this machine\n  ok       Python 3.12\n\nnothing to mend"
