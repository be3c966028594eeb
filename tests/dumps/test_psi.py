"""`/proc/pressure/*`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.psi import Pressure, Stall, parse


def test_both_lines_are_read() -> None:
    """Shares in percent, the sum in microseconds."""
    text = "some avg10=1.50 avg60=0.00 avg300=100.00 total=7\r\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\r\n"
    assert parse(text) == Pressure(Stall(1.5, 0.0, 100.0, 7), Stall(0.0, 0.0, 0.0, 0))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("cat: /proc/pressure/cpu: Permission denied", 2),
        ("some avg10=1.5", 1),
        ("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n" * 2, 2),
    ],
)
def test_what_is_no_pressure_is_refused(text: str, line: int) -> None:
    """A refusal, a line that was cut, two resources in one text."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("psi", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """An older kernel tells no `full` of the CPU."""
    expected = Pressure(some=Stall(30.36, 10.27, 4.81, 938387423), full=None)
    assert parse(capture("psi/droidify1135__proc_pressure_cpu_no_full.txt")) == expected
