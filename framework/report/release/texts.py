"""Text that others wrote, as the page shows it, and where a test stands in the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import combining

from framework.contract.account import RunAccount, TestAccount
from framework.report.figures import number

JOINERS = "\u200c\u200d"
"""Invisible, and part of proper Persian, Hindi and emoji."""

PILE = 4

LONGEST_TITLE, LONGEST_REASON = 160, 400


def shown(text: str, most: int = LONGEST_TITLE) -> str:
    """One line of at most `most` letters, without what hides, overlays or turns other text around."""
    line = " ".join(text[: 4 * most].split())
    clean = "".join(letter if letter.isprintable() or letter in JOINERS else "\ufffd" for letter in line)
    clean = clean if clean.isascii() else "".join(_unpiled(clean))
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def _unpiled(text: str) -> Iterator[str]:
    """Without marks that are piled up over other lines: proper writing has no more than PILE on a letter."""
    pile = 0
    for letter in text:
        pile = pile + 1 if combining(letter) else 0
        if pile <= PILE:
            yield letter


def percent(share: float) -> str:
    """`+52 %`, `−3 %`: whole numbers, as no more is known."""
    whole = round(share * 100)
    if whole == 0 and share:
        return "< 1 %"
    return f"{'+' if whole > 0 else '−' if whole < 0 else '±'}{grouped(abs(whole))} %"


def signed(value: float) -> str:
    """`+1.2`, `−0.3`."""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{number(float(f'{abs(value):.2g}'))}"


def grouped(count: int) -> str:
    """`10 000`, with narrow spaces that no line breaks at."""
    return f"{count:,}".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class Spot:
    """A test's row and column."""

    file: str
    title: str
    column: str
    """Model, with `--each handset` model and handset; empty where it is not known."""


class Spots:
    """Where the tests of a run stand: ids carry between brackets what they were run once for each of."""

    def __init__(self, run: RunAccount) -> None:
        self._labels: dict[str, str] = {}
        """What may stand between the brackets → the column."""
        for handset in run.handsets.values():
            for label in (handset.model, f"{handset.model}, {handset.name}"):
                self._labels[_bracketed(label)] = label
        self._each = any(argument.startswith("--each") for argument in run.head.arguments)

    def of(self, test: TestAccount) -> Spot:
        title, bracket = test.title, _bracket(test.id)
        if not bracket:
            return Spot(test.file, title, test.model)
        for label in sorted(self._labels, key=len, reverse=True):
            if bracket == label:
                return Spot(test.file, title, self._labels[label])
            if bracket.startswith(f"{label}-") or bracket.endswith(f"-{label}"):
                rest = bracket.removeprefix(f"{label}-").removesuffix(f"-{label}")
                return Spot(test.file, f"{title}[{rest}]", self._labels[label])
        if self._each and not test.model and not test.file.endswith(".py"):
            return Spot(test.file, title, bracket)
        whole = title if title.endswith(f"[{bracket}]") else f"{title}[{bracket}]"
        return Spot(test.file, whole, test.model)


def in_order(columns: Iterable[str]) -> tuple[str, ...]:
    """As they come, the unknown one last."""
    found = dict.fromkeys(columns)
    return (*(column for column in found if column), *([""] if "" in found else []))


def _bracket(test: str) -> str:
    return test[test.rindex("[") + 1 : -1] if test.endswith("]") and "[" in test else ""


def _bracketed(label: str) -> str:
    """As the plugin writes it into an id."""
    text = label.replace("::", ":").replace("[", "(").replace("]", ")").replace("/", "-")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
