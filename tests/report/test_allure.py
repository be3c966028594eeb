"""What stands in the results that allure-pytest writes, in a pytest run of its own."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import allure_commons.model2 as model
import pytest

from framework.contract.about import About
from framework.contract.run import Repetition, RepetitionFinished, RunEvent, UnitFinished, UnitStarted
from framework.contract.verdict import Verdict
from framework.report.allure import AllureReport, MeantFor, describe, identify
from framework.report.allure_steps import repetition_step
from framework.report.attachments import Attachments
from framework.report.documents import Documents

CONFTEST = """\
import pickle
from pathlib import Path
import pytest
from framework.report.documents import Documents
from framework.report.allure import AllureReport

REPORT = AllureReport("bench-1", Documents())

def pytest_configure(config):
    REPORT.__enter__()
    config.add_cleanup(lambda: REPORT.__exit__(None, None, None))

def pytest_runtest_logstart(nodeid):
    REPORT.test_begins(nodeid)

@pytest.fixture
def use():
    for event in pickle.loads((Path(__file__).parent / "failed.pickle").read_bytes()):
        if hasattr(event, "unit"):
            REPORT.test_uses(event.unit.handset, event.unit.build)

@pytest.fixture
def tell():
    def told(name):
        for event in pickle.loads((Path(__file__).parent / f"{name}.pickle").read_bytes()):
            REPORT.notify(event)
    return told
"""

TESTS = """\
def test_failed(tell):
    tell("failed")
    assert False, "from pytest"

def test_without_unit():
    pass

def test_in_python(use):
    pass

def test_after_it():
    pass

def test_unmeasured(tell):
    tell("UNMEASURED")

def test_invalid(tell):
    tell("INVALID")
    raise OSError

def test_lab(tell):
    tell("LAB")
    raise OSError

def test_not_run(tell):
    tell("NOT_RUN")

def test_repeated(tell):
    tell("repeated")

def test_mended(tell):
    tell("mended")

def test_printed():
    print("password=hunter2 \\ud83d")
    raise OSError("call +84 912 345 678")

def test_killed(tell):
    tell("killed")
    raise OSError("torn")
