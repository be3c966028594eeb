from __future__ import annotations

from framework.contract.capabilities import LogLine
from framework.trace.probes import log

LINES = [
    ("lmkd", 80, "Reclaim 'com.other' (9), uid 10, oom_adj 900, state 3 to free 5000kB"),
    ("AndroidRuntime", 7, "FATAL EXCEPTION: main"),
    ("AndroidRuntime", 7, "Process: com.app:model, PID: 7"),
    ("lowmemorykiller", 80, "Kill 'com.other' (12), uid 10055, oom_score_adj 920 to free 200000kB rss, 0kB swap"),
    ("AndroidRuntime", 7, "java.lang.IllegalStateException: no weights"),
    ("ActivityManager", 90, "ANR in com.app (com.app/.Main)"),
    ("ActivityManager", 90, "PID: 7"),
    ("ActivityManager", 90, "Reason: Input dispatching timed out (Waited 5001ms for MotionEvent)"),
    ("AndroidRuntime", 13, "FATAL EXCEPTION: main"),
    ("AndroidRuntime", 13, "Process: com.application, PID: 13"),
]


def test_crashes_and_anrs_of_the_assistant_and_kills_of_anyone_are_told() -> None:
    """Reports of several lines, mixed with others; another app's crash is not ours, a Reclaim is no kill."""
    entries = [
        log.entry(number, LogLine(number, pid, pid, "E", tag, text)) for number, (tag, pid, text) in enumerate(LINES)
    ]
    told = [(each.line, each.kind, each.pid) for each in log.happenings(entries, "com.app")]
    assert told == [(1, "crash", 7), (3, "low_memory_kill", 12), (5, "anr", 7)]
    texts = [each.text for each in log.happenings(entries, "com.app")]
    assert texts[0] == "com.app:model crashed: java.lang.IllegalStateException: no weights"
    assert texts[1].startswith("com.other (pid 12, oom_score_adj 920, 205 MB) was killed")
    assert texts[2].startswith("ANR in com.app: Input dispatching timed out")


def test_an_app_that_hangs_is_told_before_its_report() -> None:
    """WindowManager's line names the window; another app's is not ours."""
    window = "ANR in Window{4f9e15 u0 %s/%s.Main}. Reason:Input dispatching timed out (not responding)"
    lines = [("WindowManager", window % (name, name)) for name in ("com.app", "com.application")]
    lines.append(("WindowManager", "Relayout Window{4f9e15 u0 com.app/com.app.Main}"))
    entries = [log.entry(number, LogLine(number, 9, 9, "I", tag, text)) for number, (tag, text) in enumerate(lines)]
    (hang,) = log.happenings(entries, "com.app")
    assert (hang.kind, hang.text) == (log.HANG, "ANR in com.app: Input dispatching timed out (not responding)")
