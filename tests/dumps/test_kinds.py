"""What every kind of the table keeps to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.dumps.kinds import KINDS, parser

SAMPLES: Mapping[str, str] = {
    "cpuinfo": "Load: 7.11 / 7.02 / 6.9\nCPU usage from 9021ms to 2018ms ago:\n"
    "  213% 42/a:b: 201% user + 12% kernel / faults: 12 minor 3 major\n27% TOTAL: 25% user + 1.9% kernel\n",
    "df": "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/fuse 1K 3.5M 10 12% /mnt/sdcard\ntmpfs 4 3 1 - /",
    "getprop": "[ro.a]: [b]\n[ro.c]: []\n",
    "kernel_log": "<6>[ 12.000345] a\n<6>[24450.470350] lowmemorykiller: Killing 'b' (20003), adj 1000,\n",
    "proc_io": "rchar: 197231\nwchar: 3874\nread_bytes: 9613312\n",
    "proc_meminfo": "MemTotal:  3855796 kB\nMemFree: 1 kB\n",
    "proc_stat": "cpu  1 2 3 4 5\nctxt 5\n7 (a b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22\n",
    "proc_status": "Name:\ta\nState:\tS (sleeping)\nPid:\t7\nUid:\t1\t1\t1\t1\nVmRSS:\t 94396 kB\nThreads:\t3\n",
    "ps": "USER PID PPID VSZ RSS WCHAN ADDR S NAME\nroot 1 0 68696 2864 0 0 S init\n",
    "psi": "some avg10=1.50 avg60=0.00 avg300=100.00 total=7\n",
    "smaps": "12c00000-52c00000 rw-p 00000000 00:00 0 [heap]\nRss: 4 kB\nPss: 2 kB\n",
    "thermal_zone": "$ cat /sys/class/thermal/thermal_zone3/type\nskin\nthermal_zone3/temp:35123\n",
    "thermalservice": "Thermal Status: 0\nHAL Ready: true\nCurrent temperatures from HAL:\n"
    "\tTemperature{mValue=35.5, mType=3, mName=skin, mStatus=0}\n"
    "\tTemperature{mValue=4.3, mType=6, mName=vbat, mStatus=0}\n"
    "Current cooling devices from HAL:\n\tCoolingDevice{mValue=1, mType=2, mName=cpu}\n"
    "Temperature static thresholds from HAL:\n"
    "\tTemperatureThreshold{mType=3, mName=skin, mHotThrottlingThresholds=[NaN, 40.0], mCold=[NaN]}\n",
    "top": "Tasks: 5 total, 1 running\n Mem: 3.7G total\n400%cpu 3%user\n"
    "PID USER VIRT RES S[%CPU] %MEM TIME+ ARGS\n 4 a 10G 4.6M R 16.6 0.1 0:00.09 top\n",
    "uptime": " 21:26:37 up 3 days, 2:33,  0 users,  load average: 2.42, 2.24, 2.02\n",
}
"""Small dumps that are right, to be damaged."""

JUNK = st.text(max_size=20) | st.text(alphabet="0123456789.-:%/[](){}=, \t\r\nkMGN\x1b", max_size=20)


@st.composite
def damaged(draw: st.DrawFn, sample: str) -> str:
    """A dump with a piece cut out and something else in its place."""
    start = draw(st.integers(0, len(sample)))
    end = draw(st.integers(start, len(sample)))
    return sample[:start] + draw(JUNK) + sample[end:]


def test_the_table_is_sorted() -> None:
    """So that two people add their lines in different places."""
    assert sorted(KINDS) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], kind: str, text: str) -> None:
    """A parser gives a record or raises DumpError with its own kind and a line of the text, never anything else."""
    assert read_or_refused(kind, text)


@pytest.mark.parametrize("kind", SAMPLES)
def test_samples_are_right(kind: str) -> None:
    """What is damaged below can be read as it is."""
    assert is_dataclass(parser(kind)(SAMPLES[kind]))


@pytest.mark.parametrize("kind", SAMPLES)
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_dump_is_read_or_refused(
    read_or_refused: Callable[[str, str], bool], kind: str, data: st.DataObject
) -> None:
    """Nothing but DumpError escapes, wherever the damage lies."""
    assert read_or_refused(kind, data.draw(damaged(SAMPLES[kind])))
