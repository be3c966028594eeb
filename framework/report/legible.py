"""Text as people can read it, whoever wrote it: without what reorders, hides or controls the text around it."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters but tab and line end, other line ends, bidirectional overrides and isolates, halves of pairs."""


def legible(text: str) -> str:
    """Each such character becomes U+FFFD: there was something, and it does nothing."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(REPLACEMENT, text)


def shortened(text: str, most: int) -> str:
    """At most so many characters, with an ellipsis where some are left out."""
    return text if len(text) <= most else text[: most - 1] + "…"