"""

Results = dict[str, dict[str, Any]]


def stories(events: tuple[RunEvent, ...]) -> dict[str, tuple[RunEvent, ...]]:
    """What each test of the run tells."""
    started, first, second, repetition, finished = events
    assert isinstance(repetition, RepetitionFinished)
    assert isinstance(finished, UnitFinished)
    verdicts = {
        verdict.value: (started, UnitFinished(replace(finished.result, verdict=verdict, reasons=("why",))))
        for verdict in Verdict
    }
    invalid = replace(repetition.repetition, verdict=Verdict.INVALID, reasons=("emulator late",))
    attempts = [RepetitionFinished(repetition.unit, invalid)]
    attempts += [RepetitionFinished(repetition.unit, replace(repetition.repetition, attempt=2))]
    repeated = (started, first, second, attempts[0], first, second, attempts[1], finished)
    passed = UnitFinished(replace(finished.result, verdict=Verdict.PASS, reasons=(), repetitions=_of(attempts)))
    mended = (*repeated[:-1], passed)
    return verdicts | {"failed": events, "killed": (started, first), "repeated": repeated, "mended": mended}


def _of(attempts: list[RepetitionFinished]) -> tuple[Repetition, ...]:
    return tuple(each.repetition for each in attempts)


def of_another(
    events: tuple[RunEvent, ...], *, model: str, name: str = "rack-7", serial: str = "0123456789", version: str = "2.0"
) -> tuple[RunEvent, ...]:
    """The same unit on another handset, with another build."""
    started = events[0]
    assert isinstance(started, UnitStarted)
    unit = started.unit
    handset = replace(unit.handset, name=name, serial=serial, model=model)
    other = replace(unit, handset=handset, build=replace(unit.build, version=version, hashes={"apk": "00"}))
    return (UnitStarted(other), *events[1:])


def run(folder: Path, told: dict[str, tuple[RunEvent, ...]], *options: str, tests: str = TESTS) -> Results:
    """The results of a pytest run in `folder`, by the name of the test."""
    folder.mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(tests)
    for name, story in told.items():
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(story))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:pocketfarm",
        "--alluredir",
        "results",
        "test_it.py",
        *options,
    ]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    return {result["name"]: result for result in map(_read, (folder / "results").glob("*-result.json"))}


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("allure")


@pytest.fixture(scope="module")
def results(folder: Path, events: tuple[RunEvent, ...]) -> Results:
    return run(folder / "first", stories(events))


def labels(result: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label in result["labels"]:
        found.setdefault(label["name"], []).append(label["value"])
    return found


def parameters(item: dict[str, Any]) -> dict[str, str]:
    return {parameter["name"]: parameter["value"] for parameter in item.get("parameters", [])}


def test_a_unit_fills_the_result_of_its_test(results: Results) -> None:
    """Status and message by the verdict, a step a turn with nested steps, parameters of test and turn."""
    result = results["test_failed"]
    assert (result["status"], result["statusDetails"]["message"].splitlines()[0]) == ("failed", "FAIL")
    assert parameters(result) == {"model": "MIX Fold 3", "build": "compact 1.0", "handset": "fold"}
    spoken, written, budget = result["steps"]
    assert (spoken["name"], spoken["status"], spoken["stop"] - spoken["start"]) == ("1. 后天呢？", "passed", 2000)
    assert [step["name"] for step in spoken["steps"]] == [
        "asked (voice, zh): 后天呢？",
        "heard: 后天呢",
        "answered: 河内晴。",
        "reply contains '河内'",
    ]
    assert parameters(spoken) == {"ttft_ms": "412.3", "decode_tps": "14.2", "rss_mb": "1310", "skin_c": "31.42"}
    assert (written["status"], written["steps"][-1]["status"]) == ("failed", "failed")
    assert parameters(written["steps"][-1]) == {"expected": "at most 300 ms", "found": "412.3 ms"}
    assert [step["name"] for step in budget["steps"]] == ["budget rss_mb max"]


def test_evidence_lies_beside_the_results(results: Results, folder: Path) -> None:
    """Each attachment has its kind, its file and its bytes; sounds also in a page that plays them."""
    result = results["test_failed"]
    assert {item["name"]: item["type"] for item in result["attachments"]} == {
        "receipt": "application/json",
        "transcript": "text/html",
        "trace": "text/html",
        "samples": "text/csv",
        "trace for Perfetto": "application/x-protobuf",
        "logcat": "text/plain",
    }
    spoken = result["steps"][0]
    assert [item["type"] for step in spoken["steps"] for item in step.get("attachments", [])] == ["audio/wav"] * 2
    assert [item["name"] for item in spoken["attachments"]] == ["listen"]
    question = spoken["steps"][0]["attachments"][0]
    assert (folder / "first/results" / question["source"]).read_bytes() == b"RIFFq"
    assert all((folder / "first/results" / item["source"]).stat().st_size for item in result["attachments"])


def test_labels_stand_once(results: Results) -> None:
    """Host is the machine, thread the handset; folder, file and scenario are epic, feature and story."""
    found = labels(results["test_failed"])
    wanted = ("host", "thread", "epic", "feature", "story", "severity")
    assert {name: found[name] for name in wanted} == {
        "host": ["bench-1"],
        "thread": ["fold"],
        "epic": ["smoke"],
        "feature": ["weather zh"],
        "story": ["天气"],
        "severity": ["blocker"],
    }
    assert Counter(found["tag"]) == Counter(["emulated", "scaled"])


@pytest.mark.parametrize(
    ("verdict", "status"), [("UNMEASURED", "failed"), ("INVALID", "broken"), ("LAB", "broken"), ("NOT_RUN", "skipped")]
)
def test_the_status_is_the_verdicts(verdict: str, status: str, results: Results) -> None:
    """Whatever exception pytest saw or did not see, the report says who must act."""
    result = results[f"test_{verdict.lower()}"]
    assert (result["status"], result["statusDetails"]["message"]) == (status, f"{verdict}\nwhy")


@pytest.fixture(scope="module")
def again(folder: Path, events: tuple[RunEvent, ...]) -> Results:
    """Another run: of another build, on other handsets, by two workers, in another order; killed: on another model."""
    told = {name: of_another(story, model="MIX Fold 3") for name, story in stories(events).items()}
    told["killed"] = of_another(stories(events)["killed"], model="Xiaomi 13")
    reversed_tests = "\n\n".join(reversed(TESTS.split("\n\n")))
    return run(folder / "again", told, "-n", "2", tests=reversed_tests)


def test_the_history_of_a_test_goes_on(results: Results, again: Results) -> None:
    """From build to build, on whichever handset of a model, whoever runs it in which order."""
    assert set(again) == set(results)
    for name in set(results) - {"test_killed"}:
        ids = [(each[name]["historyId"], each[name]["testCaseId"]) for each in (results, again)]
        assert ids[0] == ids[1], name


def test_models_are_tests_of_their_own(results: Results, again: Results) -> None:
    """To Allure 2, which goes by historyId, and to Allure 3, which goes by testCaseId and by what is not excluded."""
    one, other = results["test_killed"], again["test_killed"]
    assert one["testCaseId"] == one["historyId"]
    assert {one["historyId"], one["testCaseId"]} & {other["historyId"], other["testCaseId"]} == set()
    counted = [[each["name"] for each in test["parameters"] if not each.get("excluded")] for test in (one, other)]
    assert counted == [["model"], ["model"]]


def test_host_and_thread_stand_once_also_with_workers(again: Results) -> None:
    """Of units, of tests in Python that use a handset and of those that do not: or the timeline would multiply."""
    counts = {(len(labels(each)["host"]), len(labels(each)["thread"])) for each in again.values()}
    assert counts == {(1, 1)}
    assert labels(again["test_failed"])["thread"] == ["rack-7"]


def test_an_object_without_a_text_of_its_own_has_the_same_ids_in_each_run() -> None:
    """Python tells where it lies in memory, which is another place each time."""
    one, other = (
        model.TestResult(fullName="t", parameters=[model.Parameter(name="x", value=repr(object()))]) for _ in range(2)
    )
    for each in (one, other):
        identify(each, "MIX Fold 3", "compact 1.0")
    assert (one.historyId, one.parameters[0].value) == (other.historyId, "<object object>")
    assert one.parameters[0].value == other.parameters[0].value


def test_a_handset_that_a_test_is_meant_for_is_part_of_its_ids() -> None:
    """With `--each handset`; else it is only shown."""
    made = []
    for handset in ("a", "b"):
        for meant in (MeantFor("Xiaomi 13", handset, "compact 1.0", "assistant"), None):
            made.append(model.TestResult(fullName="t"))
            identify(made[-1], "Xiaomi 13", "compact 1.0", handset=handset, meant=meant)
    (meant_a, any_a, meant_b, any_b) = (each.historyId for each in made)
    assert (meant_a != meant_b, any_a == any_b, any_a != meant_a) == (True, True, True)


def test_an_attempt_that_was_measured_again_is_seen(results: Results) -> None:
    """The result passes and is flaky, and the attempt that did not count stands in it with its reason."""
    result = results["test_mended"]
    first, again, _ = result["steps"]
    assert (result["status"], result["statusDetails"]) == ("passed", {"flaky": True})
    assert (first["status"], first["statusDetails"]["message"]) == ("broken", "INVALID\nemulator late")
    assert again["name"] == "Repetition 1, attempt 2"


def test_what_a_test_in_python_says_is_redacted(results: Results, folder: Path) -> None:
    """Its message, its trace, and what it has printed, which allure-pytest attaches."""
    result = results["test_printed"]
    (printed,) = (item for item in result["attachments"] if item["name"] == "stdout")
    text = (folder / "first/results" / printed["source"]).read_text() + json.dumps(result)
    assert ("hunter2" in text, "912 345" in text) == (False, False)
    assert result["statusDetails"]["message"] == "OSError: call [redacted phone number]"


def test_labels_and_links_are_those_of_the_scenario() -> None:
    """Keys become addresses by what the farm is told; without that they are tags. Nothing leads to a script."""
    links = (("issue", "A 1/2"), ("requirement", "REQ-7"), ("page", "https://x.example.com/p"))
    result = model.TestResult(fullName="t", labels=[model.Label(name="epic", value="old")])
    describe(result, About({"epic": "Voice"}, links), {"issue": "https://tracker.example.com/{}?v=1"})
    assert [(link.type, link.url, link.name) for link in result.links] == [
        ("issue", "https://tracker.example.com/A%201%2F2?v=1", "A 1/2"),
        ("link", "https://x.example.com/p", "https://x.example.com/p"),
    ]
    assert [(each.name, each.value) for each in result.labels] == [("epic", "Voice"), ("tag", "requirement: REQ-7")]


def test_only_addresses_of_the_web_are_left_of_links() -> None:
    """Whatever a test in Python has linked to."""
    result = model.TestResult(
        fullName="t",
        links=[model.Link(type="link", url=url, name="x") for url in ("javascript:x", "https://a.example.com")],
    )
    AllureReport("bench-1", Documents()).report_result(result)
    assert [link.url for link in result.links] == ["https://a.example.com"]


def test_repetitions_are_a_level_where_there_are_several(results: Results) -> None:
    """An invalid attempt stays in the report beside the one that counts, each with its own evidence."""
    first, again, _ = results["test_repeated"]["steps"]
    assert (first["name"], first["status"], len(first["steps"])) == ("Repetition 1", "broken", 2)
    assert first["statusDetails"]["message"] == "INVALID\nemulator late"
    assert (again["name"], again["status"], len(again["attachments"])) == ("Repetition 1, attempt 2", "failed", 5)


def test_evidence_that_could_not_be_had_is_told(repetition: Repetition) -> None:
    """A handset that went away while it was collected: the result passes, and says what it lacks."""
    step = repetition_step(replace(repetition, missing=("no screenshot: fold: it went away",)), [], [], Attachments())
    assert [(one.name, one.status) for one in step.steps] == [("no screenshot: fold: it went away", "passed")]


def test_a_killed_story_keeps_its_turns(results: Results) -> None:
    """A test that is interrupted after a turn shows that turn, with pytest's own status."""
    result = results["test_killed"]
    assert (result["status"], [step["name"] for step in result["steps"]]) == ("broken", ["1. 后天呢？"])


