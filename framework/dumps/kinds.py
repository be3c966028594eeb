"""The kinds of output that can be parsed: the table behind `farm parse`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "getprop": "framework.dumps.getprop",
        "proc_io": "framework.dumps.proc_io",
        "proc_meminfo": "framework.dumps.proc_meminfo",
        "proc_status": "framework.dumps.proc_status",
        "psi": "framework.dumps.psi",
        "thermalservice": "framework.dumps.thermalservice",
        "uptime": "framework.dumps.uptime",
    }
)
"""Kind → the module whose `parse(text)` gives its record (a frozen dataclass) or raises DumpError."""


def parser(kind: str) -> Callable[[str], object]:
    """The `parse` of a kind, imported only now; KeyError for a kind that the table does not have."""
    return cast(Callable[[str], object], import_module(KINDS[kind]).parse)
