"""Scenario files: what is asked of the assistant, and what is expected of it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema

from framework.contract.about import SEVERITIES, Links
from framework.contract.metrics import METRIC_NAMES, TURN_METRICS, Statistic
from framework.contract.needs import Needs, Posture
from framework.contract.record import Choice, Record, Text, Texts, fault, nearest, quoted

Language = Literal["en", "zh"]
Positive = Annotated[float, Field(gt=0)]
ErrorRate = Annotated[float, Field(ge=0, le=1)]
CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


class Noise(Record):
    """Sound that is mixed under a spoken question."""

    kind: Literal["white", "babble", "hum"] = Field(description="What the noise is")
    snr_db: Annotated[float, Field(ge=-10, le=60)] = Field(description="Speech over noise, decibels")


class Speech(Record):
    """A spoken question: the text under its language, with noise where wanted."""

    en: Text | None = Field(default=None, description="The question in English")
    zh: Text | None = Field(default=None, description="The question in Chinese")
    noise: Noise | None = Field(default=None, description="Sound mixed under the question")

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"zh" if CHINESE.search(value) else "en": value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(schema)]}

    @model_validator(mode="after")
    def _one_language(self) -> Speech:
        if (self.en is None) == (self.zh is None):
            raise fault("give the question once, under en or under zh")
        if self.en is not None and CHINESE.search(self.en):
            raise fault("this is Chinese; put it under zh", at=("en",))
        return self

    @property
    def language(self) -> Language:
        return "en" if self.zh is None else "zh"

    @property
    def text(self) -> str:
        return self.en or self.zh or ""


class Heard(Record):
    """How well the assistant must have understood the question: an error rate, 0 to 1."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    wer: ErrorRate | None = Field(default=None, description="Highest word error rate, for English")
    cer: ErrorRate | None = Field(default=None, description="Highest character error rate, for Chinese")

    @model_validator(mode="after")
    def _one(self) -> Heard:
        if (self.wer is None) == (self.cer is None):
            raise fault("give wer (English) or cer (Chinese)")
        return self


def _regular_expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise fault(f"not a regular expression: {error}") from None
    return pattern


class Expect(Record):
    """What one turn must show; the latency limits are milliseconds of device time."""

    contains: Texts = Field(default=(), description="Text that the reply must hold, whatever its case")
    excludes: Texts = Field(default=(), description="Text that the reply must not hold")
    matches: Annotated[str, AfterValidator(_regular_expression)] | None = Field(
        default=None, description="A regular expression that the reply must hold"
    )
    heard: Heard | None = Field(default=None, description="How well a spoken question must be understood")
    ttft_ms: Positive | None = Field(default=None, description="End of the request to the first token, at most")
    tpot_ms: Positive | None = Field(default=None, description="Mean time between two tokens, at most")
    decode_tps: Positive | None = Field(default=None, description="Tokens a second, at least")
    total_ms: Positive | None = Field(default=None, description="End of the request to the whole reply, at most")
    asr_final_ms: Positive | None = Field(
        default=None, description="End of speech to the final transcript, at most; spoken steps only"
    )
    first_audio_ms: Positive | None = Field(
        default=None, description="End of speech (or of the request) to the first reply sound, at most"
    )
    first_text_ms: Positive | None = Field(
        default=None, description="End of the request to the first reply text on the screen, at most"
    )
    mj_per_token: Positive | None = Field(default=None, description="Energy of one reply token, at most")

    @model_validator(mode="after")
    def _not_both(self) -> Expect:
        for index, phrase in enumerate(self.excludes):
            if phrase in self.contains:
                raise fault(f"{quoted(phrase)} stands under contains as well", at=("excludes", index))
        return self

    @property
    def limits(self) -> dict[str, float]:
        """Metric name → limit, for the metrics of a turn that this turn limits."""
        named = {name: getattr(self, name) for name in TURN_METRICS}
        return {name: limit for name, limit in named.items() if limit is not None}


class TextStep(Record):
    """A written question."""

    model_config = ConfigDict(title="text")
    text: Text = Field(description="The question")
    via: Literal["ui", "intent"] | None = Field(default=None, description="Default: what the build offers, ui first")
    expect: Expect = Field(default=Expect(), description="What the turn must show")

    @model_validator(mode="after")
    def _nothing_is_heard(self) -> TextStep:
        for key in ("heard", "asr_final_ms"):
            if getattr(self.expect, key) is not None:
                raise fault("only a spoken step (say) is heard", at=("expect", key))
        return self


