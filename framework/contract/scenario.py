"""Scenario files: what is asked of the assistant, and what is expected of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from framework.contract.metrics import METRIC_NAMES, TURN_METRICS, Statistic
from framework.contract.record import Record

Language = Literal["en", "zh"]
Positive = Annotated[float, Field(gt=0)]
Limits = dict[Statistic, float]


class Noise(Record):
    kind: Literal["white", "babble", "hum"]
    snr_db: Annotated[float, Field(ge=-10, le=60)]


class Speech(Record):
    """A spoken question: the text under its language, with noise where wanted."""

    en: str | None = None
    zh: str | None = None
    noise: Noise | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"zh" if any("\u4e00" <= letter <= "\u9fff" for letter in value) else "en": value}
        return value

    @model_validator(mode="after")
    def _one_language(self) -> Speech:
        if (self.en is None) == (self.zh is None):
            raise ValueError("give the question once, under en or under zh")
        return self

    @property
    def language(self) -> Language:
        return "en" if self.zh is None else "zh"

    @property
    def text(self) -> str:
        return self.en or self.zh or ""


class Heard(Record):
    """How well the assistant must have understood the question: error rates, 0 to 1."""

    wer: Annotated[float, Field(ge=0)] | None = None
    cer: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Heard:
        if (self.wer is None) == (self.cer is None):
            raise ValueError("give wer (English) or cer (Chinese)")
        return self


class Expect(Record):
    """What one turn must show; the latency limits are milliseconds of device time."""

    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    matches: str | None = Field(default=None, description="A regular expression that the reply must hold")
    heard: Heard | None = None
    ttft_ms: Positive | None = None
    tpot_ms: Positive | None = None
    decode_tps: Positive | None = None
    total_ms: Positive | None = None
    asr_final_ms: Positive | None = None
    first_audio_ms: Positive | None = None
    first_text_ms: Positive | None = None
    mj_per_token: Positive | None = None

    @field_validator("contains", "excludes", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @property
    def limits(self) -> dict[str, float]:
        """Metric name → limit, for the metrics of a turn that this turn limits."""
        named = {name: getattr(self, name) for name in TURN_METRICS}
        return {name: limit for name, limit in named.items() if limit is not None}


class TextStep(Record):
    model_config = ConfigDict(title="text")
    text: Annotated[str, Field(min_length=1)]
    via: Literal["ui", "intent"] | None = Field(default=None, description="Default: what the build offers, ui first")
    expect: Expect = Expect()


class SayStep(Record):
    model_config = ConfigDict(title="say")
    say: Speech
    expect: Expect = Expect()


class FoldStep(Record):
    model_config = ConfigDict(title="fold")
    fold: Literal["closed", "half_open", "open"]


Step = TextStep | SayStep | FoldStep
STEP_KINDS: tuple[str, ...] = ("text", "say", "fold")


class Needs(Record):
    """Capabilities that a handset must have; comparisons are written as strings, `">=8"`."""

    foldable: bool | None = None
    ram_gb: str | None = Field(default=None, pattern=r"^(>=|<=|>|<|==)?\s*\d+(\.\d+)?$")
    android: str | None = Field(default=None, pattern=r"^(>=|<=|>|<|==)?\s*\d+(\.\d+)?$")
    tags: tuple[str, ...] = ()


class StartConditions(Record):
    skin_below_c: Annotated[float, Field(gt=0, lt=100)] | None = None


class Scenario(Record):
    """The whole file."""

    model_config = ConfigDict(title="scenario")
    scenario: Annotated[str, Field(min_length=1, description="What is shown in reports")]
    needs: Needs = Needs()
    start: StartConditions = StartConditions()
    repeat: Annotated[int, Field(ge=1, le=1000)] = 1
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    budget: dict[str, Limits] = Field(default={})

    @field_validator("budget")
    @classmethod
    def _known_metrics(cls, value: dict[str, Limits]) -> dict[str, Limits]:
        for name in value:
            if name not in METRIC_NAMES:
                raise ValueError(f"unknown metric {name}; there are {', '.join(METRIC_NAMES)}")
        return value
