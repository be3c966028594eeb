"""The page's own words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from framework.contract.metrics import METRICS
from framework.contract.verdict import Verdict
from framework.redaction.rules import WORDS as REDACTED
from framework.report import release
from framework.report.release.moves import NOTICEABLE
from framework.report.release.vocabulary import WORDS
from framework.report.release.words import markup, plain, say

TEMPLATES = Path(release.__file__).parents[1] / "templates"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    """Each key once, with the same fields; Chinese where the words are not names."""
    assert len({key for key, _, _ in WORDS}) == len(WORDS)
    assert {key: fields(english) for key, english, _ in WORDS} == {key: fields(chinese) for key, _, chinese in WORDS}
    assert [key for key, _, chinese in WORDS if not re.search(r"[\u4e00-\u9fff]", chinese)] == ["f.version"]


def test_what_is_counted_is_said_once() -> None:
    """A counted field brings its number along."""
    for _, english, _ in WORDS:
        counted = [name for _, name, plural, _ in Formatter().parse(english) if name and plural]
        assert sorted(set(counted)) == sorted(counted)


def test_every_metric_unit_verdict_and_redaction_has_its_words() -> None:
    """So that a new one cannot break a page."""
    keys = {key for key, _, _ in WORDS}
    assert {f"m.{metric.name}" for metric in METRICS} <= keys
    assert {f"{unit}.{kind}" for unit in NOTICEABLE for kind in ("worse", "better")} <= keys
    assert {metric.unit for metric in METRICS} == set(NOTICEABLE)
    assert {f"f.redacted.{word}" for word in REDACTED.values()} <= keys
    assert {f"{which}.{verdict.value}" for which in "vd" for verdict in Verdict} <= keys


def test_templates_use_words_that_are_there() -> None:
    """Each key that stands in a template as it is."""
    said = {
        key
        for name in ("release.html", "release_parts.html")
        for key in re.findall(r'\b(?:t|word)\("([^"]+)"[,)]', (TEMPLATES / name).read_text(encoding="utf-8"))
    }
    assert said - {key for key, _, _ in WORDS} == set()


@pytest.mark.parametrize(("n", "said"), [(0, "0 tests"), (1, "1 test"), (10_000, "10\u202f000 tests")])
def test_numbers_are_counted(n: int, said: str) -> None:
    """In English; Chinese has no plural."""
    assert plain(say("n.tests", n=n), "en") == said
    assert plain(say("n.tests", n=1), "zh") == "1 项测试"


def test_fields_are_escaped_once() -> None:
    """Text of others stands in its own direction; words within words are put in as they are."""
    said = markup(say("s.moved1", metric=say("m.ttft_ms"), direction=say("ms.worse"), model="<b>&", range="{x}"))
    assert said == (
        '<span class="en" lang="en">First token is slower on <bdi>&lt;b&gt;&amp;</bdi> only (<bdi>{x}</bdi>).</span>'
        '<span class="zh" lang="zh">首个词元：仅 <bdi>&lt;b&gt;&amp;</bdi> 变慢（<bdi>{x}</bdi>）。</span>'
    )
