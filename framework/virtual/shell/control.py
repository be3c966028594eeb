"""How break, continue and return leave what they are in."""

from __future__ import annotations


class _LeaveLoops(Exception):
    """`levels` loops are meant; the innermost one catches it and passes it on."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels

    def pass_on(self) -> None:
        """Called by the loop that caught it: goes on to the loop around if that is meant, too."""
        if self.levels > 1:
            raise type(self)(self.levels - 1)


class BreakLoop(_LeaveLoops):
    """break"""


class ContinueLoop(_LeaveLoops):
    """continue: all but the last of the loops are left for good."""


class ReturnFromFunction(Exception):
    """return"""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
