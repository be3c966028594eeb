"""How well a spoken question was understood: word error rate for English, character error rate for Chinese."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Unit = Literal["wer", "cer"]


def error_rate(asked: str, heard: str, unit: Unit) -> float:
    """Edits over the length of the question, 0 for a perfect transcript; may exceed 1.

    Case, punctuation and the width of letters do not count. ValueError for a question without any word.
    """
    reference, transcript = plain(asked), plain(heard)
    if not reference:
        raise ValueError(f"no words in {asked!r}")
    if not transcript:
        return 1.0
    import jiwer

    if unit == "wer":
        return float(jiwer.wer(reference, transcript))
    return float(jiwer.cer(reference.replace(" ", ""), transcript.replace(" ", "")))


def plain(text: str) -> str:
    """Words in half-width lower case, one space between them, without punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s']|_", " ", folded).split())
