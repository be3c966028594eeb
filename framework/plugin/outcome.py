"""From verdicts to pytest's outcomes and exit codes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from framework.contract.run import UnitResult
from framework.contract.verdict import Verdict

EXIT_LAB = 6
"""Nothing failed, but LAB, INVALID or an exhausted fleet is left."""

VERDICT = "verdict"
"""Name of the report property that carries a unit's verdict to the controller."""

TOLD = "told"
"""Name of the report property that carries lines for the terminal to the controller."""


class Unsuccessful(Exception):
    """A unit that did not pass; the text says why, one reason a line."""

    def __init__(self, result: UnitResult) -> None:
        self.result = result
        head = (
            f"{result.verdict.value}: {result.unit.scenario} on {result.unit.handset.name}, {result.unit.build.label}"
        )
        super().__init__("\n  ".join((head, *result.reasons)))


class ScenarioFailed(Unsuccessful, AssertionError):
    """The product's fault. Allure shows an AssertionError as failed."""


class ScenarioBroken(Unsuccessful):
    """The lab's fault, or a measurement that cannot be trusted. Allure shows other exceptions as broken."""


def conclude(result: UnitResult) -> None:
    """Return for PASS, raise for the rest; NOT_RUN is a skip with its reason."""
    if result.verdict.blames_build:
        raise ScenarioFailed(result)
    if result.verdict in (Verdict.LAB, Verdict.INVALID):
        raise ScenarioBroken(result)
    if result.verdict is Verdict.NOT_RUN:
        pytest.skip(f"NOT_RUN: {'; '.join(result.reasons)}")


def exit_status(pytest_status: int, verdicts: Iterable[Verdict], failed: int) -> int:
    """pytest's own status, or 6 when all `failed` tests are LAB or INVALID ones."""
    unclear = [verdict for verdict in verdicts if verdict in (Verdict.LAB, Verdict.INVALID)]
    if pytest_status == pytest.ExitCode.TESTS_FAILED and unclear and len(unclear) == failed:
        return EXIT_LAB
    return pytest_status
