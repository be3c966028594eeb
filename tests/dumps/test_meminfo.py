"""`dumpsys meminfo` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.meminfo import MeminfoDump, MemoryRow, ProcessMemory, SummaryRow, parse

DUMP = """Applications Memory Usage (in Kilobytes):\r
Uptime: 5000 Realtime: 9000\r
\r
** MEMINFO in pid 42 [com.example.assistant] **\r
                   Pss  Private  SwapPss      Rss     Heap     Heap     Heap\r
                 Total    Dirty    Dirty    Total     Size    Alloc     Free\r
                ------   ------   ------   ------   ------   ------   ------\r
  Native Heap      100       90        5      120      300      200      100\r
   Other mmap       40       30        2       60                           \r
        TOTAL      147      120        7      180      300      200      100\r
 \r
 App Summary\r
                       Pss(KB)                        Rss(KB)\r
                        ------                         ------\r
         Native Heap:       90                            120\r
             Unknown:                                      60\r
\r
           TOTAL PSS:      147            TOTAL RSS:      180       TOTAL SWAP PSS:        7\r
"""
SYSTEM = """Total PSS by process:
    1,024K: system (pid 12)
      100K: com.example.assistant:engine (pid 42 / activities) (user 10)

Total PSS by OOM adjustment:
      100K: Foreground
               100K: com.example.assistant:engine (pid 42)

Total RAM: 4,000,000K (status moderate)
 Free RAM: 1,000,000K (  500,000K cached pss)
 Lost RAM:    -2,000K
