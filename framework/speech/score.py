"""How well a spoken question was understood: word error rate for English, character error rate for Chinese."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Unit = Literal["wer", "cer"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`asked` was heard as `heard`; empty where something was added, or left out."""

    asked: str
    heard: str

    def __str__(self) -> str:
        return f"{self.asked or '∅'} → {self.heard or '∅'}"


@dataclass(frozen=True, slots=True)
class Score:
    """`rate` is edits over the length of the question: 0 for a perfect transcript, and it may exceed 1."""

    rate: float
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        return f"{self.rate:.3f}" + (f" ({', '.join(map(str, self.differences))})" if self.differences else "")


def score(asked: str, heard: str, unit: Unit) -> Score:
    """Compare a transcript with the question, by words (`wer`) or by characters (`cer`).

    Case, punctuation and the width of letters do not count, nor whether a number is in digits or in words.
    ValueError for a question without any word.
    """
    reference, transcript = _units(asked, unit), _units(heard, unit)
    if not reference:
        raise ValueError(f"no words in {asked!r}")
    import jiwer

    output = jiwer.process_words(" ".join(reference), " ".join(transcript))
    between = "" if unit == "cer" else " "
    differences = tuple(
        Difference(
            between.join(reference[chunk.ref_start_idx : chunk.ref_end_idx]),
            between.join(transcript[chunk.hyp_start_idx : chunk.hyp_end_idx]),
        )
        for chunk in output.alignments[0]
        if chunk.type != "equal"
    )
    return Score(float(output.wer), differences)


def plain(text: str) -> str:
    """Words in half-width lower case, one space between them, without punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s']|_", " ", folded).split())


def _units(text: str, unit: Unit) -> list[str]:
    """What is counted: words, or characters without the spaces between them, each as one word for jiwer."""
    from framework.media.spoken import spoken

    if unit == "wer":
        return plain(spoken(text, "en")).split()
    return list(plain(spoken(text, "zh")).replace(" ", ""))
