"""Which handsets may go on in a run: a pure policy, fed with how tests ended and with what checks found."""

from __future__ import annotations

from collections.abc import Mapping

from framework.contract.verdict import Verdict

LAB_IN_A_ROW = 2
"""So many tests that ended LAB on a handset, with no PASS between, and it is not used again."""

SUSPECT_ON = 2
"""A test that ended LAB on so many handsets tells nothing about another one: it may itself be what breaks them."""


class Health:
    """What is known of the handsets of one run, by name. A quarantine lasts until the run ends.

    The cause of a quarantine is the first thing that went wrong since the handset last did well: what follows from it
    tells less.
    """

    def __init__(self) -> None:
        self._doubts: dict[str, dict[str, str]] = {}
        self._lab: dict[str, set[str]] = {}
        self._quarantined: dict[str, str] = {}

    def ended(self, handset: str, test: str, verdict: Verdict, why: str = "") -> None:
        """A test ended so. PASS clears all doubts; FAIL does not, for it may have been the handset's doing."""
        if verdict is Verdict.PASS:
            self._doubts.pop(handset, None)
        elif verdict is Verdict.LAB and len(self._lab.setdefault(test, set()) - {handset}) < SUSPECT_ON:
            self._lab[test].add(handset)
            doubts = self._doubts.setdefault(handset, {})
            doubts.setdefault(test, why or f"{test} ended LAB on it")
            if len(doubts) >= LAB_IN_A_ROW:
                self.quarantine(handset, why)

    def checked(self, handset: str, wrong: str | None) -> None:
        """A check found this, and the ladder could not mend it; None where all is well, which clears no doubt."""
        if wrong is not None:
            self.quarantine(handset, wrong)

    def quarantine(self, handset: str, why: str) -> None:
        """Not to be used again; where something went wrong before, that is the cause."""
        first = next(iter(self._doubts.get(handset, {}).values()), why)
        self._quarantined.setdefault(handset, first)

    def cause(self, handset: str) -> str | None:
        """Why a handset is not to be used; None while it may be."""
        return self._quarantined.get(handset)

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Handset → the first cause, in the order in which they were found."""
        return dict(self._quarantined)
