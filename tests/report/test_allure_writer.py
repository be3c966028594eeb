"""What stands in Allure's files, whatever tests and handsets have said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import allure_commons
import allure_commons.model2 as model
import pytest
from allure_commons.logger import AllureFileLogger
from hostile import ALL, HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.redaction.redactor import Redactor
from framework.report.allure_writer import LONGEST, TEST, ResultWriter, take_over


def result(text: str) -> model.TestResult:
    """With the text in every place in which text of others may stand."""
    details = model.StatusDetails(message=text, trace=text)
    step = model.TestStepResult(
        name=text, status="passed", statusDetails=details, parameters=[model.Parameter(name=text, value=text)]
    )
    return model.TestResult(
        uuid="u",
        historyId="h",
        testCaseId="h",
        name=text,
        fullName=text,
        status="failed",
        statusDetails=details,
        steps=[step],
        parameters=[model.Parameter(name=text, value=text)],
        labels=[model.Label(name="story", value=text), model.Label(name=TEST, value=text)],
        links=[model.Link(type="issue", url="https://x.example.com/1", name=text)],
        attachments=[model.Attachment(name=text, source="a-attachment.txt", type="text/plain")],
        titlePath=[text],
        start=1,
        stop=0,
    )


def written(folder: Path, item: model.TestResult, redactor: Redactor | None = None) -> dict[str, Any]:
    ResultWriter(folder, redactor).report_result(item)
    (path,) = folder.glob("*-result.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_the_same_is_written_as_allure_pytest_writes(tmp_path: Path) -> None:
    """Field for field; but for its redaction, nothing is another format."""
    item = result("Weather in Hanoi, 30 °C 河内")
    AllureFileLogger(tmp_path / "theirs").report_result(item)
    (theirs,) = (tmp_path / "theirs").glob("*-result.json")
    assert written(tmp_path / "ours", item) == json.loads(theirs.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_data(name: str, tmp_path: Path) -> None:
    """The file is there, whole, readable by others, and no field but those of text has changed: no HTML is given."""
    content = written(tmp_path, result(HOSTILE[name]))
    harmless = written(tmp_path / "x", result("harmless"))
    assert set(content) == set(harmless)
    assert (content["uuid"], content["start"], content["status"]) == ("u", 1, "failed")
    assert "descriptionHtml" not in content
    text = json.dumps({**content, "labels": []}, ensure_ascii=False)
    assert [letter for letter in "\u202e\u2066\u2067\u2069\u2028\x9b" if letter in text] == []
    assert len(content["name"]) <= LONGEST["name"]


def test_what_allure_pytest_cannot_write_is_written(tmp_path: Path) -> None:
    """Half a surrogate pair, as handsets send: with allure-pytest the test would be missing from the report."""
    with pytest.raises(UnicodeEncodeError):
        AllureFileLogger(tmp_path / "theirs").report_result(result("\ud83d"))
    assert written(tmp_path / "ours", result("x\ud83dy"))["name"] == "x\ufffdy"


def test_what_identifies_people_is_not_in_it(tmp_path: Path) -> None:
    """Of whatever a test in Python said, in messages, traces, steps and names; the id of the test is as it was."""
    content = written(tmp_path, result("call +84 912 345 678 with R58M123ABC"), Redactor(["R58M123ABC"]))
    (test,) = (each["value"] for each in content["labels"] if each["name"] == TEST)
    assert test == "call +84 912 345 678 with R58M123ABC"
    rest = json.dumps({**content, "labels": content["labels"][:1]})
    assert ("912 345" in rest, "R58M" in rest) == (False, False)


def test_what_may_stand_is_forgotten_with_each_new_handset(tmp_path: Path) -> None:
    """A text that stood in a result before its number was known to be one of a handset stands in none after that."""
    redactor = Redactor()
    writer = ResultWriter(tmp_path, redactor)
    writer.report_result(result("R58M123ABC"))
    redactor.know(["R58M123ABC"])
    for path in tmp_path.glob("*-result.json"):
        path.unlink()
    writer.report_result(result("R58M123ABC"))
    (path,) = tmp_path.glob("*-result.json")
    assert json.loads(path.read_text())["name"] == "[redacted serial number]"


def test_attachments_of_text_are_redacted_and_others_are_not(tmp_path: Path) -> None:
    """What a test has printed, attached by allure-pytest; sounds byte for byte; what is ours already was."""
    writer = ResultWriter(tmp_path, Redactor(["R58M123ABC"]))
    for name, body in (("1.txt", "R58M123ABC"), ("2.wav", b"R58M123ABC")):
        writer.report_attached_data(body, name)
    writer.attach("3.txt", b"R58M123ABC")
    (tmp_path / "source").write_text("R58M123ABC")
    writer.report_attached_file(str(tmp_path / "source"), "4.log")
    writer.report_attached_file(str(tmp_path / "source"), "5.bin")
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("[1-5].*")}
    redacted, left = b"[redacted serial number]", b"R58M123ABC"
    assert kept == {"1.txt": redacted, "2.wav": left, "3.txt": left, "4.log": redacted, "5.bin": left}


@given(
    st.text(max_size=40)
    | st.sampled_from(["../../etc/passwd", "a/../b.txt", "C:\\x", "x.\0", "..", ".txt/../../x", ""])
)
@settings(max_examples=80)
def test_no_name_leaves_the_folder(name: str) -> None:
    """Whatever a handset or a test calls an attachment, the file lies beside the results, and the result names it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        writer = ResultWriter(results)
        file_name = f"0-attachment.{name}"
        writer.report_attached_data(b"x", file_name)
        writer.report_result(
            model.TestResult(uuid="u", attachments=[model.Attachment(name="a", source=file_name, type="t")])
        )
        (described,) = results.glob("*-result.json")
        source = json.loads(described.read_text())["attachments"][0]["source"]
        assert (results / source).read_bytes() == b"x"
        assert [path.parent for path in Path(folder).rglob("*") if path.is_file()] == [results] * 2


def test_it_takes_the_place_of_allure_pytests_logger_and_gives_it_back(tmp_path: Path) -> None:
    """Which allure-pytest unregisters at its own end."""
    manager, logger = allure_commons.plugin_manager, AllureFileLogger(tmp_path)
    manager.register(logger)
    try:
        _, give_back = take_over(Redactor())
        manager.hook.report_result(result=result(ALL))
        assert not manager.is_registered(logger)
        give_back()
        assert manager.is_registered(logger)
    finally:
        manager.unregister(logger)
    assert len(list(tmp_path.glob("*-result.json"))) == 1
