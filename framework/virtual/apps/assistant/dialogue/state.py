"""What the assistant remembers of a conversation, what it knows of its handset, what was said and what it answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

Language = Literal["en", "zh"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CONTRACTIONS = (
    (r"\bwhat's\b", "what is"),
    (r"\bhow's\b", "how is"),
    (r"\bwho's\b", "who is"),
    (r"\bit's\b", "it is"),
    (r"\bi'm\b", "i am"),
    (r"\bi'd\b", "i would"),
    (r"\bdon't\b", "do not"),
    (r"\bcan't\b", "can not"),
    (r"\blet's\b", "let us"),
)
_ENGLISH_FOLLOW_UP = re.compile(r"(?:and (?:what|how) about|(?:what|how) about|and) (?P<rest>.+)")
_CHINESE_FOLLOW_UP = re.compile(r"(?:那|那么|还有)?(?P<rest>.+?)呢")


@dataclass(frozen=True, slots=True)
class Facts:
    """The handset at the moment of asking. Times in ns: `now_ns` since boot, `wall_ns` since 1970 (UTC)."""

    now_ns: int
    wall_ns: int
    battery_percent: int
    charging: bool
    fold: Literal["closed", "half_open", "open"] | None
    skin_c: float
    handset: str
    model: str


@dataclass(frozen=True, slots=True)
class Timer:
    seconds: int
    due_ns: int


@dataclass(frozen=True, slots=True)
class State:
    """The memory of one conversation.

    `topic` is the skill that answered last; `about` what it was about, in that skill's own terms. `number` and
    `unit` are of the last sum or conversion; `reminders` are in the user's words.
    """

    topic: str = ""
    about: Mapping[str, str] | None = None
    name: str = ""
    number: Fraction | None = None
    unit: str = ""
    timer: Timer | None = None
    reminders: tuple[str, ...] = ()
    last_reply: str = ""
    turns: int = 0

    def recall(self, topic: str) -> Mapping[str, str]:
        """What the last turn was about, if it was on this topic."""
        return self.about or {} if self.topic == topic else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """The words of a reply, and the state after it (its `topic`, `turns` and `last_reply` are seen to elsewhere)."""

    text: str
    state: State


@dataclass(frozen=True)
class Said:
    """One thing that the user said."""

    text: str

    @cached_property
    def language(self) -> Language:
        return "zh" if _HAN.search(self.text) else "en"

    @cached_property
    def plain(self) -> str:
        """In half-width lower case, without contractions, outer punctuation and doubled spaces."""
        text = unicodedata.normalize("NFKC", self.text).replace("’", "'").lower()
        for pattern, words in _CONTRACTIONS:
            text = re.sub(pattern, words, text)
        text = re.sub(r"(?<!\d)[,;:!?。、](?!\d)|[?!。]+|\.(?=\s|$)", " ", text)
        return " ".join(text.split())

    @cached_property
    def compact(self) -> str:
        """`plain` without any space, as Chinese is written."""
        return self.plain.replace(" ", "")

    @cached_property
    def follow_up(self) -> str | None:
        """What is asked about in "and …?", "what about …?", "…呢？"; None when this is no such question."""
        pattern, text = (
            (_CHINESE_FOLLOW_UP, self.compact) if self.language == "zh" else (_ENGLISH_FOLLOW_UP, self.plain)
        )
        found = pattern.fullmatch(text)
        return found["rest"] if found else None

    def match(self, english: str, chinese: str) -> re.Match[str] | None:
        """Search for the pattern of the language that was spoken; an empty one matches nothing."""
        pattern, text = (chinese, self.compact) if self.language == "zh" else (english, self.plain)
        return re.search(pattern, text) if pattern else None

    def choose(self, english: str, chinese: str) -> str:
        """The words for the language that was spoken."""
        return chinese if self.language == "zh" else english


def about(state: State, text: str, **facts: str) -> Answer:
    """An answer that remembers what it was about."""
    return Answer(text, replace(state, about=facts))
