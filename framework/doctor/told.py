"""The doctor's findings for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from framework.doctor.finding import Finding, Level
from framework.doctor.section import Section

_COLOURS: dict[Level, str] = {"ok": "32", "warning": "33", "fault": "31"}
_INDENT = " " * 11


def as_text(machine: Sequence[Finding], sections: Sequence[Section], *, colour: bool) -> str:
    """Grouped by handset, this machine first; the mend stands under its finding."""
    lines: list[str] = []
    if machine:
        lines += ["this machine", *_lines(machine, colour)]
    for section in sections:
        facts = [section.kind, section.model, f"Android {section.android}" if section.android else ""]
        lines += [
            "",
            f"{section.name} ({', '.join(fact for fact in facts if fact)})",
            *_lines(section.findings, colour),
        ]
    counts = Counter(finding.level for finding in [*machine, *(each for one in sections for each in one.findings)])
    return "\n".join([*lines, "", _summary(counts)]).lstrip("\n")


def _lines(findings: Iterable[Finding], colour: bool) -> list[str]:
    lines = []
    for finding in findings:
        level = finding.level.ljust(len(_INDENT) - 2)
        shown = f"\x1b[{_COLOURS[finding.level]}m{level}\x1b[0m" if colour else level
        lines.append(f"  {shown}{_plain(finding.finding)}")
        if finding.mend:
            lines.append(f"  {_INDENT}{_plain(finding.mend)}")
    return lines


def _summary(counts: Counter[Level]) -> str:
    told = [
        f"{counts[level]} {level}{'s' if counts[level] > 1 else ''}" for level in ("fault", "warning") if counts[level]
    ]
    return ", ".join(told) or "nothing to mend"


def _plain(text: str) -> str:
    """A handset's words steer no terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
