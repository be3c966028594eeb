"""The table of checks."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.capabilities import Target
from framework.doctor.answers import Answer, Answers
from framework.doctor.ask import ask
from framework.doctor.checks import HANDSET
from framework.doctor.finding import findings
from framework.doctor.questions import DOCTOR
from framework.handset.handset import open_handset


def test_each_check_has_a_name_of_its_own() -> None:
    """Scripts go by it."""
    names = [check.name for check in HANDSET]
    assert len(set(names)) == len(names)


def test_a_handset_that_answers_nothing_is_judged_all_the_same() -> None:
    """Every judge bears it."""
    assert [finding.check for finding in findings(HANDSET, Answers({})) if finding.level == "fault"] == ["boot"]


def test_what_is_wrong_with_a_virtual_handset_is_found(virtual_targets: Mapping[str, Target]) -> None:
    """A setting that was changed, and a lease, show; nothing else is found wrong with it."""
    target = virtual_targets["xiaomi-11"]
    with open_handset(target) as handset, handset.lease("Jin", "a smoke test"):
        put = "settings put global low_power {} && settings put global stay_on_while_plugged_in {}"
        handset.shell.script(put.format(1, 0), check=True)
        found = findings(HANDSET, ask(target, DOCTOR))
        handset.shell.script(put.format(0, 7), check=True)
    wrong = {finding.check: finding.level for finding in found if finding.level != "ok"}
    assert wrong == {"power_saver": "warning", "stay_awake": "warning", "lease": "warning"}
    assert [finding.mend for finding in found if finding.level != "ok" and not finding.mend] == []


NAMES = [question.name for question in DOCTOR]
LINES = (
    "[ro.build.version.sdk]: [x]",
    "[ro.product.brand]: [Redmi]",
    "[sys.boot_completed]: [1]",
    "global/low_power=1",
    "global/stay_on_while_plugged_in=many",
    "HELD",
    '{"who":1,"why":[],"since_wall_s":"x","counter":2}',
    '{"who":1,"why":[],"since_wall_s":1e300,"counter":2}',
    '{"identity":{"name":null}}',
    "Thermal Status: 99",
    "level: 7\n  scale: 0",
    "mWakefulness=Awake",
    "Service package: not found",
    "left",
    "1e999",
    "nan",
)
ANSWER = st.builds(
    Answer,
    st.sampled_from((0, 0, 0, 1, None)),
    st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=4).map("\n".join),
    asked_wall_s=st.just(1000.0),
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ANSWER))
def test_whatever_a_handset_answers_is_judged(given_answers: dict[str, Answer]) -> None:
    """No text, and no lack of one, throws a judge; each finding is one line."""
    for finding in findings(HANDSET, Answers(given_answers)):
        assert finding.level == "ok" or finding.mend