def test_tests_without_a_unit_are_left_alone(results: Results) -> None:
    """What a story told is not put into the next test's result."""
    other = results["test_without_unit"]
    assert (other["status"], other.get("steps"), other.get("attachments")) == ("passed", None, None)
    assert (len(labels(other)["host"]), len(labels(other)["thread"])) == (1, 1)
    assert labels(other)["thread"] != ["fold"]


def test_a_test_in_python_stands_beside_the_scenarios_of_its_suite(results: Results) -> None:
    """Or Allure 3 would list it outside of the tree that it makes of epics, features and stories."""
    found = labels(results["test_in_python"])
    names = ("epic", "feature", "story", "severity")
    assert {name: found[name] for name in names} == {
        "epic": ["scenarios"],
        "feature": [found["suite"][0].replace("_", " ")],
        "story": ["test_in_python"],
        "severity": ["normal"],
    }


def test_a_test_in_python_stands_with_its_handset(results: Results) -> None:
    """It has the handset's row in the timeline, and model and build, but no steps; the next test has none of them."""
    own, after = results["test_in_python"], results["test_after_it"]
    found = labels(own)
    assert (found["host"], found["thread"], own.get("steps")) == (["bench-1"], ["fold"], None)
    assert Counter(found["tag"]) == Counter(["emulated", "scaled"])
    assert parameters(own) == {"model": "MIX Fold 3", "build": "compact 1.0", "handset": "fold"}
    assert (labels(after)["thread"] != ["fold"], parameters(after)) == (True, {})
