"""`build.yaml`: one build of the assistant and how to talk to it."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from framework.contract.events import EVENT_NAMES
from framework.contract.record import Choice, Form, Record, Text, fault, nearest, quoted

Sha256 = Annotated[str, Form(r"[0-9a-f]{64}", "64 lower-case hex digits")]
HttpsUrl = Annotated[str, Form(r"https://[^\s/]+/\S+", "a URL that begins with https://")]
BuildName = Annotated[str, Form(r"[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, dots, dashes and underscores")]
PackageName = Annotated[
    str, Form(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", "an Android package name such as org.example.assistant")
]
ActivityName = Annotated[
    str, Form(r"(\.[A-Za-z_][\w$]*)+|[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)+", "an activity such as .MainActivity")
]
DevicePath = Annotated[
    str,
    Form(
        r"/(data/local/tmp|sdcard)(/(?!\.{1,2}(/|$))[^/\x00-\x1f]+)+",
        "a path under /data/local/tmp or /sdcard, without . or ..",
    ),
]


def _only_turn(path: str) -> str:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(path) if name is not None}
    except ValueError:
        raise fault(f"a brace without its partner in {quoted(path)}") from None
    for name in sorted(names - {"turn"}):
        raise fault(f"{{{name}}} stands for nothing here; there is {{turn}}")
    return path


PATTERN_GROUPS: tuple[str, ...] = ("turn", "n", "tokens", "text", "message")
"""What a pattern may find in a log line; the first three are numbers."""


def _event_pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise fault(f"not a regular expression: {error}") from None
    for name in groups:
        if name not in PATTERN_GROUPS:
            near = nearest(name, PATTERN_GROUPS)
            others = "" if near else f"; there are {', '.join(PATTERN_GROUPS)}"
            raise fault(f"no such group: {quoted(name)}{others}", suggestion=near)
    return pattern


EventName = Annotated[str, Choice("event", EVENT_NAMES)]
EventPattern = Annotated[str, Field(min_length=1), AfterValidator(_event_pattern)]


class Artifact(Record):
    """A file of the build: beside build.yaml (`file`) or fetched (`url`); always checked against `sha256`."""

    file: Text | None = Field(default=None, description="Path, relative to build.yaml")
    url: HttpsUrl | None = Field(default=None, description="Where the file is fetched from")
    sha256: Sha256 = Field(description="SHA-256 of the file, as sha256sum prints it")

    @model_validator(mode="after")
    def _one_source(self) -> Artifact:
        if (self.file is None) == (self.url is None):
            raise fault("give either file or url")
        return self

    @property
    def source(self) -> str:
        return self.file or self.url or ""


class Weights(Artifact):
    """A file of weights and its place on the handset."""

    to: DevicePath = Field(description="Where the file goes on the handset")


class Model(Record):
    """Facts of the language model, for labels and for the roofline."""

    name: Text = Field(description="What reports call the model")
    parameters: Annotated[float, Field(gt=0)] = Field(description="Number of parameters, for example 1.3e9")
    quantization: Text = Field(description="Format of the weights, for example Q4_K_M")


class Locator(Record):
    """One way of finding an element with Appium; exactly one key."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    id: Text | None = Field(default=None, description="Resource id, for example org.example:id/send")
    accessibility_id: Text | None = Field(default=None, description="Content description")
    xpath: Text | None = Field(default=None, description="XPath over the page source")

    @model_validator(mode="after")
    def _one(self) -> Locator:
        if len([value for value in (self.id, self.accessibility_id, self.xpath) if value]) != 1:
            raise fault("give exactly one of id, accessibility_id, xpath")
        return self


class IntentCall(Record):
    """An `am start` with this action; `extra` names the string extra that carries the content."""

    action: Text = Field(description="Action of the intent")
    extra: Text | None = Field(default=None, description="Name of the string extra that carries the content")


class ContentIntent(IntentCall):
    """An intent that carries something, so that the name of its extra is needed."""

    extra: Text = Field(description="Name of the string extra that carries the content")


class ScreenText(Record):
    """Writing to the assistant through its screen."""

    input: Locator = Field(description="Where the question is typed")
    send: Locator = Field(description="The button that sends it")
    reply: Locator = Field(description="Replies; the last match is the newest")


