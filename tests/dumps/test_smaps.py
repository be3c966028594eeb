"""`/proc/PID/smaps` and `smaps_rollup`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.smaps import Mapping, Usage, parse

WEIGHTS = "7000000000-7010000000 r--s 00000000 fe:2d 1234                 /data/local/tmp/my model.gguf\r\n"
ANONYMOUS = "12c00000-52c00000 rw-p 00000000 00:00 0 \r\n"
ROLLUP = "12c00000-7ff1b9a000 ---p 00000000 00:00 0                          [rollup]\r\n"


def test_mappings_and_their_sum() -> None:
    """A path may hold blanks; what one mapping alone tells is the sum, what none tells is None."""
    text = f"{WEIGHTS}Rss:   300 kB\r\nPss: 200 kB\r\nVmFlags: rd sh\r\n{ANONYMOUS}Rss: 40 kB\r\nSwap: 2 kB\r\n"
    found = parse(text)
    assert found.mappings == (
        Mapping("7000000000", "7010000000", "r--s", "/data/local/tmp/my model.gguf", Usage(rss_kb=300, pss_kb=200)),
        Mapping("12c00000", "52c00000", "rw-p", None, Usage(rss_kb=40, swap_kb=2)),
    )
    assert (found.rollup, found.total) == (False, Usage(rss_kb=340, pss_kb=200, swap_kb=2))


def test_a_rollup_is_its_own_sum() -> None:
    """The kernel has added already."""
    found = parse(f"{ROLLUP}Rss: 340 kB\nPss: 210 kB\nPss_Anon: 10 kB\nPss_File: 200 kB\nSwapPss: 1 kB\n")
    expected = Usage(rss_kb=340, pss_kb=210, pss_anon_kb=10, pss_file_kb=200, swap_pss_kb=1)
    assert (found.rollup, found.total) == (True, expected)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("cat: /proc/7/smaps_rollup: Permission denied\n", 2),
        ("Rss: 3 kB\n", 1),
        (f"{ANONYMOUS}Rss: 3 kB\nRss: 4 kB\n", 3),
        (f"{ANONYMOUS}Rss:   4", 2),
    ],
)
def test_what_is_no_smaps_is_refused(text: str, line: int) -> None:
    """A refusal, values without their mapping, a number that was cut."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("smaps", line)


def test_a_real_process(capture: Callable[[str], str]) -> None:
    """71 mappings; the sums as awk adds the lines of the capture."""
    found = parse(capture("smaps/catapult__telemetry_smaps.txt"))
    assert len(found.mappings) == 71
    assert (found.total.rss_kb, found.total.pss_kb, found.total.private_dirty_kb) == (7404, 5280, 5200)
    assert found.total.swap_pss_kb is None
    assert found.mappings[0].path == "/bin/zsh4"
