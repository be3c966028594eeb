"""Whatever a run was like: from its account through the database to figures, nothing is lost or changed."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.accounts import TEN

from framework.contract.account import (
    Figure,
    RepetitionAccount,
    RunAccount,
    RunHead,
    Sampled,
    TestAccount,
    TurnAccount,
    UnitAccount,
    figures_of,
)
from framework.contract.metrics import METRIC_NAMES
from framework.contract.run import BuildIdentity
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history.details import details

TEXT = st.text(st.characters(), max_size=8)
"""Any character, lone surrogates and NUL among them."""
WORDS = st.lists(TEXT, max_size=2).map(tuple)
VALUE = st.floats(allow_nan=False)
VERDICT = st.sampled_from(Verdict)
SMALL = st.integers(0, 2**31 - 1)


def few(strategy: st.SearchStrategy[object], **options: object) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=2, **options).map(tuple)  # type: ignore[arg-type]


FIGURE = st.builds(Figure, st.sampled_from(METRIC_NAMES), VALUE, st.none() | VALUE, TEXT, WORDS)
TURN = st.builds(
    TurnAccount, SMALL, TEXT, TEXT, VERDICT, VALUE, few(FIGURE, unique_by=lambda one: one.metric), WORDS
)  # fmt: skip
SAMPLED = st.builds(
    Sampled, st.sampled_from(METRIC_NAMES), SMALL, st.tuples(*[VALUE] * 7), few(st.tuples(VALUE, VALUE)), WORDS
)
REPETITION = st.builds(
    RepetitionAccount, SMALL, SMALL, VERDICT, WORDS, TEXT, few(TURN), few(SAMPLED, unique_by=lambda one: one.metric),
    few(st.tuples(TEXT, TEXT)), WORDS, st.booleans(),
)  # fmt: skip
UNIT = st.builds(UnitAccount, TEXT, TEXT, VERDICT, WORDS, VALUE, VALUE, few(REPETITION))
TEST = st.builds(
    TestAccount, TEXT, TEXT, TEXT, VERDICT, WORDS, TEXT, TEXT, VALUE, SMALL, st.booleans(), few(UNIT)
)  # fmt: skip
BUILD = st.builds(
    BuildIdentity, TEXT, TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2), st.booleans(),
    st.none() | st.integers(0, 2**62),
)  # fmt: skip
HEAD = st.builds(RunHead, st.just("same"), TEXT, VALUE, VALUE, BUILD, TEXT, WORDS, st.booleans())
RUN = st.builds(
    RunAccount, HEAD, st.just({TEN.name: TEN}), few(TEST, unique_by=lambda one: one.id), WORDS
)  # fmt: skip


def test_figures_and_details_are_those_of_the_account(where: str) -> None:
    """Recorded and asked for again: what a comparison needs, and what is told of each test."""
    with open_history(where) as history:

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(RUN)
        def check(run: RunAccount) -> None:
            history.record(run)
            assert history.figures("same") == figures_of(run)
            told = details(history, "same")
            assert (told.head, told.lab, len(told.handsets)) == (run.head, run.lab, 1)
            assert [(one.id, one.reasons, one.seconds) for one in told.tests] == [
                (one.id, one.reasons, one.seconds) for one in run.tests
            ]

        check()