class TextChannel(Record):
    """How questions are written to the assistant: through its screen, by intent, or both."""

    ui: ScreenText | None = Field(default=None, description="By the screen")
    intent: ContentIntent | None = Field(default=None, description="By an intent")

    @model_validator(mode="after")
    def _one_at_least(self) -> TextChannel:
        if self.ui is None and self.intent is None:
            raise fault("give ui, intent or both")
        return self


class VoiceChannel(Record):
    """Speaking to the assistant: a WAV file in the place of the microphone, and the file its reply lies in."""

    listen: ContentIntent = Field(description="Makes the assistant listen to the file that the extra names")
    inbox: DevicePath = Field(description="Folder on the handset that questions are pushed to")
    reply_audio: Annotated[DevicePath, AfterValidator(_only_turn)] = Field(
        description="Path of the spoken reply; {turn} stands for its number"
    )


class Patterns(Record):
    """What a build logs instead of event lines: one regular expression for each event that it tells of.

    Each is searched in the messages under `tag`. Named groups carry what is known: `turn`, `n` (a token's number),
    `tokens` (how many a reply has), `text`, `message` (of an error). Without `turn` a line belongs to the turn that
    is under way; without `n` tokens cannot be counted, so that tpot_ms and decode_tps are not measured.
    """

    tag: Text = Field(description="Tag in the handset's log, as logcat prints it")
    events: dict[EventName, EventPattern] = Field(
        min_length=1,
        description="Event → regular expression",
        examples=[
            {
                "request": r"^ask #(?P<turn>\d+)",
                "first_token": r"^#(?P<turn>\d+) streaming",
                "token": r"^#(?P<turn>\d+) token (?P<n>\d+)",
                "reply": r"^#(?P<turn>\d+) done, (?P<tokens>\d+) tokens: (?P<text>.*)",
            }
        ],
    )


class Start(Record):
    """How the assistant is started and when it is ready."""

    extras: dict[str, str] = Field(default={}, description="String extras of the start intent")
    ready_within_s: Annotated[float, Field(gt=0)] = Field(default=30, description="Device seconds from start to ready")
    reset: IntentCall | None = Field(default=None, description="Begins a fresh conversation")


class BuildSpec(Record):
    """One build of the assistant: its files, its model, and how it is started and talked to."""

    model_config = ConfigDict(title="build.yaml")
    name: BuildName = Field(description="Name of the build, the same from version to version")
    version: Text = Field(description="Version, as written")
    package: PackageName = Field(description="Android package of the APK")
    activity: ActivityName = Field(description="Activity to start, short (.Main) or full")
    emulated: bool = Field(default=False, description="A demonstration build that only virtual handsets take")
    generate: Text | None = Field(
        default=None, description="Python script beside build.yaml that makes the files when they are missing"
    )
    apk: Artifact = Field(description="The application")
    weights: tuple[Weights, ...] = Field(default=(), description="Files that are pushed beside the application")
    model: Model = Field(description="Facts of the language model")
    text: TextChannel = Field(description="How questions are written")
    voice: VoiceChannel | None = Field(default=None, description="How questions are spoken, where the build can hear")
    start: Start = Field(default=Start(), description="How the assistant is started")
    events: bool = Field(
        default=True,
        description="Whether the build logs AssistantEvent lines; false: it is measured by patterns or by its screen",
    )
    patterns: Patterns | None = Field(default=None, description="What a build logs instead of AssistantEvent lines")

    @model_validator(mode="after")
    def _can_be_watched(self) -> BuildSpec:
        if self.patterns is not None and self.events:
            raise fault("a build with patterns logs no AssistantEvent lines: say events: false", at=("patterns",))
        if "reply" not in self.told and self.text.ui is None:
            raise fault("without the event reply the end of a turn is seen on the screen only: give text.ui")
        return self

    @model_validator(mode="after")
    def _weights_lie_apart(self) -> BuildSpec:
        seen: set[str] = set()
        for index, weights in enumerate(self.weights):
            if weights.to in seen:
                raise fault("two files go to this path", at=("weights", index, "to"))
            seen.add(weights.to)
        return self

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def told(self) -> frozenset[str]:
        """The events that the build tells of in the log."""
        if self.events:
            return frozenset(EVENT_NAMES)
        return frozenset() if self.patterns is None else frozenset(self.patterns.events)

    @property
    def component(self) -> str:
        return f"{self.package}/{self.activity}"


def artifact_path(build_file: Path, artifact: Artifact) -> Path | None:
    """Where a local artifact lies, or None for one that is fetched."""
    return None if artifact.file is None else (build_file.parent / artifact.file).resolve()
