"""Environment and categories, read by readers that are not ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from framework.contract.verdict import Verdict
from framework.report.allure_files import write_categories, write_config, write_environment


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASS])
def test_every_verdict_has_its_category(verdict: Verdict, tmp_path: Path) -> None:
    """The message of each verdict but PASS matches exactly one category, over several lines."""
    write_categories(tmp_path)
    categories = json.loads((tmp_path / "categories.json").read_text())
    message = f"{verdict.value}\nturn 1: late"
    assert len([entry for entry in categories if re.fullmatch(entry["messageRegex"], message)]) == 1


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("framework.contract.errors.HandsetError: fold: gone\nsecond line", "Lab"),
        ("framework.contract.errors.DeadlineError: fold: no answer", "Lab"),
        ("framework.contract.errors.AssistantError: compact: crashed", "Product defects"),
        ("OSError: HandsetError: no", None),
    ],
)
def test_errors_without_a_verdict_have_theirs(message: str, name: str | None, tmp_path: Path) -> None:
    """A broken test that ended in one of our errors is put where it belongs; others are left to Allure."""
    write_categories(tmp_path)
    categories = json.loads((tmp_path / "categories.json").read_text())
    matching = [
        entry["name"]
        for entry in categories
        if "broken" in entry["matchedStatuses"] and re.fullmatch(entry["messageRegex"], message)
    ]
    assert matching == ([name] if name else [])


def test_allure_3_has_the_same_categories(tmp_path: Path) -> None:
    """Its configuration names the run and holds what Allure 2 reads beside the results."""
    write_categories(tmp_path)
    write_config(tmp_path, "Pocketfarm: 压缩 1.0")
    config = json.loads((tmp_path / "allurerc.json").read_text())
    assert config == {
        "name": "Pocketfarm: 压缩 1.0",
        "categories": json.loads((tmp_path / "categories.json").read_text()),
    }


def test_the_environment_is_javas_properties(tmp_path: Path) -> None:
    """Keys with spaces, colons and equals signs, Chinese, emoji, backslashes and line ends, in ASCII."""
    write_environment(tmp_path, {"Build: name": "compact = 1.0", "天气": "C:\\a\nb", "face": "😀"})
    assert (tmp_path / "environment.properties").read_text(encoding="ascii").splitlines() == [
        r"Build\:\ name=compact = 1.0",
        r"\u5929\u6c14=C:\\a\nb",
        r"face=\ud83d\ude00",
    ]


def test_nothing_but_the_files_is_left(tmp_path: Path) -> None:
    """They appear whole: the part files are gone, and what was there is replaced."""
    for value in ("one", "two"):
        write_environment(tmp_path / "results", {"key": value})
    write_categories(tmp_path / "results")
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == [
        "categories.json",
        "environment.properties",
    ]
    assert (tmp_path / "results/environment.properties").read_text() == "key=two\n"
