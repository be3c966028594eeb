"""One handset's findings."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from framework.contract.capabilities import Target
from framework.doctor.answers import Answer, Answers
from framework.doctor.section import examine, judged


def test_a_handset_is_asked_and_judged(virtual_targets: Mapping[str, Target]) -> None:
    """Who it is, and a finding for each check that has something to say."""
    section = examine("virtual", virtual_targets["xiaomi-mix-fold-3"], lambda *step: None)
    assert (section.model, section.android, section.reachable) == ("Xiaomi MIX Fold 3", "14", True)
    levels = {finding.check: finding.level for finding in section.findings}
    assert levels["security_settings"] == "ok"
    assert "fault" not in levels.values()


def test_a_handset_that_is_not_there() -> None:
    """One finding: the connection, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        section = examine("tcp", Target("gone", adbd=f"127.0.0.1:{taken.getsockname()[1]}"), lambda *step: None)
    (finding,) = section.findings
    assert (section.reachable, finding.check, finding.level) == (False, "connection", "fault")
    assert "is it on" in finding.mend


def test_a_dump_that_cannot_be_read_is_a_fault_of_the_farm() -> None:
    """And its mend asks for a recording."""
    section = judged("it", "usb", Answers({"df": Answer(0, "what?")}))
    finding = next(each for each in section.findings if each.check == "reads_df")
    assert finding.level == "fault"
    assert "--record" in finding.mend
