"""One client's session: what it asked for, its time-outs, and its hold on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framework.virtual.ui.automation import Automation

if TYPE_CHECKING:
    from framework.virtual.device import Device


@dataclass(slots=True)
class Session:
    """Time-outs in milliseconds; `script_ms` and `page_load_ms` are kept for the client and mean nothing here.

    It ends with its `boot`.
    """

    automation: Automation
    id: str
    capabilities: Mapping[str, Any]
    boot: int = 0
    script_ms: int | None = 30_000
    page_load_ms: int = 300_000

    @property
    def device(self) -> Device:
        return self.automation.device
