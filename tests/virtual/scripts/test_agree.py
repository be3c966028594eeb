"""Written scripts that must do here what they do under the real mksh with the real toybox: all of them in this folder.

`language.txt` is the shell's grammar and its built-ins, `commands.txt` are toybox's, `holes.txt` what was once
missing, `clients.txt` what foreign clients send, `farm.txt` what the farm itself sends. Blocks end with a line `%%`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript

WANTED = 100
SCRIPTS = {
    f"{file.stem}-{number}": script
    for file in sorted(Path(__file__).parent.glob("*.txt"))
    for number, script in enumerate(file.read_text().rstrip("\n").split("\n%%\n"), 1)
}


def test_there_are_enough() -> None:
    """Different ones."""
    assert len(set(SCRIPTS.values())) == len(SCRIPTS) >= WANTED


@pytest.mark.foreign
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_written_script_does_what_it_does_in_mksh(sh: RunScript, mksh: RunScript, name: str) -> None:
    """Same standard output and exit status."""
    ours, real = sh(SCRIPTS[name]), mksh(SCRIPTS[name])
    assert (ours.out, ours.status) == (real.out, real.status), f"{SCRIPTS[name]}\n{ours.err}\n{real.err}"
