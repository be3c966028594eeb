"""Recorded handsets are read again: one of each virtual profile, and every bundle that was contributed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from framework.contract.handsets import PROFILES
from framework.doctor import bundle
from framework.doctor.answers import Answer, Answers
from framework.doctor.questions import ALL
from framework.doctor.replay import refused, unread
from framework.doctor.section import judged
from framework.dumps.kinds import KINDS

CONTRIBUTED = sorted((Path(__file__).parents[1] / "bundles").glob("*.zip"))

Record = Callable[[str], tuple[Answers, Path]]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_virtual_handset_is_read_from_its_bundle(recorded: Record, profile: str) -> None:
    """Every dump through its parser; the checks say the same as of the handset itself, but for its names."""
    answers, path = recorded(profile)
    replayed = bundle.read(path).answers
    assert [str(each) for each in unread(replayed)] == []
    before, after = judged("it", "virtual", answers), judged("it", "virtual", replayed)
    assert after == before
    assert [finding for finding in after.findings if finding.level == "fault"] == []
    assert refused(replayed) == refused(answers)


def test_most_of_what_the_farm_reads_is_in_a_bundle(recorded: Record) -> None:
    """All questions are asked; a handset without root refuses a few."""
    answers, _ = recorded("xiaomi-13")
    assert set(answers.given) == {question.name for question in ALL} - {"adb_devices", "pin"}
    assert len(refused(answers)) < len(ALL) / 3


def test_every_kind_that_the_farm_parses_is_recorded() -> None:
    """But tombstones, which only root may read and which hold memory of the app."""
    assert set(KINDS) - {question.kind for question in ALL} == {"tombstone"}


@pytest.mark.parametrize("path", CONTRIBUTED, ids=lambda path: path.stem)
def test_a_contributed_handset_is_read(path: Path) -> None:
    """A text that a parser cannot read is named with what was expected and what is there."""
    answers = bundle.read(path).answers
    assert "\n".join(map(str, unread(answers))) == ""
    assert judged(path.stem, "bundle", answers).model != ""


def test_a_text_that_cannot_be_read_is_told_in_full() -> None:
    """Which command, what was expected in which line, and that line; a probe's reading likewise."""
    texts = Answers({"battery": Answer(0, "AC powered?\n"), "probe_process": Answer(0, "no stat\n")})
    battery, process = unread(texts)
    assert str(battery).startswith("battery (`dumpsys battery`): battery: line 1: expected lines such as `level: 80`")
    assert str(battery).endswith("found 'AC powered?'")
    assert "probe process" in str(process)


def test_what_is_refused_is_not_read() -> None:
    """Neither parsed nor complained about, but named."""
    texts = Answers({"battery": Answer(1, "?"), "psi_cpu": Answer(None, "", "not done"), "id": Answer(0, "0")})
    assert unread(texts) == ()
    assert refused(texts) == ("battery", "psi_cpu")
