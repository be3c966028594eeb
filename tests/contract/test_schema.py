"""JSON Schema for editors, judged by a validator that nobody here wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from framework.contract.kinds import KINDS, Kind, kind_of, model_of
from framework.contract.schema import json_schema
from framework.contract.yaml_file import load

ROOT = Path(__file__).parents[2]
SHA = "0123456789abcdef" * 4
DEVICES = """\
defaults: {speed: 10}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship, 5]}
  - {name: 7, kind: usb, serial: 0123456, adb: 10.0.0.1:5037}
  - {name: rack, kind: tcp, address: "10.0.0.7:5555", appium: "http://127.0.0.1:4723"}
  - {name: avd, kind: avd, avd: Pixel_Fold_API_34}
"""
BUILD = f"""\
name: compact
version: 1.10
package: org.example.assistant
activity: .ConversationActivity
emulated: true
apk: {{file: assistant.apk, sha256: {SHA}}}
weights: [{{url: "https://example.org/w.gguf", sha256: {SHA}, to: /data/local/tmp/w.gguf}}]
model: {{name: compact, parameters: 1.3e9, quantization: Q4_K_M}}
text:
  ui: {{input: {{id: i}}, send: {{accessibility_id: s}}, reply: {{xpath: //r}}}}
  intent: {{action: ASK, extra: text}}
voice:
  listen: {{action: LISTEN, extra: wav}}
  inbox: /data/local/tmp/in
  reply_audio: /sdcard/reply-{{turn}}.wav
start: {{extras: {{model: /x}}, ready_within_s: 20, reset: {{action: RESET}}}}
"""
SCENARIO = """\
scenario: Weather, then a follow-up
needs:
  {foldable: true, fold_states: [closed, half_open], ram_gb: ">=8 <=16", free_gb: 4.5, android: 8.1.0, soc: SM*,
  system: HyperOS >= 1.0 <3, model: [Xiaomi MIX Fold 3, 2308CPXD0C], emulated: false, tags: [flagship],
  any_of: [{tags: lab-2}, {android: ">=14"}]}
start: {skin_below_c: 36}
repeat: 5
steps:
  - text: 42
    via: ui
    expect: {contains: Hanoi, excludes: [a, b], matches: "\\\\d+", ttft_ms: 900}
  - fold: half_open
  - say: {zh: 后天呢？, noise: {kind: babble, snr_db: 15}}
    expect: {heard: {cer: 0.1}, contains: [河内], first_audio_ms: 1500}
  - say: 谢谢
budget: {rss_mb: {max: 2900}, decode_tps: {p50: 12}}
"""
SAMPLES: dict[Kind, str] = {"devices": DEVICES, "build": BUILD, "scenario": SCENARIO}


class EditorLoader(yaml.SafeLoader):
    """Scalars as editors see them: YAML 1.2, where 1.3e9 is a number and yes is text."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def faults(kind: Kind, text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    return [error.message for error in validator.iter_errors(yaml.load(text, EditorLoader))]


def described(schema: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Every property of every record, and whether it says what it is."""
    for record in (schema, *schema["$defs"].values()):
        for name, field in record.get("properties", {}).items():
            yield f"{record['title']}.{name}", bool(field.get("description"))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema_of_2020_12(kind: Kind) -> None:
    """The schema itself holds to the draft that it names."""
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_accept_the_schema_accepts(kind: Kind, tmp_path: Path) -> None:
    """A file with every key that there is: read without a fault, and without one in an editor."""
    path = tmp_path / "sample.yaml"
    path.write_text(SAMPLES[kind])
    load(path, model_of(kind))
    assert faults(kind, SAMPLES[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_says_what_it_is(kind: Kind) -> None:
    """Editors show a description for each key; the file as a whole has a title and a description."""
    schema = json_schema(kind)
    assert [name for name, says in described(schema) if not says] == []
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("devices", "address: ", "addres: "),
        ("devices", "xiaomi-mix-fold-3", "xiaomi-mix-fold-4"),
        ("devices", "kind: avd", "kind: adv"),
        ("build", SHA, SHA[1:]),
        ("build", "{id: i}", "{id: i, xpath: //i}"),
        ("scenario", "half_open", "ajar"),
        ("scenario", "{max: 2900}", "{maximum: 2900}"),
        ("scenario", "rss_mb", "rss"),
        ("scenario", "repeat: 5", "repeat: 0"),
        ("scenario", "text: 42", "txt: 42"),
        ("scenario", ">=8 <=16", "8..16"),
        ("scenario", "{tags: lab-2}", "{tag: lab-2}"),
        ("scenario", "closed,", "shut,"),
    ],
)
def test_an_editor_marks_what_we_refuse(kind: Kind, right: str, wrong: str) -> None:
    """Misspelt keys, unknown words, wrong forms and ranges are faults in the editor, too."""
    assert faults(kind, SAMPLES[kind].replace(right, wrong, 1)) != []


def test_statistics_and_metrics_are_offered() -> None:
    """An editor completes the names of metrics, their statistics, profiles and postures."""
    budget = json_schema("scenario")["properties"]["budget"]
    assert "ttft_ms" in budget["propertyNames"]["enum"]
    assert "p95" in budget["additionalProperties"]["propertyNames"]["enum"]
    assert "xiaomi-13" in json_schema("devices")["$defs"]["VirtualHandset"]["properties"]["profile"]["enum"]


def test_the_farms_own_files_hold_to_the_schema() -> None:
    """devices.yaml and everything under suites/."""
    paths = [ROOT / "devices.yaml", *(ROOT / "suites").rglob("*.yaml")]
    found = {}
    for path in paths:
        if path.exists() and "out" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found[path.name] = faults(kind_of(path.stem, yaml.safe_load(text)), text)
    assert found == {name: [] for name in found}
