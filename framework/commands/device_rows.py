"""What `farm devices` says of one handset, and how it is asked: again and again over one connection, if need be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.contract.handsets import AvdHandset, Handset, VirtualHandset
from framework.contract.marks import Mark, Marks
from framework.contract.run import HandsetIdentity
from framework.fleet.inventory import target

if TYPE_CHECKING:
    from framework.contract.vitals import Vitals
    from framework.handset.handset import OpenHandset

ON_DEMAND, FREE, LEASED, HELD, QUARANTINED = "on demand", "free", "leased", "held", "quarantined"
UNREACHABLE, SILENT, ASKING, UNFIT = "unreachable", "no answer", "asking", "unfit"
USABLE = (ON_DEMAND, FREE, LEASED, HELD)
OPEN_S = 8.0
"""How long one attempt to reach a handset may take."""


@dataclass(frozen=True, slots=True)
class Row:
    """One handset; None for what it does not tell, and what to do about it where it is of no use.

    `state` is `on demand` (it is started when a run needs it), `free`, `leased` by a run, `held` by a person,
    `quarantined`; or why it cannot be used: as adb calls it, such as `unauthorized`, `offline` or `recovery`, `absent`
    where an adb server does not have it, `starting` and `dead` while Android is not up, `unfit` for any test (full,
    empty or too hot), `asking` and then `no answer` while it does not answer, and `unreachable` for all else.
    """

    name: str
    kind: str
    state: str
    tags: tuple[str, ...] = ()
    model: str = ""
    soc: str = ""
    android: str = ""
    system: str = ""
    ram_gb: float | None = None
    foldable: bool | None = None
    fold_states: tuple[str, ...] = ()
    free_gb: float | None = None
    battery: float | None = None
    """Per cent."""
    charging: bool | None = None
    battery_c: float | None = None
    skin_c: float | None = None
    thermal_status: int | None = None
    build: str = ""
    """Name and version of what was deployed there last."""
    holder: str = ""
    """Who has it, since when and for what: a run's lease, a person's hold, or a quarantine."""
    marks: Mapping[str, Mapping[str, Any]] | None = None
    """`lease`, `hold` and `quarantine`, as far as there are any: who, why, and when it began by the handset's clock."""
    detail: str = ""
    mend: str = ""
    contradictions: tuple[str, ...] = ()
    """What devices.yaml says of it and it denies."""

    @property
    def usable(self) -> bool:
        return self.state in USABLE


