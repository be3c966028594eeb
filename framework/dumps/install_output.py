"""What `pm install`, `cmd package install` and their uninstall twins print at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN = "UNKNOWN"
"""The code of a refusal for which Android printed no word of its own."""

_CODE = re.compile(
    r"\b(?P<code>(?:INSTALL|DELETE)_[A-Z0-9_]+)(?:: *(?P<message>[^\]\r\n]*?)(?= Intent \{|[\]\r\n]|$))?"
)
# An app that logs the refusal may print the intent that brought it behind it.
_CODE = re.compile(
    r"\b(?P<code>(?:INSTALL|DELETE)_[A-Z0-9_]+)(?:: *(?P<message>[^\]\r\n]*?)(?= Intent \{|[\]\r\n]|$))?"
)
_BRACKET = re.compile(r"Failure \[(?P<message>[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class InstallOutcome:
    """`code` and `message` are Android's words (INSTALL_FAILED_…, DELETE_FAILED_…); both empty on success."""

    succeeded: bool
    code: str = ""
    message: str = ""


def parse(text: str) -> InstallOutcome:
    """The outcome: the first refusal that is named, else success if a line says so, else a refusal without a name."""
    if named := _CODE.search(text):
        return InstallOutcome(False, named["code"], (named["message"] or "").strip())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(line.startswith("Success") for line in lines):
        return InstallOutcome(True)
    if bracket := _BRACKET.search(text):
        return InstallOutcome(False, UNKNOWN, bracket["message"])
    errors = [line for line in lines if line.startswith(("Error", "Exception", "java."))]
    return InstallOutcome(False, UNKNOWN, (errors or lines or ["no output"])[0])
