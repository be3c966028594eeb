"""The run for people at a terminal: each turn with what was asked and answered, how fast, how big, how hot."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from framework.contract.metrics import metric
from framework.contract.run import RepetitionFinished, RunEvent, TurnFinished, UnitFinished, UnitStarted, Waiting
from framework.contract.verdict import Verdict
from framework.verdict.limits import amount

FIGURES: tuple[tuple[str, str], ...] = (
    ("ttft_ms", "ttft_ms"),
    ("decode_tps", "decode_tps"),
    ("rss_mb", "memory"),
    ("skin_c", "skin"),
)
"""Metric or gauge → its word; all four stand at the end of every turn, a dash where there is no value."""

INDENT, VALUE_WIDTH = 12, 10
"""Columns before the text of a turn: room for its number and channel, such as `12 intent`."""

DIM, RESET = "\x1b[2m", "\x1b[0m"
COLOURS: tuple[tuple[Verdict, str], ...] = (
    (Verdict.PASS, "\x1b[32m"),
    (Verdict.FAIL, "\x1b[31m"),
    (Verdict.UNMEASURED, "\x1b[31m"),
    (Verdict.INVALID, "\x1b[33m"),
    (Verdict.LAB, "\x1b[33m"),
    (Verdict.NOT_RUN, "\x1b[2m"),
)


def clean(text: str) -> str:
    """One line without anything that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))


def width(text: str) -> int:
    """Columns that `text` takes: two for a Chinese letter, none for a combining mark."""
    return sum(_columns(letter) for letter in text)


def fitted(text: str, columns: int) -> str:
    """`text`, cut with an ellipsis so that it takes at most `columns`."""
    if width(text) <= columns:
        return text
    taken, used = [], 1
    for letter in text:
        used += _columns(letter)
        if used > columns:
            break
        taken.append(letter)
    return "".join(taken) + "…"


def wrapped(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns`, broken between words where there are some."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= columns:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if width(lines[-1] + letter) > columns:
                lines.append("")
            lines[-1] += letter
    return lines


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@dataclass(frozen=True, slots=True)
class Terminal:
    """Observer that writes line by line; `colours` is for the caller to decide, who knows where the lines end up."""

    write: Callable[[str], None]
    columns: int = 110
    colours: bool = False

    def notify(self, event: RunEvent) -> None:
        match event:
            case UnitStarted(unit, notes=notes):
                label = " (emulated)" if unit.handset.emulated else ""
                self.write(self._line("", f"{unit.scenario} · {unit.handset.name}{label} · {unit.build.label}"))
                for note in notes:
                    self.write(self._line("note", note))
            case Waiting():
                self.write(self._line("waiting", f"{event.what}: now {event.value:.4g}, {_ready(event.ready_in_s)}"))
            case TurnFinished():
                self._turn(event)
            case RepetitionFinished(_, repetition):
                for line in repetition.mended:
                    self.write(self._line("mended", line))
                for line in repetition.missing:
                    self.write(self._line("note", line))
                if repetition.verdict in (Verdict.INVALID, Verdict.LAB):
                    again = f"repetition {repetition.number}, attempt {repetition.attempt}"
                    self._verdict(repetition.verdict, (again, *repetition.reasons))
            case UnitFinished(result):
                self._verdict(result.verdict, result.reasons or (f"{result.seconds:.1f} s",))

    def _turn(self, event: TurnFinished) -> None:
        turn = event.turn
        if turn.number == 1 and event.repetition > 1:
            self.write(f"  {self._dim(f'repetition {event.repetition}')}")
        self.write(self._line(f"{turn.number} {turn.via}", turn.asked))
        if turn.heard is not None and turn.heard != turn.asked:
            self.write(self._line("heard", turn.heard))
        self.write(self._line("→", turn.reply or "(no answer)"))
        values = {**event.gauges, **turn.metrics}
        self._figures([(word, _shown(values.get(name), name)) for name, word in FIGURES])

    def _figures(self, figures: list[tuple[str, str]]) -> None:
        """In one line, or in two where the terminal is narrow."""
        needed = INDENT + sum(len(word) + 1 + VALUE_WIDTH for word, _ in figures)
        size = len(figures) if needed <= self.columns else (len(figures) + 1) // 2
        for begin in range(0, len(figures), size):
            shown = (f"{self._dim(word)} {value.ljust(VALUE_WIDTH)}" for word, value in figures[begin : begin + size])
            self.write(" " * INDENT + "".join(shown).rstrip())

    def _line(self, word: str, text: str) -> str:
        """A word in its column and the text, cut to the width of the terminal."""
        if not word:
            return fitted(clean(text), self.columns)
        return f"  {self._dim(word.ljust(INDENT - 2))}{fitted(clean(text), self.columns - INDENT)}"

    def _verdict(self, verdict: Verdict, reasons: tuple[str, ...]) -> None:
        colour = dict(COLOURS)[verdict] if self.colours else ""
        head = f"  {colour}{verdict.value}{RESET if colour else ''}  "
        room = self.columns - len(verdict.value) - 4
        lines = [line for reason in reasons for line in wrapped(clean(reason), room)]
        for number, line in enumerate(lines):
            self.write((head if number == 0 else " " * (len(verdict.value) + 4)) + line)

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{RESET}" if self.colours and text.strip() else text


def _ready(seconds: float | None) -> str:
    """When a condition is expected to hold, in device time."""
    if seconds is None:
        return "cannot tell when"
    return f"ready in about {seconds:.0f} s" if seconds < 120 else f"ready in about {seconds / 60:.0f} min"


def _shown(value: float | None, name: str) -> str:
    """A value with its unit where its word does not name it; a dash for none."""
    if value is None:
        return "–"
    return amount(value, metric(name)).removesuffix(" ms").removesuffix(" tokens/s")
