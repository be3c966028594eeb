"""content: the settings' rows, and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


def test_rows_of_the_settings(sh: RunScript) -> None:
    """Asked for by a condition or by the address; written, changed and deleted; `settings` sees it."""
    uri = "content://settings/system"
    script = f"""content insert --uri {uri} --bind name:s:farm_x --bind value:i:5; settings get system farm_x
content query --uri {uri} --where "name='farm_x'" --projection name:value
content update --uri {uri}/farm_x --bind value:s:six; content query --uri {uri}/farm_x --projection value
content delete --uri {uri} --where "name='farm_x'"; content query --uri {uri} --where "name='farm_x'" """
    assert sh(script).out.splitlines() == [
        "5",
        "Row: 0 name=farm_x, value=5",
        "Row: 0 value=six",
        "No result found.",
    ]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("content", "[ERROR] Unsupported operation: "),
        ("content query", "[ERROR] Content provider URI not specified."),
        ("content query --uri", "[ERROR] Argument expected after: --uri"),
        ("content query --uri content://sms", "Error while accessing provider:sms"),
        ("content query --uri content://settings/nosuch", "Error while accessing provider:settings"),
        ("content insert --uri content://settings/global --bind name:s:x", "java.lang.IllegalArgumentException"),
    ],
)
def test_refusals(sh: RunScript, script: str, error: str) -> None:
    """On stderr, with a status."""
    result = sh(script)
    assert (result.err[: len(error)], result.status, result.out) == (error, 1, "")
