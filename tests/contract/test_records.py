"""Records made in Python, and what they tell about themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from framework.contract.build import Artifact, BuildSpec, ContentIntent, Model, TextChannel, artifact_path
from framework.contract.metrics import METRIC_NAMES, TURN_METRICS, metric
from framework.contract.needs import Needs
from framework.contract.scenario import Expect, FoldStep, SayStep, Scenario, Speech, TextStep
from framework.contract.trace import ClockFit
from framework.contract.turn import TurnRecord
from framework.contract.verdict import SEVERITY, Check, Verdict, gravest

SHA = "0" * 64


def test_a_scenario_is_made_of_records() -> None:
    """Steps may be given as the records that they are; a wrong combination is refused as in a file."""
    steps = (TextStep(text="hi"), FoldStep(fold="open"), SayStep(say=Speech(en="and now?")))
    scenario = Scenario(scenario="Fold", needs=Needs(foldable=True), steps=steps)
    assert scenario.steps == steps
    with pytest.raises(ValidationError, match="nothing is asked"):
        Scenario(scenario="Fold", needs=Needs(foldable=True), steps=(FoldStep(fold="open"),))


def test_records_cannot_be_changed() -> None:
    """They are shared between rooms."""
    step = TextStep(text="hi")
    with pytest.raises(ValidationError):
        step.text = "ho"  # type: ignore[misc]


def test_speech_knows_its_language() -> None:
    """Plain text is Chinese when it holds a Chinese letter."""
    spoken = [Speech.model_validate(text) for text in ("Good morning", "打开 WiFi")]
    assert [(speech.language, speech.text) for speech in spoken] == [("en", "Good morning"), ("zh", "打开 WiFi")]


def test_limits_are_metrics_of_a_turn() -> None:
    """Each latency key of `expect` is a metric that has one value a turn, and the other way round."""
    keys = set(Expect.model_fields) - {"contains", "excludes", "matches", "heard"}
    assert keys == set(TURN_METRICS)
    assert Expect(ttft_ms=900).limits == {"ttft_ms": 900}


def test_metrics_are_found_by_name() -> None:
    """Names are unique; an unknown one is a KeyError."""
    assert len(set(METRIC_NAMES)) == len(METRIC_NAMES)
    assert metric("decode_tps").better == "higher"
    with pytest.raises(KeyError):
        metric("decode")


def test_a_build_names_its_files() -> None:
    """Local files lie beside build.yaml; fetched ones nowhere yet."""
    spec = BuildSpec(
        name="compact",
        version="1.0",
        package="org.example.assistant",
        activity=".Main",
        apk=Artifact(file="out/a.apk", sha256=SHA),
        model=Model(name="m", parameters=1e9, quantization="Q4"),
        text=TextChannel(intent=ContentIntent(action="ASK", extra="text")),
    )
    fetched = Artifact(url="https://example.org/a.apk", sha256=SHA)
    assert (spec.label, spec.component) == ("compact 1.0", "org.example.assistant/.Main")
    assert artifact_path(Path("/builds/compact/build.yaml"), spec.apk) == Path("/builds/compact/out/a.apk")
    assert (artifact_path(Path("/build.yaml"), fetched), fetched.source) == (None, "https://example.org/a.apk")


def test_the_gravest_verdict_decides() -> None:
    """Every verdict has its place; nothing checked is a pass; a turn's verdict is that of its checks."""
    assert sorted(verdict.value for verdict in SEVERITY) == sorted(verdict.value for verdict in Verdict)
    assert gravest(()) is Verdict.PASS
    assert gravest((Verdict.LAB, Verdict.FAIL, Verdict.INVALID)) is Verdict.FAIL
    checks = (Check("a", Verdict.PASS, "x", "y"), Check("b", Verdict.UNMEASURED, "x", "y"))
    assert TurnRecord(1, "q", "en", "ui", None, "a", 0, 1, checks=checks).verdict is Verdict.UNMEASURED
    assert [verdict for verdict in Verdict if verdict.blames_build] == [Verdict.FAIL, Verdict.UNMEASURED]


def test_host_time_maps_onto_device_time() -> None:
    """By the emulator's speed and the measured offset."""
    assert ClockFit(offset_ns=1000, bound_ns=5, scale=10.0).device_ns(7) == 1070
