"""The base of every record that is read from a file, and what its fields say in plain words when they are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Record(BaseModel):
    """Frozen, and strict about keys: an unknown one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Text = Annotated[str, Field(min_length=1)]
"""Text that is not empty."""


def one_or_many(value: Any) -> Any:
    """Before a list is validated: text stands for a list with this one item."""
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(one_or_many, json_schema_input_type=Text | tuple[Text, ...])]
"""Texts, one of which may be written without brackets."""

FAULT = "fault"
"""Type of the errors that `fault` makes: their message is already in plain words."""


def fault(message: str, *, at: tuple[str | int, ...] = (), suggestion: str | None = None) -> PydanticCustomError:
    """What a validator raises: a message for the user, and where below the validated value it belongs."""
    return PydanticCustomError(FAULT, "{message}", {"message": message, "at": at, "suggestion": suggestion})


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that `word` is probably a misspelling of."""
    from difflib import get_close_matches

    by_folded = {option.casefold(): option for option in options}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.65)
    return by_folded[found[0]] if found else None


def quoted(value: object, limit: int = 40) -> str:
    """How a message shows what was found."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f'"{text[:limit]}…"' if len(text) > limit else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Form:
    """Annotates text that must match `pattern` as a whole; `words` say the same for people."""

    pattern: str
    words: str

    def check(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            raise fault(f"expected {self.words}, found {quoted(text)}")
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Annotates text that must be one of `options`; `noun` says what they are."""

    noun: str
    options: tuple[str, ...]

    def check(self, text: str) -> str:
        if text in self.options:
            return text
        near = nearest(text, self.options)
        others = "" if near else f"; there are {', '.join(self.options)}"
        raise fault(f"no such {self.noun}: {quoted(text)}{others}", suggestion=near)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "type": "string", "enum": list(self.options)}
