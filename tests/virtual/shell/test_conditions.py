"""test, `[` and `[[`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript

TRUE = [
    "[ a ]",
    "[ a = a ]",
    "[ a != b ]",
    "[ ! a = b ]",
    "[ -n x -a -z '' ]",
    "[ a = b -o 1 -lt 2 ]",
    "[ \\( a = a \\) -a ! -e nosuch ]",
    "[ 010 -eq 10 ]",
    "[ '(' = '(' ]",
    "[ ! ]",
    "[ -n ]",
    "[ -f f -a -r f -a -w f -a -s f ]",
    "[ -d . -a -L link -a -c /dev/null ]",
    "[ f -nt old -a old -ot f -a f -ef ./f ]",
    "[ -x /system/bin/sh -a ! -w /system/bin/sh ]",
    "test -e f",
    "[[ abc = a* ]]",
    "[[ abc != 'a*' ]]",
    "[[ -f f && ( a = b || 2 -gt 1 ) ]]",
    "[[ ! -e nosuch ]]",
    "[[ a < b ]]",
    "[[ $empty = '' ]]",
    "[[ -z $empty ]]",
]
FALSE = [
    "[ ]",
    "[ '' ]",
    "[ a = b ]",
    "[ ! a ]",
    "[ 1 -gt 2 ]",
    "[ -e nosuch ]",
    "[ -t 0 ]",
    "[[ abc = b* ]]",
    "[[ '' ]]",
]
WRONG = ["[ a", "[ a b c ]", "[ 1 -eq 1+ ]", "[ a = ]", "test x y", "[[ 1 -eq 1+ ]]"]


@pytest.mark.parametrize(("status", "tests"), [(0, TRUE), (1, FALSE), (2, WRONG)])
def test_conditions(sh: RunScript, status: int, tests: list[str]) -> None:
    """True is 0, false 1, a mistake 2."""
    prepared = "echo x >f; ln -s f link; touch -d @1 old; "
    script = prepared + "".join(f"{test}; echo $?\n" for test in tests)
    assert dict(zip(tests, sh(script).out.split(), strict=True)) == dict.fromkeys(tests, str(status))
