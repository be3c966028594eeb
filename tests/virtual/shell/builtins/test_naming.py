"""export, readonly, typeset, local, unset, let."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("y='b c'; export x=$y; echo \"$x\"; sh -c 'echo $x'", "b c\nb c\n"),
        ("export q='a b'; export -p | grep q", "export q='a b'\n"),
        ("readonly r=1; readonly | grep r=; unset r 2>/dev/null; echo no", "readonly r=1\n"),
        ("typeset -i n=2*3; n=n+1; echo $n; typeset +i n; n=1+1; echo $n", "7\n1+1\n"),
        ("f() { typeset x=1 y; echo $x$y; }; x=o; y=p; f; echo $x$y", "1\nop\n"),
        ("x=1; f() { echo f; }; unset x; unset -f f; echo ${x-gone}; f 2>/dev/null; echo $?", "gone\n127\n"),
        ("let x=2+3 y=x*2; echo $x $y $?; let 0; echo $?; let 1+ 2>/dev/null; echo $?", "5 10 0\n1\n2\n"),
        ("x=a; export x+=b; echo $x", "ab\n"),
        ("export 1x 2>/dev/null; echo no", ""),
    ],
)
def test_naming(sh: RunScript, script: str, expected: str) -> None:
    """Values are not split after `=`; attributes come and go; a wrong name ends the script."""
    assert sh(script).out == expected
