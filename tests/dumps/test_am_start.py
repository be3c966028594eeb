"""`am start -W` output."""

from __future__ import annotations

import pytest

from framework.dumps.am_start import StartOutcome, parse

INTENT = "Starting: Intent { cmp=a.b/.Main }\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            INTENT + "Status: ok\nLaunchState: COLD\nActivity: a.b/.Main\nTotalTime: 312\nWaitTime: 315\nComplete\n",
            StartOutcome("", "ok"),
        ),
        (INTENT + "Status: timeout\nLaunchState: UNKNOWN (-1)\nComplete\n", StartOutcome("", "timeout")),
        (
            INTENT + "Error type 3\nError: Activity class {a.b/a.b.Nope} does not exist.\n",
            StartOutcome("Error: Activity class {a.b/a.b.Nope} does not exist.", ""),
        ),
        (
            "Error: Activity not started, unable to resolve Intent { act=x flg=0x10000000 }\n",
            StartOutcome("Error: Activity not started, unable to resolve Intent { act=x flg=0x10000000 }", ""),
        ),
        (
            INTENT + "Warning: Activity not started, intent has been delivered to currently running top-most instance."
            "\nStatus: ok\nComplete\n",
            StartOutcome("", "ok"),
        ),
        (
            "\njava.lang.SecurityException: Permission Denial: starting Intent { … } not exported from uid 1\n",
            StartOutcome(
                "java.lang.SecurityException: Permission Denial: starting Intent { … } not exported from uid 1", ""
            ),
        ),
    ],
)
def test_outcomes(text: str, expected: StartOutcome) -> None:
    """A refusal is told by its first line; a warning and a slow start are none."""
    assert parse(text) == expected
