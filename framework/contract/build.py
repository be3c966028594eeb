"""`build.yaml`: one build of the assistant and how to talk to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from framework.contract.record import Record

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PackageName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$")]
DevicePath = Annotated[str, Field(pattern=r"^/(data/local/tmp|sdcard)/[^\0]+$")]


class Artifact(Record):
    """A file of the build: beside build.yaml (`file`) or fetched (`url`); always checked against `sha256`."""

    file: str | None = Field(default=None, description="Path, relative to build.yaml")
    url: str | None = Field(default=None, pattern=r"^https://")
    sha256: Sha256

    @model_validator(mode="after")
    def _one_source(self) -> Artifact:
        if (self.file is None) == (self.url is None):
            raise ValueError("give either file or url")
        return self

    @property
    def source(self) -> str:
        return self.file or self.url or ""


class Weights(Artifact):
    to: DevicePath = Field(description="Where the file goes on the handset")


class Model(Record):
    """Facts of the language model, for labels and for the roofline."""

    name: str
    parameters: Annotated[float, Field(gt=0)]
    quantization: str


class Locator(Record):
    """One way of finding an element with Appium; exactly one key."""

    id: str | None = None
    accessibility_id: str | None = None
    xpath: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Locator:
        if len([value for value in (self.id, self.accessibility_id, self.xpath) if value]) != 1:
            raise ValueError("give exactly one of id, accessibility_id, xpath")
        return self


class IntentCall(Record):
    """An `am start` with this action; `extra` names the string extra that carries the content."""

    action: str
    extra: str | None = None


class ScreenText(Record):
    """Writing to the assistant through its screen."""

    input: Locator
    send: Locator
    reply: Locator


class TextChannel(Record):
    ui: ScreenText | None = None
    intent: IntentCall | None = None

    @model_validator(mode="after")
    def _one_at_least(self) -> TextChannel:
        if self.ui is None and self.intent is None:
            raise ValueError("give ui, intent or both")
        return self


class VoiceChannel(Record):
    """Speaking to the assistant: a WAV file in the place of the microphone, and the file its reply lies in."""

    listen: IntentCall
    inbox: DevicePath = Field(description="Folder on the handset that questions are pushed to")
    reply_audio: DevicePath = Field(description="Path of the spoken reply; {turn} stands for its number")


class Start(Record):
    """How the assistant is started and when it is ready."""

    extras: dict[str, str] = Field(default={}, description="String extras of the start intent")
    ready_within_s: Annotated[float, Field(gt=0)] = Field(default=30, description="Device seconds from start to ready")
    reset: IntentCall | None = Field(default=None, description="Begins a fresh conversation")


class BuildSpec(Record):
    """The whole file."""

    model_config = ConfigDict(title="build.yaml")
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: str
    package: PackageName
    activity: str = Field(description="Activity to start, short (.Main) or full")
    emulated: bool = Field(default=False, description="A demonstration build that only virtual handsets take")
    generate: str | None = Field(default=None, description="Python script that makes the files when they are missing")
    apk: Artifact
    weights: tuple[Weights, ...] = ()
    model: Model
    text: TextChannel
    voice: VoiceChannel | None = None
    start: Start = Start()

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def component(self) -> str:
        return f"{self.package}/{self.activity}"


def artifact_path(build_file: Path, artifact: Artifact) -> Path | None:
    """Where a local artifact lies, or None for one that is fetched."""
    return None if artifact.file is None else (build_file.parent / artifact.file).resolve()
