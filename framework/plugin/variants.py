"""`--each model|handset`: every test once for each model, or each handset, of those that were chosen.

A test's id carries the model, never a serial, so that its history holds: `suites/math.yaml::Math[Xiaomi 13]`, with
`--each handset` also the name in devices.yaml: `Math[Xiaomi 13, rack-7]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing

Each = Literal["model", "handset"]
FIXTURE = "assistant"
"""On which the farm's other fixtures for tests in Python stand: who asks for it uses a handset."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The model, or the one handset of it, that a test is for."""

    model: str
    handset: str = ""
    """Name of the handset; empty where any of the model will do."""
    keywords: tuple[str, ...] = field(default=(), compare=False)
    """Under which `-k` finds its tests, beside their names."""

    @property
    def label(self) -> str:
        """What stands between the brackets of an id."""
        text = f"{self.model}, {self.handset}" if self.handset else self.model
        text = text.replace("::", ":").replace("[", "(").replace("]", ")").replace("/", "-")
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

    def lacking(self, handset: HandsetIdentity) -> Iterator[str]:
        """How a handset is not the one, in words."""
        if self.model != handset.model:
            yield f"model {self.model} (is {handset.model})"
        elif self.handset and self.handset != handset.name:
            yield f"name {self.handset} (is {handset.name})"


VARIANTS: pytest.StashKey[tuple[Variant, ...]] = pytest.StashKey()


def variants_of(each: Each, handsets: Iterable[HandsetIdentity]) -> tuple[Variant, ...]:
    """One a model, in the order of their first handsets; or one a handset."""
    found = list(handsets)
    if each == "handset":
        return tuple(Variant(one.model, one.name, _typed(one.model)) for one in found)
    names: dict[str, list[str]] = {}
    for one in found:
        names.setdefault(one.model, []).append(one.name)
    return tuple(Variant(model, keywords=(*_typed(model), *units)) for model, units in names.items())


def variant_of(item: pytest.Item) -> Variant | None:
    """That of a test: a scenario has one, a test in Python is parametrized by it."""
    found = getattr(item, "variant", None)
    if found is None and isinstance(item, pytest.Function) and hasattr(item, "callspec"):
        found = item.callspec.params.get(FIXTURE)
    return found if isinstance(found, Variant) else None


def lacking(needs: Needs, variant: Variant | None, handset: HandsetIdentity) -> tuple[str, ...]:
    """What a handset lacks for a test, in words; empty where it can run it."""
    return (*(variant.lacking(handset) if variant else ()), *missing(needs, handset))


class Matrix:
    """In each process that collects: tests in Python that use a handset, once for each variant."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(trylast=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        variants = self._config.stash[VARIANTS]
        if variants and FIXTURE in metafunc.fixturenames:
            labels = [variant.label for variant in variants]
            metafunc.parametrize(FIXTURE, variants, indirect=True, ids=labels)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """One variant after the other, so that one process needs one session at a time; `-k` knows what people type."""
        for item in items:
            variant = variant_of(item)
            item.extra_keyword_matches.update(variant.keywords if variant else ())
        order = [None, *self._config.stash[VARIANTS]]
        items.sort(key=lambda item: order.index(variant_of(item)))


def _typed(model: str) -> tuple[str, ...]:
    """`Xiaomi 13` as one word, which `-k` wants: xiaomi-13, Xiaomi_13, xiaomi13."""
    return tuple(dict.fromkeys(re.sub(r"\s+", between, model.strip()) for between in ("-", "_", "")))