class SayStep(Record):
    """A spoken question."""

    model_config = ConfigDict(title="say")
    say: Speech = Field(description="The question: plain text, or a mapping")
    expect: Expect = Field(default=Expect(), description="What the turn must show")

    @model_validator(mode="after")
    def _rate_suits_language(self) -> SayStep:
        heard = self.expect.heard
        if heard and heard.wer is not None and self.say.language == "zh":
            raise fault("Chinese is judged by cer", at=("expect", "heard", "wer"))
        if heard and heard.cer is not None and self.say.language == "en":
            raise fault("English is judged by wer", at=("expect", "heard", "cer"))
        return self


class FoldStep(Record):
    """Folding or unfolding the handset."""

    model_config = ConfigDict(title="fold")
    fold: Posture = Field(description="The posture to bring the handset into")


STEP_KINDS: tuple[str, ...] = ("text", "say", "fold")


def _step_kind(step: Any) -> str | None:
    """Which of the steps a mapping is, or is probably meant to be."""
    keys = type(step).model_fields if isinstance(step, Record) else step
    for kind in STEP_KINDS:
        if kind in keys:
            return kind
    return next((near for key in keys if (near := nearest(key, STEP_KINDS))), None)


def _one_step(value: Any) -> Any:
    if isinstance(value, Record):
        return value
    if not isinstance(value, dict):
        raise fault(f"expected a step with text, say or fold, found {quoted(value)}")
    kinds = [kind for kind in STEP_KINDS if kind in value]
    if len(kinds) > 1:
        raise fault(f"{kinds[0]} and {kinds[1]} are two steps; begin each with a dash", at=(kinds[1],))
    if _step_kind(value) is None:
        raise fault("a step needs text, say or fold")
    return value


Step = Annotated[
    Annotated[TextStep, Tag("text")] | Annotated[SayStep, Tag("say")] | Annotated[FoldStep, Tag("fold")],
    Discriminator(_step_kind),
    BeforeValidator(_one_step),
]


class StartConditions(Record):
    """What is waited for before the first step."""

    skin_below_c: Annotated[float, Field(gt=0, lt=100)] | None = Field(
        default=None, description="Skin temperature that the handset must have cooled down to, °C"
    )
    battery_above: Annotated[float, Field(ge=0, lt=100)] | None = Field(
        default=None, description="Charge that the battery must have more of, percent"
    )
    idle_cpu_below: Annotated[float, Field(ge=1, le=100)] | None = Field(
        default=None, description="Load that all of the CPU must have sunk below, percent (of all cores together)"
    )


def _limits(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault(f"expected limits such as {{max: 10}}, found {quoted(value)}")
    return value


Limits = Annotated[
    dict[Statistic, Annotated[float, Field(ge=0)]],
    Field(min_length=1),
    BeforeValidator(_limits, json_schema_input_type=dict[Statistic, Annotated[float, Field(ge=0)]]),
]


class Scenario(Record):
    """A conversation with the assistant, and what it must show."""

    model_config = ConfigDict(title="scenario")
    scenario: Text = Field(description="What is shown in reports")
    needs: Needs = Field(default=Needs(), description="Which handsets can run it")
    start: StartConditions = Field(default=StartConditions(), description="What is waited for before the first step")
    repeat: Annotated[int, Field(ge=1, le=1000)] = Field(default=1, description="Repetitions, each a new conversation")
    steps: Annotated[tuple[Step, ...], Field(min_length=1)] = Field(description="What is done, in this order")
    budget: dict[Annotated[str, Choice("metric", METRIC_NAMES)], Limits] = Field(
        default={}, description="Limits over all turns and samples: metric, statistic, limit"
    )
    severity: Annotated[str, Choice("severity", SEVERITIES)] | None = Field(
        default=None, description="How much it matters; default: blocker under smoke, critical under text and voice"
    )
    epic: Text | None = Field(default=None, description="Of which part of the product; default: the suite's folder")
    feature: Text | None = Field(default=None, description="Of which feature; default: the name of the file")
    story: Text | None = Field(default=None, description="Of which user's story; default: the scenario")
    links: Links = Field(default=Links(), description="Issues, requirements and pages that it goes back to")

    @model_validator(mode="after")
    def _asks_something(self) -> Scenario:
        if all(isinstance(step, FoldStep) for step in self.steps):
            raise fault("nothing is asked: there is no text or say step", at=("steps",))
        return self

    @model_validator(mode="after")
    def _foldables_are_needed(self) -> Scenario:
        for index, step in enumerate(self.steps):
            if isinstance(step, FoldStep) and not self.needs.folds:
                raise fault("a scenario that folds must say foldable: true under needs", at=("steps", index, "fold"))
        return self
