"""The page's own words, in English and Chinese: `{n:test|tests}` counts, other fields are put in as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

from markupsafe import Markup, escape

from framework.report.release.texts import grouped
from framework.report.release.vocabulary import WORDS

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
_BOTH: Mapping[str, tuple[str, str]] = {key: (english, chinese) for key, english, chinese in WORDS}


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the table with what stands in its fields: numbers, text of others, further words."""

    key: str
    fields: Mapping[str, Any]


def say(key: str, **fields: Any) -> Said:
    return Said(key, fields)


def plain(said: Said | str, language: Language) -> str:
    """In one language, without markup."""
    if isinstance(said, str):
        return said
    return _filled(said, language, lambda value: plain(value, language) if isinstance(value, Said) else str(value))


def markup(said: Said | str) -> Markup:
    """In both languages, of which the page shows one; every field is escaped."""
    if isinstance(said, str):
        return escape(said)
    texts = [Markup(_filled(said, language, lambda value, to=language: _field(value, to))) for language in LANGUAGES]  # type: ignore[misc]  # noqa: S704  # our own words, fields escaped
    if texts[0] == texts[1]:
        return texts[0]
    spans = (f'<span class="{name}" lang="{name}">{text}</span>' for name, text in zip(LANGUAGES, texts, strict=True))
    return Markup("".join(spans))  # noqa: S704


def _field(value: Any, language: Language) -> str:
    """Text of others keeps its own direction."""
    if isinstance(value, Said):
        return _filled(value, language, lambda inner: _field(inner, language))
    return str(escape(value)) if isinstance(value, int | float | Markup) else f"<bdi>{escape(value)}</bdi>"


def _filled(said: Said, language: Language, put: Callable[[Any], str]) -> str:
    parts = []
    for text, name, plural, _ in Formatter().parse(_BOTH[said.key][LANGUAGES.index(language)]):
        parts.append(text)
        if name is not None:
            value = said.fields[name]
            shown = grouped(value) if isinstance(value, int) else value
            parts.append(put(shown) if not isinstance(value, int) else str(shown))
            if plural:
                one, many = plural.split("|")
                parts.append(f" {one if value == 1 else many}")
    return "".join(parts)
