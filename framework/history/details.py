"""One run as the history knows it: for people, and for who has no folder of it any more."""

from __future__ import annotations

import sqlalchemy as sa

from framework.contract.account import RunAccount, TestAccount
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.history.encoding import texts, told
from framework.history.rows import head_of
from framework.history.store import History
from framework.history.tables import HANDSET, TEST


def details(history: History, run: str) -> RunAccount:
    """By id, name, or the beginning of one; tests without their units. UsageError: there is no such run."""
    row = history.row(run)
    handsets = history.ask(sa.select(HANDSET).where(HANDSET.c.run == row.key).order_by(HANDSET.c.name))
    tests = history.ask(sa.select(TEST).where(TEST.c.run == row.key).order_by(TEST.c.test))
    return RunAccount(
        head=head_of(row),
        handsets={told(one.name): _handset(one) for one in handsets},
        tests=tuple(map(_test, tests)),
        lab=texts(row.lab),
    )


def _handset(row: sa.Row[*tuple[object, ...]]) -> HandsetIdentity:
    """Serial numbers are not kept."""
    return HandsetIdentity(
        name=told(row.name),
        serial="",
        manufacturer=told(row.manufacturer),
        model=told(row.model),
        soc=told(row.soc),
        android=told(row.android),
        sdk=row.sdk,
        ram_gb=row.ram_gb,
        foldable=row.foldable,
        emulated=row.emulated,
        fingerprint=told(row.fingerprint),
        tags=texts(row.tags),
        screen=told(row.screen),
        system=told(row.system),
        fold_states=texts(row.fold_states),
    )


def _test(row: sa.Row[*tuple[object, ...]]) -> TestAccount:
    return TestAccount(
        id=told(row.id),
        title=told(row.title),
        file=told(row.file),
        verdict=Verdict(row.verdict),
        reasons=texts(row.reasons),
        handset=told(row.handset),
        model=told(row.model),
        seconds=row.seconds,
        attempts=row.attempts,
        concluded=row.concluded,
    )
