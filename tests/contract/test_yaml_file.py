"""Files as records, or as one UsageError with everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.contract.handsets import Inventory, UsbHandset, VirtualHandset
from framework.contract.scenario import FoldStep, SayStep, Scenario, TextStep
from framework.contract.yaml_file import MAX_BYTES, MAX_PROBLEMS, load

DEVICES = """\
defaults: {speed: 10}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}
  - {name: bench, kind: usb, serial: 0123456}
"""
SCENARIO = """\
scenario: Weather, then a follow-up
needs: {foldable: yes, ram_gb: ">=8"}
start: {skin_below_c: 36}
repeat: 5
steps:
  - text: What is the weather in Hanoi tomorrow?
    expect: {contains: Hanoi, ttft_ms: 900, total_ms: 4e3}
  - fold: half_open
  - say: {zh: 后天呢？, noise: {kind: babble, snr_db: 15}}
    expect: {heard: {cer: 0.1}, contains: [河内], first_audio_ms: 1500}
  - say: 谢谢
budget: {rss_mb: {max: 2900}, skin_c: {max: 43}, decode_tps: {p50: 12}}
"""


def said(tmp_path: Path, content: bytes) -> list[str]:
    """The problems of a devices.yaml with this content, without the file's name."""
    path = tmp_path / "devices.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load(path, Inventory)
    return [str(problem).removeprefix(str(path)) for problem in caught.value.problems]


def test_an_inventory_is_read(tmp_path: Path) -> None:
    """Numbers become numbers, a serial with a leading zero stays as it is."""
    path = tmp_path / "devices.yaml"
    path.write_text(DEVICES)
    assert load(path, Inventory).handsets == (
        VirtualHandset(name="fold", kind="virtual", profile="xiaomi-mix-fold-3", tags=("flagship",)),
        UsbHandset(name="bench", kind="usb", serial="0123456"),
    )


def test_a_scenario_is_read(tmp_path: Path) -> None:
    """The design's example: each step becomes its own record, text for lists and Chinese text are understood."""
    path = tmp_path / "weather.yaml"
    path.write_text(SCENARIO)
    scenario = load(path, Scenario)
    first, fold, third, thanks = scenario.steps
    assert isinstance(first, TextStep)
    assert isinstance(fold, FoldStep)
    assert isinstance(third, SayStep)
    assert isinstance(thanks, SayStep)
    assert first.expect.limits == {"ttft_ms": 900.0, "total_ms": 4000.0}
    assert (first.expect.contains, scenario.needs.foldable, scenario.repeat) == (("Hanoi",), True, 5)
    assert (third.say.language, thanks.say.zh) == ("zh", "谢谢")
    assert scenario.budget == {"rss_mb": {"max": 2900.0}, "skin_c": {"max": 43.0}, "decode_tps": {"p50": 12.0}}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", ": the file is empty"),
        (b"---\n...\n", ": the file is empty"),
        (b"- fold\n", ":1: expected a devices.yaml (key: value), found a list"),
        (b"fold\n", ':1: expected a devices.yaml (key: value), found "fold"'),
        ("handsets: []\n".encode("utf-16"), ": UTF-16; save the file as UTF-8"),
        (b"handsets:\n  - \xff\n", ":2: not UTF-8: byte 0xff"),
        (b"handsets: [" + b"x, " * MAX_BYTES, ": larger than 1 MiB"),
    ],
)
def test_what_is_no_devices_yaml_gets_one_line(tmp_path: Path, content: bytes, line: str) -> None:
    """Empty, of another shape, badly encoded or huge."""
    assert said(tmp_path, content) == [line]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Windows editors write one; the same file with CRLF line ends is read, too."""
    path = tmp_path / "devices.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + DEVICES.replace("\n", "\r\n").encode())
    assert [handset.name for handset in load(path, Inventory).handsets] == ["fold", "bench"]


def test_files_that_cannot_be_opened_get_one_line(tmp_path: Path) -> None:
    """A missing file, a folder and a folder that is a file are told apart."""
    (tmp_path / "file").touch()
    texts = []
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "file" / "devices.yaml"):
        with pytest.raises(UsageError) as caught:
            load(path, Inventory)
        texts.append(str(caught.value))
    assert texts == [
        f"{tmp_path}/none.yaml: no such file",
        f"{tmp_path}: a directory, not a file",
        f"{tmp_path}/file/devices.yaml: cannot be read: Not a directory",
    ]


def test_files_below_the_working_directory_are_named_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest hands over absolute paths; people read the short ones."""
    (tmp_path / "suites").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "suites" / "none.yaml", Scenario)
    assert str(caught.value) == "suites/none.yaml: no such file"


def test_all_faults_of_a_file_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Duplicate keys, which YAML's reader finds, stand among the faults that the model finds."""
    content = b"handsets:\n  - {name: a, kind: tcp}\n  - {name: b, name: b, kind: avd, avd: x}\ndefaults: {speed: no}\n"
    assert said(tmp_path, content) == [
        ":2: handsets[0].address: missing",
        ":3: handsets[1].name: given twice, first on line 3",
        ':4: defaults.speed: expected a number, found "no"',
    ]


def test_more_faults_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    """The first ones are shown, the rest is a number."""
    content = b"handsets:\n" + b"  - {name: a b, kind: avd, avd: x}\n" * (MAX_PROBLEMS + 7)
    lines = said(tmp_path, content)
    assert (len(lines), lines[-1]) == (MAX_PROBLEMS + 1, ": and 7 more")


def test_a_fault_inside_an_alias_is_on_the_line_where_it_is_written(tmp_path: Path) -> None:
    """The place is that of the anchor: there it has to be mended."""
    first = b"handsets:\n  - {name: a, kind: avd, avd: x, tags: &tags [ok, '']}\n"
    content = first + b"  - {name: b, kind: avd, avd: y, tags: *tags}\n"
    assert said(tmp_path, content) == [
        ":2: handsets[0].tags[1]: must not be empty",
        ":2: handsets[1].tags[1]: must not be empty",
    ]


def test_found_text_cannot_break_the_line_or_colour_the_terminal(tmp_path: Path) -> None:
    """Line ends and escape sequences from a file are shown as one mark each."""
    content = b'handsets:\n  - {name: "a\\nb\\e[31m", kind: avd, avd: x}\n'
    expected = "at most 64 letters, digits, dots, dashes and underscores"
    assert said(tmp_path, content) == [f':2: handsets[0].name: expected {expected}, found "a\ufffdb\ufffd[31m"']
