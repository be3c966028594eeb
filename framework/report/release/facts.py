"""A run, and the figures of the one that it is compared with, as what the release page shows: pure, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from framework.contract.account import RunAccount, RunFigures, figures_of
from framework.contract.course import courses_of
from framework.contract.verdict import Verdict
from framework.report.release.longest import Longest, longest
from framework.report.release.matrix import Matrix, matrix
from framework.report.release.moves import Move, moves
from framework.report.release.outcomes import Outcome, Since, elsewhere, gone, outcomes
from framework.report.release.trends import Trend, against, trend
from framework.report.release.trust import Doubted, Exactness, NotRun, Share, doubted, exactness, not_run, shares


@dataclass(frozen=True, slots=True)
class Facts:
    run: RunAccount
    before: RunFigures | None
    counts: Mapping[Verdict, int]
    outcomes: tuple[Outcome, ...]
    gone: tuple[tuple[str, str, Verdict], ...]
    """(test id, model, verdict) of what only the baseline ran."""
    elsewhere: int
    """Tests that ran on another model than in the baseline."""
    matrix: Matrix
    moves: tuple[Move, ...]
    trends: tuple[Trend, ...]
    longest: tuple[Longest, ...]
    not_run: tuple[NotRun, ...]
    shares: tuple[Share, ...]
    doubted: tuple[Doubted, ...]
    exactness: tuple[Exactness, ...]

    def since(self, kind: Since) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.since == kind)

    @property
    def titles(self) -> Mapping[str, str]:
        """Test id → what people call it, whatever it was run on."""
        return {one.test.id: one.spot.title for one in self.outcomes}

    @property
    def failed(self) -> int:
        return sum(count for verdict, count in self.counts.items() if verdict.blames_build)

    @property
    def undecided(self) -> int:
        return self.counts[Verdict.INVALID] + self.counts[Verdict.LAB]

    @property
    def decided(self) -> int:
        return self.counts[Verdict.PASS] + self.failed

    @property
    def again(self) -> tuple[Outcome, ...]:
        """What was run more than once for one verdict."""
        return tuple(one for one in self.outcomes if one.earlier or one.test.attempts > 1)

    @property
    def split(self) -> tuple[Outcome, ...]:
        """Whose repetitions disagree."""
        return tuple(one for one in self.outcomes if one.split)

    @property
    def emulated(self) -> bool:
        return any(one.emulated for one in self.run.handsets.values())

    @property
    def all_emulated(self) -> bool:
        return all(one.emulated for one in self.run.handsets.values())

    @property
    def unfinished(self) -> int:
        """Tests of a run that has not come to its end that nothing has run."""
        return sum(one.test.attempts == 0 for one in self.outcomes)

    @property
    def models(self) -> int:
        return len({one.model for one in self.run.handsets.values()})


def facts_of(run: RunAccount, before: RunFigures | None) -> Facts:
    """`before`: the baseline; None: there is none to compare with."""
    found, kept = outcomes(run, before), before.courses if before is not None else {}
    return Facts(
        run=run,
        before=before,
        counts={verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict},
        outcomes=found,
        gone=gone(run, before),
        elsewhere=elsewhere(run, before),
        matrix=matrix(run, found),
        moves=moves(run, figures_of(run), before),
        trends=tuple(against(trend(course), kept.get((course.model, course.metric), ())) for course in courses_of(run)),
        longest=longest(run),
        not_run=not_run(found, run.handsets),
        shares=shares(run),
        doubted=doubted(run),
        exactness=exactness(run),
    )
