"""What of an interrupted stack is shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from framework.plugin.interrupt import BriefInterrupt


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("whole", [False, True])
def test_only_the_line_that_is_printed_is_kept(whole: bool) -> None:
    """The innermost line alone; with `--full-trace` every one."""
    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted()
    config: Any = SimpleNamespace(option=SimpleNamespace(fulltrace=whole))
    BriefInterrupt(config).pytest_keyboard_interrupt(caught)
    names = [entry.name for entry in caught.traceback]
    assert names == (["test_only_the_line_that_is_printed_is_kept"] if whole else []) + ["interrupted"]
