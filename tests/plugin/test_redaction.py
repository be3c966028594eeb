"""What a run writes tells nothing of people and units, unless that is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project, Run

PHONE = "+84 912 345 678"
SCENARIO = f"""
scenario: Sum
severity: minor
epic: Mathematics
links: {{issues: [SUM-7], requirements: "https://req.example.com/9"}}
steps:
  - {{text: "My number is {PHONE}. What is twelve times seven?", via: intent}}
"""
THIN = """
def test_thin(handset):
    print("password=hunter2")
    assert handset.identity.serial == "another one", f"serial {handset.identity.serial}"
"""
WORKING = ("handsets.json", "assignments")
"""What the processes of a run tell each other; nothing for people, and in no pack."""


def run(folder: Path, project_in: type[Project], *arguments: str) -> tuple[Project, Run, dict[str, str]]:
    """A run and the texts that it has written, by their paths."""
    made = project_in(folder)
    made.write("pytest.ini", "[pytest]\npocketfarm_issue_url = https://tracker.example.com/{}\n")
    made.write("devices.yaml", "defaults: {speed: 40}\nhandsets: [{name: ten, kind: virtual, profile: xiaomi-10}]\n")
    made.scenario("sum", SCENARIO)
    made.write("suites/test_thin.py", THIN)
    done = made.run("suites", "--junitxml", "junit.xml", *arguments)
    written = [path for path in folder.rglob("*") if path.is_file() and ".pytest_cache" not in path.parts]
    texts = {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in written
        if path.name == "junit.xml" or ("reports" in path.parts and not set(WORKING) & set(path.parts))
    }
    return made, done, texts


def serial_of(out: str) -> str:
    """The terminal shows everything as it is."""
    found = re.search(r"AssertionError: serial (\w+)", out)
    assert found is not None, out
    return found[1]


@pytest.fixture(scope="module")
def redacted(
    tmp_path_factory: pytest.TempPathFactory, project_in: type[Project]
) -> tuple[Project, Run, dict[str, str]]:
    return run(tmp_path_factory.mktemp("redacted"), project_in, "-n", "1")


def test_a_run_tells_nothing_of_people_and_units(redacted: tuple[Project, Run, dict[str, str]]) -> None:
    """Neither in reports, nor in logs, recordings, the journal and JUnit's XML; the terminal shows it as it is."""
    _, done, texts = redacted
    secrets = (serial_of(done.out), PHONE, PHONE.replace(" ", ""), "hunter2")
    assert done.exit == 1
    assert [(path, secret) for path, text in texts.items() for secret in secrets if secret in text] == []
    assert {"junit.xml"} < set(texts)


def test_it_says_how_much_was_taken_out(redacted: tuple[Project, Run, dict[str, str]]) -> None:
    """At the end of the run, in Allure's environment and on the release page."""
    _, done, texts = redacted
    said = re.search(r"^redacted +(.*) \(--no-redact leaves them\)$", done.out, re.M)
    assert said is not None, done.out
    assert re.search(r"\d+ phone numbers?, \d+ secrets?, \d+ serial numbers?", said[1])
    (environment,) = (text for path, text in texts.items() if path.endswith("environment.properties"))
    assert f"redacted={said[1]}\n" in environment
    (page,) = (text for path, text in texts.items() if path == "reports/release.html")
    assert all(count in page for count in said[1].split(", "))


def test_what_a_scenario_is_about_stands_in_its_result(redacted: tuple[Project, Run, dict[str, str]]) -> None:
    """Labels and links, through a worker."""
    project, *_ = redacted
    (result,) = (each for each in project.results() if each["name"] == "Sum")
    wanted = ("epic", "feature", "story", "severity")
    labels: dict[str, Any] = {each["name"]: each["value"] for each in result["labels"]}
    assert {name: labels[name] for name in wanted} == {
        "epic": "Mathematics", "feature": "sum", "story": "Sum", "severity": "minor",
    }  # fmt: skip
    assert [(link["type"], link["url"]) for link in result["links"]] == [
        ("issue", "https://tracker.example.com/SUM-7"),
        ("tms", "https://req.example.com/9"),
    ]


def test_nothing_is_taken_out_where_that_is_asked_for(tmp_path: Path, project_in: type[Project]) -> None:
    """`--no-redact`, in the process of a run without workers; the report says so."""
    _, done, texts = run(tmp_path, project_in, "--no-redact")
    everything = "".join(texts.values())
    assert [secret in everything for secret in (serial_of(done.out), PHONE, "hunter2")] == [True] * 3
    assert "redacted=no (--no-redact)" in everything.replace("\\", "")
    assert "Serial numbers of handsets are not shown" not in texts["reports/release.html"]
