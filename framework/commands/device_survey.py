"""Asking many handsets at once, so that one which does not answer holds nobody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from framework.commands.device_rows import ASKING, SILENT, UNREACHABLE, Asker, Row


class Survey:
    """A thread a handset, each with its own question; `rows` gives the last answers, and who owes one.

    They are daemons: a handset that hangs does not keep the command from ending.
    """

    def __init__(self, askers: Sequence[Asker], patience_s: float) -> None:
        self._askers, self._patience_s = askers, patience_s
        self._answered = threading.Condition()
        self._rows: dict[str, Row] = {}
        self._since: dict[str, float] = {}
        """Name → when its open question was asked."""

    def rows(self, within_s: float) -> list[Row]:
        """All of them, as soon as everybody has answered, or after `within_s`.

        Who has not is shown as it was last, and without an answer once that takes longer than it may.
        """
        now = time.monotonic()
        ends = now + within_s
        with self._answered:
            for asker in self._askers:
                if asker.handset.name not in self._since:
                    self._since[asker.handset.name] = now
                    threading.Thread(target=self._ask, args=(asker,), daemon=True).start()
            while self._since and (left := ends - time.monotonic()) > 0:
                self._answered.wait(left)
            return [self._now(asker) for asker in self._askers]

    def close(self) -> None:
        """Of those that have answered; a question that is still open ends with the process."""
        for asker in self._askers:
            if asker.handset.name not in self._since:
                asker.close()

    def _ask(self, asker: Asker) -> None:
        try:
            row = asker.row()
        except Exception as error:  # a fault of ours is told with its handset; the others are shown
            row = replace(asker.blank(UNREACHABLE), detail=f"{type(error).__name__}: {error}")
        with self._answered:
            self._rows[asker.handset.name] = row
            self._since.pop(asker.handset.name)
            self._answered.notify_all()

    def _now(self, asker: Asker) -> Row:
        since, last = self._since.get(asker.handset.name), self._rows.get(asker.handset.name)
        waited_s = 0.0 if since is None else time.monotonic() - since
        if waited_s < self._patience_s:
            return last or asker.blank(ASKING)
        detail = f"it has not answered for {waited_s:.0f} s"
        return replace(last or asker.blank(SILENT), state=SILENT, detail=detail, mend="see `farm doctor`")
