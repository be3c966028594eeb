"""How this process writes what people read of a run: without what is to stay in the lab, in sizes that can be read."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from framework.redaction.redactor import Redactor
    from framework.report.attachments import Limits

ATTACHMENT_MB, ATTACHMENTS_MB = 8.0, 1000.0
URLS: tuple[tuple[str, str], ...] = (("issue", "pocketfarm_issue_url"), ("requirement", "pocketfarm_requirement_url"))
"""Kind of a link → the ini option that makes an address of its key."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """Of one process."""

    redactor: Redactor
    urls: Mapping[str, str]
    """Kind of a link → its address, with `{}` where its key belongs."""
    attachment_mb: float
    attachments_mb: float
    """Of the whole run."""

    @property
    def limits(self) -> Limits:
        """Each process of a run has its share."""
        from framework.report.attachments import MB, Limits

        processes = max(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT") or 1), 1)
        return Limits(round(self.attachment_mb * MB), round(self.attachments_mb * MB / processes))


_REPORTING: pytest.StashKey[Reporting] = pytest.StashKey()


def add_report_options(group: Any, parser: pytest.Parser) -> None:
    group.addoption(
        "--no-redact",
        action="store_true",
        help="leave serial numbers, e-mail addresses, phone numbers and secrets in what a run writes (default: taken "
        "out of reports, logs and the journal; ini option pocketfarm_redact)",
    )
    parser.addini("pocketfarm_redact", "no: as --no-redact", type="bool", default=True)
    for kind, name in URLS:
        parser.addini(name, f"address of {kind}s that scenarios link to, with {{}} for the key: https://…/{{}}")
    parser.addini("pocketfarm_attachment_mb", "largest attachment of a report, in MB", default=f"{ATTACHMENT_MB:g}")
    parser.addini("pocketfarm_attachments_mb", "all attachments of a report, in MB", default=f"{ATTACHMENTS_MB:g}")


def reporting(config: pytest.Config) -> Reporting:
    """Read once; pytest.UsageError for what cannot be."""
    from framework.redaction.redactor import Redactor

    found = config.stash.get(_REPORTING, None)
    if found is None:
        redacts = bool(config.getini("pocketfarm_redact")) and not config.getoption("no_redact")
        found = config.stash[_REPORTING] = Reporting(
            Redactor(active=redacts),
            {kind: url for kind, name in URLS if (url := _url(config, name))},
            _megabytes(config, "pocketfarm_attachment_mb"),
            _megabytes(config, "pocketfarm_attachments_mb"),
        )
    return found


def redacted_words(counts: Mapping[str, int], *, active: bool) -> str:
    """What a report says of it: `3 phone numbers, 1 secret`."""
    if not active:
        return "no (--no-redact): serial numbers, accounts, phone numbers and secrets are as they were"
    found = [f"{count} {_plural(word) if count != 1 else word}" for word, count in sorted(counts.items()) if count]
    return ", ".join(found) or "nothing had to be"


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith("s") else f"{word}s"


def _url(config: pytest.Config, name: str) -> str:
    from framework.contract.about import is_web_address

    url = str(config.getini(name) or "")
    if url and (url.count("{}") != 1 or not is_web_address(url.replace("{}", "1"))):
        raise pytest.UsageError(
            f"ini option {name}: expected an address with {{}} for the key, such as https://tracker.example.com/{{}}, "
            f"not {url!r}"
        )
    return url


def _megabytes(config: pytest.Config, name: str) -> float:
    word = str(config.getini(name))
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not (math.isfinite(value) and value > 0):
        raise pytest.UsageError(f"ini option {name}: expected a number of MB above 0, not {word!r}")
    return value