class Asker:
    """Asks one handset how it is; what it opens stays open until it breaks or `close`."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset
        self._stack = ExitStack()
        self._opened: OpenHandset | None = None
        self._installed = False

    def row(self) -> Row:
        """As it is now; never raises for what the handset does."""
        try:
            return self._found()
        except HandsetError as error:
            self.close()
            state = error.state or UNREACHABLE
            return replace(self.blank(state), detail=error.what, mend=error.mend)

    def blank(self, state: str) -> Row:
        """What is known of it without asking."""
        handset = self.handset
        return Row(handset.name, handset.kind, state, handset.tags)

    def close(self) -> None:
        self._opened = None
        with suppress(HandsetError, OSError):
            self._stack.close()

    def _found(self) -> Row:
        if self._opened is None:
            where = self._where()
            if where is None:
                return self._on_demand()
            from framework.handset.handset import open_handset

            self._opened = self._stack.enter_context(open_handset(where, OPEN_S))
        return self._asked(self._opened)

    def _where(self) -> Target | None:
        """How it is reached; None for one that is started on demand and does not run."""
        running: Target | None = None
        if isinstance(self.handset, VirtualHandset):
            running = _running_virtual(self.handset)
        elif isinstance(self.handset, AvdHandset):
            running = _running_avd(self.handset)
        else:
            return target(self.handset, _never)
        return None if running is None else target(self.handset, lambda _: running)

    def _on_demand(self) -> Row:
        blank = self.blank(ON_DEMAND)
        if isinstance(self.handset, VirtualHandset):
            from framework.handset.stated import merged
            from framework.virtual.identity import identity_of

            stated = self.handset.capabilities.model_dump(exclude_none=True)
            return _with_identity(blank, merged(replace(identity_of(self.handset), free_gb=None), stated))
        assert isinstance(self.handset, AvdHandset)
        if not self._installed:
            from framework.handset.emulator import check_installed

            check_installed(self.handset.name, self.handset.avd)
            self._installed = True
        return replace(blank, model=self.handset.avd)

    def _asked(self, opened: OpenHandset) -> Row:
        from framework.deploy import read_receipt
        from framework.session.checkup import wrongs

        vitals, marks, receipt = opened.vitals(), opened.marks(), read_receipt(opened.files)
        wrong = next(wrongs(vitals, screen=False), None)
        row = replace(
            _with_identity(self.blank(_state(vitals, marks, fit=wrong is None)), opened.identity),
            free_gb=None if vitals.free_mb is None else round(vitals.free_mb / 1e3, 1),
            battery=vitals.battery,
            charging=vitals.charging,
            battery_c=vitals.battery_c,
            skin_c=vitals.skin_c,
            thermal_status=vitals.thermal_status,
            build="" if receipt is None else receipt.identity.label,
            holder=_holder(marks),
            marks=_marks(marks),
        )
        return row if wrong is None else replace(row, detail=wrong.what, mend=wrong.advice)


def _running_virtual(handset: VirtualHandset) -> Target | None:
    """The virtual handset of that name and profile that runs: one that was started here before any other."""
    from framework.virtual.control.registry import running_handsets

    try:
        named = [one for one in running_handsets() if one.endpoint.name == handset.name]
    except UsageError:
        return None
    here = str(Path.cwd())
    fitting = [one for one in named if one.endpoint.profile == handset.profile]
    running = max(fitting, key=lambda one: (one.folder == here, one.started_s), default=None)
    return None if running is None else Target(handset.name, adbd=running.endpoint.adb, tags=handset.tags)


def _running_avd(handset: AvdHandset) -> Target | None:
    from framework.handset.plugged import running_avd

    serial = running_avd(None, handset.avd)
    return None if serial is None else Target(handset.name, serial=serial, tags=handset.tags)


def _with_identity(row: Row, identity: HandsetIdentity) -> Row:
    return replace(
        row,
        model=identity.title,
        soc=identity.soc,
        android=identity.android,
        system=identity.system,
        ram_gb=identity.ram_gb or None,
        foldable=identity.foldable,
        fold_states=identity.fold_states,
        free_gb=identity.free_gb,
        contradictions=identity.contradictions,
    )


def _state(vitals: Vitals, marks: Marks, *, fit: bool) -> str:
    if vitals.android.state != "up":
        return vitals.android.state
    named: Sequence[tuple[object, str]] = ((marks.lease, LEASED), (marks.quarantine, QUARANTINED), (marks.hold, HELD))
    free = FREE if fit else UNFIT
    return next((state for mark, state in named if mark is not None), free)


def _holder(marks: Marks) -> str:
    from framework.handset import holder
    from framework.handset.marks import told

    said = [f"leased by {holder.described(marks.lease)}"] if marks.lease is not None else []
    return "; ".join([*said, *(told(mark) for mark in (marks.quarantine, marks.hold) if mark is not None)])


def _marks(marks: Marks) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    if marks.lease is not None:
        lease = marks.lease
        found["lease"] = {"who": lease.who, "why": lease.why, "since_wall_s": lease.since_wall_s}
    return found | {mark.kind: _mark(mark) for mark in (marks.hold, marks.quarantine) if mark is not None}


def _mark(mark: Mark) -> dict[str, Any]:
    return {"who": mark.who, "why": mark.why, "since_wall_s": mark.since_wall_s, "left_s": mark.left_s}


def _never(name: str) -> Target:
    raise AssertionError(f"{name} is started on demand")
