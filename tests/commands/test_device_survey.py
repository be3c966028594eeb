"""Asking many handsets at once: one that does not answer holds nobody up."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from framework.commands.device_rows import Asker, Row
from framework.commands.device_survey import Survey
from framework.contract.errors import HandsetError
from framework.contract.handsets import TcpHandset


class Told(Asker):
    """Answers once it may."""

    def __init__(self, name: str) -> None:
        super().__init__(TcpHandset(name=name, kind="tcp", address="h:1"))
        self.may = threading.Event()
        self.asked, self.closed = 0, False

    def _found(self) -> Row:
        self.asked += 1
        self.may.wait(10)
        return replace(self.blank("free"), battery=float(self.asked))

    def close(self) -> None:
        super().close()
        self.closed = True


def test_the_others_are_shown_without_waiting() -> None:
    """Who owes an answer is first being asked, then without one, and then there again."""
    quick, slow = Told("quick"), Told("slow")
    quick.may.set()
    survey = Survey([quick, slow], patience_s=0.3)
    began = time.monotonic()
    assert [row.state for row in survey.rows(0.1)] == ["free", "asking"]
    assert [row.state for row in survey.rows(0.4)] == ["free", "no answer"]
    assert time.monotonic() - began < 5
    slow.may.set()
    assert [row.state for row in survey.rows(5)] == ["free", "free"]
    assert (quick.asked, slow.asked) == (3, 1)
    survey.close()
    assert (quick.closed, slow.closed) == (True, True)


def test_what_was_known_stays_while_it_is_asked_again() -> None:
    """Until its patience is over: then its state says so, beside what was known."""
    slow = Told("slow")
    slow.may.set()
    survey = Survey([slow], patience_s=0.3)
    survey.rows(5)
    slow.may.clear()
    states = [(row.state, row.battery) for rows in (survey.rows(0.1), survey.rows(0.4)) for row in rows]
    assert states == [("free", 1.0), ("no answer", 1.0)]
    slow.may.set()


def test_a_fault_is_told_with_its_handset() -> None:
    """Of the lab with the mend, of ours by its name; the table stands."""

    class Broken(Told):
        def _found(self) -> Row:
            raise ValueError("no such thing")

    class Lost(Told):
        def _found(self) -> Row:
            raise HandsetError("lost", "device offline", "plug it in", "offline")

    broken, lost = Survey([Broken("broken"), Lost("lost")], 5).rows(5)
    assert (broken.state, broken.detail) == ("unreachable", "ValueError: no such thing")
    assert (lost.state, lost.detail, lost.mend) == ("offline", "device offline", "plug it in")
