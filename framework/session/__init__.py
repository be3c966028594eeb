"""The story of the farm, without pytest: lease, deploy, record, run, judge, (again, if invalid,) tell the observers."""

from __future__ import annotations

from framework.session.checkup import Checkup
from framework.session.evidence import RecordScreen
from framework.session.session import ATTEMPTS, Order, Session

__all__ = ["ATTEMPTS", "Checkup", "Order", "RecordScreen", "Session"]
