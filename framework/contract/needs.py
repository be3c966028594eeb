"""What a scenario needs of a handset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from framework.contract.comparison import (
    NUMBERS,
    SYSTEM,
    VERSIONS,
    numbers_empty,
    system_versions,
    versions_empty,
)
from framework.contract.record import Form, Record, Texts, fault, one_or_many, quoted

Posture = Literal["closed", "half_open", "open"]
POSTURES: tuple[Posture, ...] = ("closed", "half_open", "open")
Postures = Annotated[
    tuple[Posture, ...], BeforeValidator(one_or_many, json_schema_input_type=Posture | tuple[Posture, ...])
]


def _as_text(value: Any) -> Any:
    """Python says `ram_gb=8` where a file says text."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


def _possible(empty: Callable[[str], bool]) -> AfterValidator:
    def check(asked: str) -> str:
        if empty(asked):
            raise fault(f"nothing can be {quoted(asked)}")
        return asked

    return AfterValidator(check)


def _no_system(asked: str) -> bool:
    versions = system_versions(asked)
    return bool(versions) and versions_empty(versions)


Numbers = Annotated[
    str,
    Form(NUMBERS, 'a number (at least) or comparisons such as ">=8" or ">=8 <16"'),
    _possible(numbers_empty),
    BeforeValidator(_as_text, json_schema_input_type=str),
]
Versions = Annotated[
    str,
    Form(VERSIONS, 'a version (at least) or comparisons such as ">=13" or ">=12 <15"'),
    _possible(versions_empty),
    BeforeValidator(_as_text, json_schema_input_type=str),
]
System = Annotated[
    str,
    Form(SYSTEM, 'a system and comparisons with its version, such as "HyperOS >=1"'),
    _possible(_no_system),
]


class Needs(Record):
    """Capabilities that a handset must have, all of them; comparisons are written as strings, `">=8"`."""

    foldable: bool | None = Field(default=None, description="true: only foldables; false: none of them")
    fold_states: Postures = Field(
        default=(), description="Postures that the handset must be able to take: closed, half_open, open"
    )
    ram_gb: Numbers | None = Field(default=None, description='Memory in GB, for example ">=8" or ">=8 <16"')
    free_gb: Numbers | None = Field(
        default=None, description='Free storage in GB (10^9 bytes) when the run begins, for example ">=4"'
    )
    android: Versions | None = Field(default=None, description='Android release, for example ">=13" or ">=12 <15"')
    system: System | None = Field(
        default=None, description='System of its maker, with its version where that matters, such as "HyperOS >=1"'
    )
    soc: Texts = Field(
        default=(), description="Its chip, one of these, such as SM8550; letter case does not matter, * is anything"
    )
    model: Texts = Field(
        default=(),
        description="Its model, one of these, such as Xiaomi 13*; letter case does not matter, * is anything",
    )
    emulated: bool | None = Field(default=None, description="false: only real handsets; true: only emulated ones")
    tags: Texts = Field(default=(), description="Tags of devices.yaml that the handset must carry")
    any_of: Annotated[tuple[Needs, ...], Field(min_length=1)] = Field(
        default=(), description="Alternatives: beside all else, the handset must meet at least one of these needs"
    )

    @model_validator(mode="after")
    def _postures_are_of_foldables(self) -> Needs:
        if self.fold_states and self.foldable is False:
            raise fault("what takes a posture is foldable; leave foldable: false out", at=("fold_states",))
        return self

    @property
    def folds(self) -> bool:
        """Whether only foldables can meet them."""
        every = bool(self.any_of) and all(needs.folds for needs in self.any_of)
        return bool(self.foldable or self.fold_states or every)