"""


def process(text: str) -> ProcessMemory:
    (only,) = parse(text).processes
    return only


def test_columns_are_read_by_their_heading() -> None:
    """A column that the dump does not have is None, a blank one too; line ends may be CRLF."""
    memory = process(DUMP)
    assert (memory.pid, memory.process) == (42, "com.example.assistant")
    assert memory.rows == (
        MemoryRow(
            "Native Heap",
            pss_kb=100,
            private_dirty_kb=90,
            swap_pss_kb=5,
            rss_kb=120,
            heap_size_kb=300,
            heap_alloc_kb=200,
            heap_free_kb=100,
        ),
        MemoryRow("Other mmap", pss_kb=40, private_dirty_kb=30, swap_pss_kb=2, rss_kb=60),
    )


def test_totals_and_summary() -> None:
    """Swap told by share is no plain swap; a blank PSS in the summary is not filled with the RSS."""
    memory = process(DUMP)
    assert (memory.total_pss_kb, memory.total_rss_kb) == (147, 180)
    assert (memory.total_swap_pss_kb, memory.total_swap_kb) == (7, None)
    assert memory.summary == (SummaryRow("Native Heap", 90, 120), SummaryRow("Unknown", None, 60))


def test_both_clocks_are_read() -> None:
    """They tie the monotonic clock to the boot-time clock."""
    dump = parse(DUMP)
    assert (dump.uptime_ms, dump.realtime_ms, dump.system) == (5000, 9000, None)


def test_a_dump_cut_before_its_total_has_none() -> None:
    """What is not there is None, not 0."""
    memory = process("** MEMINFO in pid 42 [a] **\n")
    assert {memory.total_pss_kb, memory.total_rss_kb, memory.total_swap_pss_kb, memory.total_swap_kb} == {None}
    assert memory.rows == ()


def test_the_whole_handset() -> None:
    """Processes are those of the list by process alone; lost RAM can be negative."""
    system = parse(SYSTEM).system
    assert system is not None
    assert [(size.process, size.pid, size.user, size.kb) for size in system.pss_by_process] == [
        ("system", 12, None, 1024),
        ("com.example.assistant:engine", 42, 10, 100),
    ]
    assert (system.total_ram_kb, system.free_ram_kb, system.lost_ram_kb) == (4_000_000, 1_000_000, -2000)
    assert (system.status, system.used_ram_kb, system.zram_physical_kb) == ("moderate", None, None)


@pytest.mark.parametrize(("text", "line"), [("", 1), ("No process found for: com.example\n", 2)])
def test_other_text_is_refused(text: str, line: int) -> None:
    """The error tells where a process should have followed."""
    with pytest.raises(DumpError) as refusal:
        parse(text)
    assert refusal.value.line == line


@given(st.text(max_size=100), st.integers(0, len(DUMP)), st.integers(0, len(SYSTEM)))
def test_any_text_is_read_or_refused(
    read_or_refused: Callable[[str, str], bool], noise: str, cut: int, cut_system: int
) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise + DUMP[cut:], SYSTEM[:cut_system] + noise):
        assert read_or_refused("meminfo", text)


def row(dump: MeminfoDump, name: str) -> MemoryRow:
    return next(row for row in dump.processes[0].rows if row.name == name)


def test_a_real_emulator_without_swap_by_share(capture: Callable[[str], str]) -> None:
    """The column is Swap, the total `TOTAL SWAP (KB)`."""
    dump = parse(capture("meminfo/flutter_app_frontend__emulator_swapKB.txt"))
    memory = dump.processes[0]
    assert (memory.total_pss_kb, memory.total_rss_kb) == (353574, 508256)
    assert (memory.total_swap_kb, memory.total_swap_pss_kb) == (0, None)
    assert (row(dump, "Native Heap").pss_kb, row(dump, "Unknown").pss_kb) == (57507, 137072)
    assert SummaryRow("Unknown", None, 215024) in memory.summary
    assert SummaryRow("Graphics", 0, 0) in memory.summary
    assert SummaryRow("System", 19342, None) in memory.summary


def test_a_real_dump_with_details(capture: Callable[[str], str]) -> None:
    """Ten columns; the total is repeated under Dalvik Details."""
    dump = parse(capture("meminfo/chkbugreport__sonymobile_home_meminfo_data.txt"))
    memory = dump.processes[0]
    assert (memory.total_pss_kb, memory.total_swap_pss_kb, memory.total_rss_kb) == (79963, 10683, None)
    assert (row(dump, "Native Heap").pss_kb, row(dump, "Dalvik Heap").pss_kb) == (29797, 6364)
    assert row(dump, "Native Heap").shared_dirty_kb == 2204
    assert (len(memory.rows), len(memory.details)) == (17, 11)
    assert SummaryRow("Graphics", 17508, None) in memory.summary


def test_a_real_dump_that_is_cut(capture: Callable[[str], str]) -> None:
    """What stands before the cut is read."""
    dump = parse(capture("meminfo/chkbugreport__sonymobile_home_meminfo_data_with_egl_mtrack_and_app_art.txt"))
    memory = dump.processes[0]
    assert (memory.pid, memory.process, memory.total_pss_kb) == (9823, "com.sonymobile.home", 79963)
    assert row(dump, "EGL mtrack").pss_kb == 3768
    assert [detail.name for detail in memory.details] == [".App art", ".Boot art"]


def test_a_real_excerpt_without_total(capture: Callable[[str], str]) -> None:
    """No total is made up from the rows that are there."""
    dump = parse(capture("meminfo/perfetto_docs__systemui_excerpt.txt"))
    native = row(dump, "Native Heap")
    assert (native.pss_kb, native.swap_pss_kb, native.rss_kb) == (16840, 6764, 19428)
    assert row(dump, "Dalvik Heap").pss_kb == 9110
    assert dump.processes[0].total_pss_kb is None


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """RAM, ZRAM and the processes of a Samsung."""
    dump = parse(capture("meminfo/radriloniuma__samsung_systemwide_A16.txt"))
    system = dump.system
    assert system is not None
    assert (dump.uptime_ms, dump.processes, system.status) == (8319342, (), "normal")
    assert (system.total_ram_kb, system.free_ram_kb) == (5557260, 2707254)
    assert (system.used_ram_kb, system.lost_ram_kb) == (4413696, 157924)
    assert (system.zram_physical_kb, system.zram_swapped_kb, system.swap_total_kb) == (1147560, 3039664, 8388604)
    largest = system.rss_by_process[0]
    assert (largest.process, largest.pid, largest.kb) == ("com.microsoft.skydrive", 19269, 601780)
    assert (len(system.rss_by_process), len(system.pss_by_process)) == (221, 221)
