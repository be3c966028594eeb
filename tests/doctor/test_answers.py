"""Facts about a handset."""

from __future__ import annotations

from framework.doctor.answers import Answer, Answers
from framework.dumps.proc_meminfo import MemInfo


def test_what_was_refused_is_no_answer() -> None:
    """A status other than 0, no end at all, or a complaint in place of output, as dumpsys gives."""
    refused = Answers(
        {"id": Answer(1, "0\n"), "su": Answer(None, "/x"), "battery": Answer(0, "", "Can't find service")}
    )
    assert [refused.text(name) for name in ("id", "su", "battery", "never asked")] == ["", "", "", ""]
    assert Answers({"id": Answer(0, "2000\n", "a warning")}).text("id") == "2000"


def test_properties_and_settings() -> None:
    """The first property with a value; `null` is no setting."""
    answers = Answers(
        {
            "getprop": Answer(0, "[a]: []\n[b]: [x]\n"),
            "settings": Answer(0, "global/low_power=1\nsecure/android_id=null\nglobal/device_name=a=b\n"),
        }
    )
    assert answers.property("a", "b") == "x"
    assert answers.property("c") == ""
    assert [answers.setting(f"global/{name}") for name in ("low_power", "device_name", "none")] == ["1", "a=b", None]
    assert answers.setting("secure/android_id") is None
    assert Answers({"getprop": Answer(0, "nothing of the kind")}).properties == {}


def test_dumps_are_parsed_by_their_kind() -> None:
    """None for a text that is none of its kind, and for a question without one."""
    answers = Answers(
        {"proc_meminfo": Answer(0, "MemTotal:  3855796 kB\n"), "battery": Answer(0, "no"), "id": Answer(0, "0")}
    )
    memory = answers.parsed("proc_meminfo")
    assert isinstance(memory, MemInfo)
    assert memory.total_kb == 3855796
    assert answers.parsed("battery") is None
    assert answers.parsed("id") is None
