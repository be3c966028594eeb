"""Asking many handsets at once, so that one which does not answer holds nobody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from framework.commands.device_rows import ASKING, SILENT, UNREACHABLE, Asker, Row
from framework.contract.handsets import Handset


class Survey:
    """A thread a handset, each with its own question; `rows` gives the last answers, and who owes one.

    They are daemons: a handset that hangs does not keep the command from ending.
    """

    def __init__(self, askers: Sequence[Asker], patience_s: float) -> None:
        self._askers, self._patience_s = list(askers), patience_s
        self._answered = threading.Condition()
        self._rows: dict[Asker, Row] = {}
        self._since: dict[Asker, float] = {}
        """When each open question was asked."""

    def rows(self, within_s: float) -> list[Row]:
        """All of them, as soon as everybody has answered, or after `within_s`.

        Who has not is shown as it was last, and without an answer once that takes longer than it may.
        """
        now = time.monotonic()
        ends = now + within_s
        with self._answered:
            for asker in self._askers:
                if asker not in self._since:
                    self._since[asker] = now
                    threading.Thread(target=self._ask, args=(asker,), daemon=True).start()
            while any(asker in self._since for asker in self._askers) and (left := ends - time.monotonic()) > 0:
                self._answered.wait(left)
            return [self._now(asker) for asker in self._askers]

    def change(self, handsets: Sequence[Handset]) -> None:
        """Ask these from now on; what is known of those that stay is kept."""
        with self._answered:
            before = self._askers
            known = {asker.handset.name: asker for asker in before if asker.handset in handsets}
            self._askers = [known.get(handset.name) or Asker(handset) for handset in handsets]
            gone = [asker for asker in before if asker not in self._askers]
        self._close(gone)

    def close(self) -> None:
        self._close(self._askers)

    def _close(self, askers: Iterable[Asker]) -> None:
        """Of those that have answered; who is still being asked is closed then, or ends with the process."""
        for asker in askers:
            with self._answered:
                answered = asker not in self._since
                self._rows.pop(asker, None)
            if answered:
                asker.close()

    def _ask(self, asker: Asker) -> None:
        try:
            row = asker.row()
        except Exception as error:  # a fault of ours is told with its handset; the others are shown
            row = replace(asker.blank(UNREACHABLE), detail=f"{type(error).__name__}: {error}")
        with self._answered:
            wanted = asker in self._askers
            if wanted:
                self._rows[asker] = row
            self._since.pop(asker)
            self._answered.notify_all()
        if not wanted:
            asker.close()

    def _now(self, asker: Asker) -> Row:
        since, last = self._since.get(asker), self._rows.get(asker)
        waited_s = 0.0 if since is None else time.monotonic() - since
        if waited_s < self._patience_s:
            return last or asker.blank(ASKING)
        detail = f"it has not answered for {waited_s:.0f} s"
        return replace(last or asker.blank(SILENT), state=SILENT, detail=detail, mend="see `farm doctor`")
