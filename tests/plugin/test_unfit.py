"""What a worker leaves behind that takes no test."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from framework.plugin.lab import Lab
from framework.plugin.unfit import Declining, read_unfit


def test_the_cause_is_there_when_a_test_is_declined(tmp_path: Path) -> None:
    """Under the handset's name, whatever that is; nothing where a test may begin."""
    causes = [None, "Rack/7: its storage is full"]
    declining = Declining(cast(Lab, SimpleNamespace(unfit=lambda: causes.pop(0))), tmp_path, "Rack/7")
    assert (declining.declines(), read_unfit(tmp_path, "Rack/7")) == (False, None)
    assert (declining.declines(), read_unfit(tmp_path, "Rack/7")) == (True, "its storage is full")
    assert read_unfit(tmp_path, "rack/7") is None
