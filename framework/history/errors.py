"""What goes wrong with the database itself."""

from __future__ import annotations

from framework.contract.errors import FarmError


class HistoryError(FarmError):
    """The database cannot be reached, is kept busy by others, or its disk is full: what, where, and the mend."""

    exit_code = 3
