"""Everything that one call of `adb install`, or a tool around it, printed: the installation and what came after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps import install_output
from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last

KIND = "install"

_OUTCOME = re.compile(
    r"^\s*(?:Success\b|Error|Exception|java\.)|\bFailure \[|\b(?:INSTALL|DELETE)_[A-Z0-9_]+", re.MULTILINE
)
_DELETE = re.compile(r"\bDELETE_[A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class InstallDump:
    """`code` and `message` are Android's words for the refusal that came first, None on success.

    `uninstall_code` is the refusal of an uninstallation that a tool tried as well (DELETE_FAILED_…).
    """

    succeeded: bool
    code: str | None
    message: str | None
    uninstall_code: str | None


def parse(text: str) -> InstallDump:
    """DumpError for a text that tells no outcome."""
    if not _OUTCOME.search(text):
        raise DumpError(KIND, after_last(text), "`Success`, or `Failure [INSTALL_FAILED_…]`")
    outcome = install_output.parse(text)
    delete = _DELETE.search(text)
    return InstallDump(outcome.succeeded, outcome.code or None, outcome.message or None, delete[0] if delete else None)
