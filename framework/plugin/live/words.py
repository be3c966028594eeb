"""The words of a progress, for the table and for lines alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from framework.contract.run import Conclusion
from framework.contract.verdict import SEVERITY, Verdict
from framework.plugin.live.progress import WAITS_FOR_S, Progress, Row


def clock(seconds: float) -> str:
    """`0:07`, `12:30`, `2:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def short(test: str) -> str:
    """A node id without its folders: `sum.yaml::sum`; without its name, too, where that repeats the file's."""
    file, _, name = test.rpartition("/")[2].partition("::")
    return name if name and file.rpartition(".")[0] == name else f"{file}::{name}" if name else file


def counted(verdicts: Mapping[Verdict, int]) -> str:
    """`30 PASS, 2 FAIL`, the mildest first."""
    return ", ".join(f"{verdicts[verdict]} {verdict.value}" for verdict in SEVERITY if verdicts.get(verdict))


def state(row: Row, now: float) -> str:
    """In a word: what the handset is about; in use is one that somebody else has."""
    if row.quarantined:
        return "quarantined"
    if row.awaited and now - row.told_at < WAITS_FOR_S:
        return "in use"
    if row.waits and now - row.told_at < WAITS_FOR_S:
        return "waiting"
    return "running" if row.test else "ended" if row.ended else "idle"


def about(row: Row, now: float) -> str:
    """What it does, in one line."""
    match state(row, now):
        case "quarantined":
            return f"quarantined: {row.quarantined}"
        case "in use":
            return f"in use: {row.awaited}"
        case "waiting":
            return f"waits: {row.waits} ({short(row.test)})"
        case "running":
            return short(row.test)
        case other:
            return other


def times(progress: Progress, row: Row, now: float) -> tuple[float | None, float | None]:
    """(Since when it does that, how long still in seconds); of a handset that somebody else has, until it is given up.

    None where it does nothing, or where that is not known.
    """
    match state(row, now):
        case "in use":
            return row.awaited_since, row.awaited_until - now
        case "waiting" | "running" if row.test:
            return row.since, progress.left_s(row, now)
    return None, None


def left(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return "late" if seconds < 0 else f"~{clock(seconds)}"


def headline(progress: Progress, now: float) -> str:
    """How far the run is: `12/40 done, about 2:30 left, 11 PASS, 1 FAIL, 1 run again`."""
    if not progress.total:
        return "starting"
    rest = progress.run_left_s(now)
    parts = [f"{progress.done}/{progress.total} done"]
    if rest is not None and progress.done < progress.total:
        parts.append(f"about {clock(rest)} left")
    if progress.verdicts:
        parts.append(counted(progress.verdicts))
    if progress.retries:
        parts.append(f"{progress.retries} run again")
    return ", ".join(parts)


def finished(conclusion: Conclusion, done: int, total: int) -> str:
    """One line of a log."""
    where = f" on {conclusion.handset}" if conclusion.handset else ""
    number = f"{done:>{len(str(total))}}/{total}"
    return f"{number}  {conclusion.verdict.value:<10} {conclusion.id}{where}, {conclusion.seconds:.1f} s"


def heartbeat(progress: Progress, now: float) -> str:
    """What runs where, since when: for a log in which nothing has happened for a while."""
    busy = [row for row in progress.rows.values() if state(row, now) in ("running", "waiting", "in use")]
    doing = [f"{row.handset}: {about(row, now)}{_since(progress, row, now)}" for row in busy]
    others = Counter(state(row, now) for row in progress.rows.values() if row not in busy)
    rest = [f"{number} {word}" for word, number in others.items()]
    return "; ".join((headline(progress, now), *doing, *rest))


def _since(progress: Progress, row: Row, now: float) -> str:
    since, _ = times(progress, row, now)
    return "" if since is None else f"{', waited' if state(row, now) == 'in use' else ''} for {clock(now - since)}"
