"""set and getopts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript

LOOP = 'while getopts %s o; do echo "$o [$OPTARG]"; done; shift $((OPTIND-1)); echo "rest $*"'


@pytest.mark.parametrize(
    ("letters", "arguments", "expected"),
    [
        ("ab:c", "-a -b val -c rest", "a []\nb [val]\nc []\nrest rest\n"),
        ("ab:c", "-acb val", "a []\nc []\nb [val]\nrest \n"),
        ("ab:", "-bval -- -a", "b [val]\nrest -a\n"),
        (":ab:", "-x -b", "? [x]\n: [b]\nrest \n"),
        ("ab:", "-x -a", "? []\na []\nrest \n"),
        ("a", "", "rest \n"),
    ],
)
def test_getopts(sh: RunScript, letters: str, arguments: str, expected: str) -> None:
    """Bundled letters, values, `--`, and mistakes with and without a leading colon."""
    assert sh(f"set -- {arguments}; {LOOP % letters}").out == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("set a 'b c'; echo $# $2; set --; echo $#; set -- -x; echo $1", "2 b c\n0\n-x\n"),
        ("set -f; echo *; set +f; touch q; echo *", "*\nq\n"),
        ("set -o nounset; echo $-; set +o nounset; echo ${x}ok", "u\nok\n"),
        ("x='a b'; set | grep ^x=", "x='a b'\n"),
        ("f() { set -Z; echo no; }; f 2>/dev/null; echo $?", "1\n"),
    ],
)
def test_set(sh: RunScript, script: str, expected: str) -> None:
    """Parameters, options by letter and by name, and the list of variables."""
    assert sh(script).out == expected
