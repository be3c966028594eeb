"""The history of ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.exits import KEPT, ExitHistory, ExitInfo, Reason, Subreason, Why, size_text

CRASH = Why(Reason.CRASH, description="crash")


def info(pid: int, why: Why = CRASH) -> ExitInfo:
    return ExitInfo(1_700_000_000_123_000_000, pid, 10_250, "org.example.app", 100, 12_000, 130_000, why)


def test_an_end_is_told_as_android_tells_it() -> None:
    """Number and words of reason and subreason, sizes with units, times to the millisecond."""
    history = ExitHistory()
    history.note(
        info(4711, Why(Reason.USER_REQUESTED, 0, "stop org.example.app due to from pid 8", Subreason.FORCE_STOP))
    )
    assert history.dump("org.example.app", 1_700_000_001_000_000_000).splitlines() == [
        "ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)",
        "Last Timestamp of Persistence Into Persistent Storage: 2023-11-14 22:13:21.000",
        "  package: org.example.app",
        "    Historical Process Exit for uid=10250",
        "        ApplicationExitInfo #0:",
        "          timestamp=2023-11-14 22:13:20.123 pid=4711 realUid=10250 packageUid=10250 definingUid=10250 user=0",
        "          process=org.example.app reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0",
        "          importance=100 pss=12MB rss=127MB description=stop org.example.app due to from pid 8 "
        "state=empty trace=null",
    ]


def test_the_newest_comes_first_and_the_oldest_go() -> None:
    """Sixteen of a package; another package has its own."""
    history = ExitHistory()
    for pid in range(KEPT + 4):
        history.note(info(pid))
    assert [each.pid for each in history.of("org.example.app")] == list(range(KEPT + 3, 3, -1))
    assert history.of("org.other") == ()
    assert "package:" not in history.dump("org.other", 0)


@given(st.integers(0, 1 << 50))
def test_sizes_have_three_digits(amount: int) -> None:
    """And are within one in the last of them."""
    text = size_text(amount)
    units = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
    unit = units.get(text[-2:], 1)
    number = float(text[:-2] if unit > 1 else text)
    assert abs(number * unit - amount) <= unit * (0.5 if number >= 10 else 0.05) + 1
