"""The three kinds of files that people write, and how a file's kind is told."""

from __future__ import annotations

from typing import Any, Literal, get_args

from framework.contract.build import BuildSpec
from framework.contract.handsets import Inventory
from framework.contract.record import Record, nearest
from framework.contract.scenario import Scenario

Kind = Literal["devices", "build", "scenario"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: tuple[tuple[Kind, type[Record]], ...] = (("scenario", Scenario), ("devices", Inventory), ("build", BuildSpec))
FILE_NAMES: tuple[tuple[str, Kind], ...] = (("devices", "devices"), ("build", "build"))


def model_of(kind: Kind) -> type[Record]:
    return dict(MODELS)[kind]


def kind_of(stem: str, data: Any) -> Kind:
    """By its name (devices.yaml, build.yaml), else by which kind most of its top keys belong to; else a scenario."""
    named = dict(FILE_NAMES).get(stem)
    if named is not None:
        return named
    keys = list(data) if isinstance(data, dict) else []
    return max(MODELS, key=lambda entry: _known(keys, tuple(entry[1].model_fields)))[0]


def _known(keys: list[str], fields: tuple[str, ...]) -> int:
    return sum(1 for key in keys if key in fields or nearest(key, fields))
