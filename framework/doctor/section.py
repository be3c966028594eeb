"""One handset's findings, asked or replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.doctor.answers import Answers
from framework.doctor.ask import Told, ask
from framework.doctor.checks import HANDSET
from framework.doctor.finding import Finding, findings
from framework.doctor.questions import DOCTOR
from framework.doctor.replay import Unread, unread


@dataclass(frozen=True, slots=True)
class Section:
    """`kind` is that of devices.yaml, or `bundle`; model and Android are empty where it was not reached."""

    name: str
    kind: str
    model: str
    android: str
    reachable: bool
    findings: tuple[Finding, ...]


def examine(kind: str, target: Target, told: Told) -> Section:
    """What the checks say of a handset; one that cannot be reached has one finding, the connection."""
    try:
        return judged(target.name, kind, ask(target, DOCTOR, told))
    except HandsetError as error:
        return unreachable(target.name, kind, error)


def unreachable(name: str, kind: str, error: HandsetError) -> Section:
    return Section(name, kind, "", "", False, (Finding("connection", "fault", error.what, error.mend),))


def judged(name: str, kind: str, answers: Answers) -> Section:
    model = answers.property("ro.product.marketname", "ro.product.model")
    android = answers.property("ro.build.version.release")
    return Section(name, kind, model, android, True, findings(HANDSET, answers) + tuple(_unreadable(unread(answers))))


def _unreadable(texts: Sequence[Unread]) -> list[Finding]:
    """A handset that prints what the farm cannot read is a fault of the farm: its makers want to know."""
    mend = "tell the makers of the farm: `farm doctor --record FILE` bundles what they need"
    return [Finding(f"reads_{text.name}", "fault", f"the farm cannot read {text}", mend) for text in texts]
