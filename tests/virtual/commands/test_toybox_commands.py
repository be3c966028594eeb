"""The commands of toybox against the real one: the scripts in `scripts.txt`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.virtual.conftest import RunScript

SCRIPTS = (Path(__file__).parent / "scripts.txt").read_text().rstrip("\n").split("\n%%\n")


@pytest.mark.foreign
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.split("\n")[0][:60])
def test_commands_do_what_they_do_in_toybox(sh: RunScript, mksh: RunScript, script: str) -> None:
    """Same standard output and exit status."""
    ours, real = sh(script), mksh(script)
    assert (ours.out, ours.status) == (real.out, real.status), f"{ours.err}\n{real.err}"
