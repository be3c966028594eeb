"""Scenario files as tests: one file, one item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framework.contract.errors import FarmError
from framework.contract.scenario import Scenario
from framework.contract.yaml_file import load
from framework.plugin.outcome import Unsuccessful, accounted, conclude, verdict_of
from framework.plugin.roll import skip_what_nothing_can_run
from framework.plugin.variants import VARIANTS, Variant
from framework.plugin.worker import lab_of, told

if TYPE_CHECKING:
    from framework.session import Order


class ScenarioFile(pytest.File):
    """One YAML file."""

    def collect(self) -> Iterator[pytest.Item]:
        scenario = load(self.path, Scenario)
        for variant in self.config.stash.get(VARIANTS, ()) or (None,):
            name = f"{scenario.scenario}[{variant.label}]" if variant else scenario.scenario
            yield ScenarioItem.from_parent(self, name=name, scenario=scenario, variant=variant)


class ScenarioItem(pytest.Item):
    """One scenario; runs on the handset of this worker, or on another one that can."""

    def __init__(self, *, scenario: Scenario, variant: Variant | None, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario, self.variant = scenario, variant

    @property
    def order(self) -> Order:
        from framework.session import Order

        root = self.config.rootpath
        file = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return Order(self.nodeid, str(file), self.scenario)

    def runtest(self) -> None:
        try:
            skip_what_nothing_can_run(self.config, self.scenario.needs, self.variant)
            result = lab_of(self.config).run(self.order, self.variant)
        except (Exception, pytest.skip.Exception) as error:
            self.user_properties += told(self.config, verdict_of(error))
            raise
        self.user_properties += [*told(self.config, result.verdict), *accounted(result)]
        conclude(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, FarmError | Unsuccessful):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name
