"""Graders: what a turn was expected to show against what it showed."""

from __future__ import annotations

import re

from framework.contract.scenario import Expect, Heard
from framework.contract.verdict import Check, Verdict
from framework.speech.score import Unit, score

SHOWN = 160
"""Letters of a reply that a check quotes."""


def grade(expect: Expect, *, turn: int, asked: str, heard: str | None, reply: str) -> tuple[Check, ...]:
    """One check for every content expectation of a turn; latency limits are the verdict room's."""
    checks = [_contains(word, reply, turn) for word in expect.contains]
    checks += [_excludes(word, reply, turn) for word in expect.excludes]
    if expect.matches is not None:
        found = re.search(expect.matches, reply) is not None
        checks.append(_check(f"reply matches {expect.matches!r}", found, "a match", reply, turn))
    if expect.heard is not None:
        checks.append(_heard(expect.heard, asked, heard, turn))
    return tuple(checks)


def _contains(word: str, reply: str, turn: int) -> Check:
    return _check(f"reply contains {word!r}", word.casefold() in reply.casefold(), word, reply, turn)


def _excludes(word: str, reply: str, turn: int) -> Check:
    return _check(f"reply excludes {word!r}", word.casefold() not in reply.casefold(), f"no {word}", reply, turn)


def _heard(limit: Heard, asked: str, heard: str | None, turn: int) -> Check:
    unit: Unit = "wer" if limit.wer is not None else "cer"
    most = limit.cer if limit.wer is None else limit.wer
    expected = f"at most {most or 0:g}"
    if heard is None:
        return Check(f"heard {unit}", Verdict.UNMEASURED, expected, "no transcript", turn)
    found = score(asked, heard, unit)
    verdict = Verdict.PASS if found.rate <= (most or 0.0) else Verdict.FAIL
    return Check(f"heard {unit}", verdict, expected, f"{found} in {heard!r}", turn)


def _check(name: str, passed: bool, expected: str, reply: str, turn: int) -> Check:
    shown = reply if len(reply) <= SHOWN else reply[:SHOWN] + "…"
    return Check(name, Verdict.PASS if passed else Verdict.FAIL, expected, repr(shown), turn)
