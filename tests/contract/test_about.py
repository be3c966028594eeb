from __future__ import annotations

import pytest
from hostile import HOSTILE

from framework.contract.about import About, about, is_web_address
from framework.contract.scenario import Scenario

STEPS = [{"text": "How is the weather?"}]


def test_a_scenario_that_says_nothing_has_what_is_usual() -> None:
    """The suite's folder, the file and the scenario, as before there were keys for them."""
    said = about(Scenario.model_validate({"scenario": "Weather", "steps": STEPS}), "suites/smoke/weather_en.yaml")
    labels = {"epic": "smoke", "feature": "weather en", "story": "Weather", "severity": "blocker"}
    assert said == About(labels, ())


def test_a_scenario_says_what_it_is_about() -> None:
    """Each by itself; links keep their order, and one may be written without brackets."""
    given = {
        "scenario": "Weather", "steps": STEPS, "severity": "minor", "epic": "Voice", "story": "As a user",
        "links": {"issues": ["A-1", "https://x.example.com/2"], "requirements": "REQ-7", "pages": "http://y.example.com"},
    }  # fmt: skip
    said = about(Scenario.model_validate(given), "suites/voice/w.yaml")
    assert said.labels == {"epic": "Voice", "feature": "w", "story": "As a user", "severity": "minor"}
    assert said.links == (
        ("issue", "A-1"),
        ("issue", "https://x.example.com/2"),
        ("requirement", "REQ-7"),
        ("page", "http://y.example.com"),
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_text_is_an_address(name: str) -> None:
    """Only http and https, with a host, in one word."""
    assert not is_web_address(HOSTILE[name])


@pytest.mark.parametrize("text", ["https://x.example.com/1?a=b#c", "http://127.0.0.1:8000/", "https://例子.example/路"])
def test_addresses_of_the_web_are(text: str) -> None:
    assert is_web_address(text)
