"""What a scenario is about, for reports: whose it is, how much it matters, and what it goes back to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from framework.contract.record import Record, Text, fault, one_or_many, quoted

if TYPE_CHECKING:
    from framework.contract.scenario import Scenario

SEVERITIES: tuple[str, ...] = ("blocker", "critical", "normal", "minor", "trivial")
"""As Allure knows them, the gravest first."""
USUAL: tuple[tuple[str, str], ...] = (("smoke", "blocker"), ("text", "critical"), ("voice", "critical"))
"""Folder of the suite → severity of a scenario that names none; others are normal."""

_KEY = re.compile(r"[^\s:/]+(?:/[^\s:/]+)*")


def _reference(text: str) -> str:
    """A key of a tracker such as ASSIST-12, or an address; nothing that a browser would run."""
    if _KEY.fullmatch(text):
        return text
    if not is_web_address(text):
        raise fault(f"expected a key such as ASSIST-12, or an address with http:// or https://, found {quoted(text)}")
    return text


def _page(text: str) -> str:
    if not is_web_address(text):
        raise fault(f"expected an address with http:// or https://, found {quoted(text)}")
    return text


def is_web_address(text: str) -> bool:
    """Whether it is one that a report may lead to: http or https, with a host."""
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


Reference = Annotated[Text, AfterValidator(_reference)]
References = Annotated[
    tuple[Reference, ...], BeforeValidator(one_or_many, json_schema_input_type=Text | tuple[Text, ...])
]
Page = Annotated[Text, AfterValidator(_page)]
Pages = Annotated[tuple[Page, ...], BeforeValidator(one_or_many, json_schema_input_type=Text | tuple[Text, ...])]


class Links(Record):
    """What a scenario goes back to; keys become addresses by the ini options pocketfarm_issue_url and so on."""

    issues: References = Field(default=(), description="Issues: keys such as ASSIST-12, or addresses")
    requirements: References = Field(default=(), description="Requirements or test cases: keys, or addresses")
    pages: Pages = Field(default=(), description="Other addresses, http or https")


@dataclass(frozen=True, slots=True)
class About:
    """What reports say a test is about."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """epic, feature, story and severity."""
    links: tuple[tuple[str, str], ...] = ()
    """(`issue`, `requirement` or `page`; a key or an address)."""


def about(scenario: Scenario, file: str) -> About:
    """What the scenario says, and what is usual where it says nothing."""
    said = {"epic": scenario.epic, "feature": scenario.feature, "story": scenario.story, "severity": scenario.severity}
    links = scenario.links
    named = (("issue", links.issues), ("requirement", links.requirements), ("page", links.pages))
    return About(
        {**usual(scenario.scenario, file).labels, **{name: text for name, text in said.items() if text}},
        tuple((kind, text) for kind, texts in named for text in texts),
    )


def usual(title: str, file: str) -> About:
    """The suite's folder is the epic, the file the feature, the scenario the story."""
    path = PurePosixPath(file)
    suite = path.parent.name or "scenarios"
    feature = path.stem.replace("_", " ").replace("-", " ")
    severity = dict(USUAL).get(suite, "normal")
    return About({"epic": suite, "feature": feature, "story": title, "severity": severity})
