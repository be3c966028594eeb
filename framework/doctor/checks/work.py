"""Who uses the handset, and which build it has."""

from __future__ import annotations

import json

from framework.contract.marks import Marks
from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, ok, warning
from framework.handset.holder import described, read_holder
from framework.handset.marks import read_marks, told


def lease(answers: Answers) -> Opinion | None:
    if "holder" not in answers.given:
        return None
    holder = read_holder(answers.text("holder"))
    if holder is None:
        return ok("free")
    mend = "wait for it, or take another handset: what is measured beside it counts for nothing"
    return warning(f"held by {described(holder)}", mend)


def hold(answers: Answers) -> Opinion | None:
    """That a person has it: runs of others wait for its end."""
    mark = _marks(answers).hold
    if mark is None:
        return ok("nobody holds it") if "marks" in answers.given else None
    return warning(
        told(mark), "its holder's runs use it; others wait, or take another handset (`farm release` ends it)"
    )


def quarantine(answers: Answers) -> Opinion | None:
    """That a person has taken it out of use, for everybody."""
    mark = _marks(answers).quarantine
    if mark is None:
        return ok("not quarantined") if "marks" in answers.given else None
    return warning(told(mark), "no run uses it: `farm release` with its name once it is mended")


def _marks(answers: Answers) -> Marks:
    try:
        speed = float(answers.text("speed") or 1)
    except ValueError:
        speed = 1.0
    return read_marks(answers.text("marks"), speed)


def given_back(answers: Answers) -> Opinion | None:
    """What a run has set, where neither that run nor the handset's own shell came to give it back."""
    if answers.text("left") != "left" or read_holder(answers.text("holder")) is not None:
        return None
    return warning(
        "it is still set up for a run that is over", "the next run gives it back; `farm doctor` changes nothing"
    )


def build(answers: Answers) -> Opinion | None:
    """By the receipt that a deployment leaves."""
    try:
        receipt = json.loads(answers.text("receipt"))
        return ok(f"build {receipt['identity']['name']} {receipt['identity']['version']} deployed {receipt['when']}")
    except (ValueError, KeyError, TypeError):
        return ok("no build deployed") if "receipt" in answers.given else None
