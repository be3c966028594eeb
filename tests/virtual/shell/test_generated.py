"""Scripts that a grammar makes up, under our shell and the real mksh.

Left out is what mksh itself gets wrong (an unquoted `${x:1:2}`, `${x#a}` or `${x/a/b}` joins or takes away the text
before it; single quotes in a here-document's `${x:-…}` must be closed) and what has no certain order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from conftest import RunScript

Source = st.SearchStrategy[str]

NAMES = st.sampled_from(["x", "y", "z"])
PATTERNS = st.sampled_from(
    ["a*", "*a", "?", "[a-c]*", "b", "*[0-9]", "'*'", "\\*", "a?c", "*.", "${x}", '"$y"', "@(a|b)*", "[!x]"]
)
PLAIN = st.text("abcz019.,-_/+@%:=", min_size=1, max_size=4)
SINGLE = st.text('ab *?$"\\`#;|&(){}[]~ \t\n=', max_size=5).map(lambda text: f"'{text}'")
ESCAPED = st.sampled_from("\\*$\"'`;|& #?[]~ab{}!").map(lambda char: f"\\{char}")
SPECIAL = st.sampled_from(["*", "?", "[ab]", "[!a]*", "~", "{a,b}", "{a,b{c,d}}", "$", "=", "-n", "a=b", "x=~"])
QUOTED_PIECES = st.one_of(
    st.text("ab *?'#;|&(){}[]~ \t\n=", max_size=4),
    ESCAPED,
    st.sampled_from(["$@", "$*", "${x}", "${y:-d e}", "${z:-'q'}", "${x#a}", "${x:1:2}", '$(echo "s  t")', "`echo b`"]),
)
DOUBLE = st.lists(QUOTED_PIECES, max_size=4).map(lambda pieces: f'"{"".join(pieces)}"')


def joined(strategy: Source, separator: str, *, least: int = 0) -> Source:
    return st.lists(strategy, min_size=least, max_size=3).map(separator.join)


def filled(form: str, *strategies: Source) -> Source:
    """The form with its `%s` filled in."""
    return st.tuples(*strategies).map(lambda values: form % values)


def larger_sums(inner: Source) -> Source:
    operators = st.sampled_from(["+", "-", "*", "<<", "&", "|", "^", "==", "<", ">=", "&&", "||", ",", "%2+", "/3-"])
    return st.one_of(
        filled("%s%s%s", inner, operators, inner),
        filled("(%s)", inner),
        filled("-(%s)", inner),
        filled("!(%s)", inner),
        filled("(%s)?(%s):(%s)", inner, inner, inner),
        filled("n=%s", inner),
        filled("m+=%s", inner),
    )


SUMS = st.recursive(st.one_of(st.integers(0, 20).map(str), st.sampled_from(["n", "m"])), larger_sums, max_leaves=4)


def larger_words(inner: Source) -> Source:
    return st.one_of(
        joined(inner, "", least=1),
        DOUBLE,
        filled("$%s", st.one_of(NAMES, st.sampled_from("12@*#?"))),
        filled("${#%s}", NAMES),
        filled("${%s%s%s}", NAMES, st.sampled_from([":-", "-", ":+", "+"]), inner),
        filled('"${%s%s%s}"', NAMES, st.sampled_from(["#", "##", "%%", "%"]), PATTERNS),
        filled('"${%s%s%s/%s}"', NAMES, st.sampled_from(["/", "//"]), PATTERNS, st.sampled_from(["", "Q", "q r"])),
        filled("$((%s))", SUMS),
        filled("$(echo %s)", inner),
        filled("$(printf '%%s\\n' %s x)", inner),
    )


WORDS = st.recursive(st.one_of(PLAIN, SINGLE, ESCAPED, SPECIAL), larger_words, max_leaves=5)
ARGUMENTS = joined(WORDS, " ")
BODIES = ARGUMENTS.filter(lambda text: "'" not in text and "`" not in text).map(lambda text: text.replace("\n", " "))
FIXED = st.sampled_from(
    [
        "true",
        "false",
        "(exit 3)",
        ":",
        "echo $?",
        "IFS=:",
        "IFS=' '",
        "unset IFS",
        "unset x",
        "read x <f",
        "cat <f",
        "cd .",
        "set -f",
        "set +f",
        "n=3",
        "shift 2>/dev/null || :",
        "[ $# -lt 2 ]",
        "! false",
    ]
)
SIMPLE = st.one_of(
    filled("printf '<%%s>' %s; echo", ARGUMENTS),
    filled("echo %s", ARGUMENTS),
    filled("%s=%s", NAMES, WORDS),
    filled("set -- %s", ARGUMENTS),
    filled("[ %s %s %s ]", WORDS, st.sampled_from(["=", "!="]), WORDS),
    filled("[[ $%s = %s ]]", NAMES, PATTERNS),
    filled("((%s))", SUMS),
    FIXED,
)
FILTERS = st.sampled_from(
    ["cat", "tr a b", "wc -l", "sort", "head -n 1", 'while read q; do echo "[$q]"; done', '{ read a b; echo "$b"; }']
)
REDIRECTIONS = st.sampled_from([">f", ">>f", ">/dev/null", "2>/dev/null", "<f", ">f 2>&1", "3>f >&3"])


def larger_commands(inner: Source) -> Source:
    several = joined(inner, "; ", least=1)
    return st.one_of(
        filled("%s %s %s", inner, st.sampled_from(["&&", "||"]), inner),
        filled("{ %s; }", several),
        filled("(%s)", several),
        filled("%s | %s", inner, FILTERS),
        filled("{ %s; } %s", inner, REDIRECTIONS),
        filled("if %s; then %s; fi", inner, several),
        filled("if %s; then %s; else %s; fi", inner, several, several),
        filled("for x in %s; do %s; done", ARGUMENTS, several),
        filled("for x; do %s; done", several),
        filled("case %s in %s) %s;; a|b) %s;; *) echo other;; esac", WORDS, PATTERNS, several, several),
        filled("k=0; while [ $k -lt 2 ]; do k=$((k+1)); %s; done", several),
        filled("fn() { local x=1; %s; return 2; }; fn %s; echo $?", several, ARGUMENTS),
        filled("cat <<%s\n%s\nE\n:", st.sampled_from(["E", "'E'", "-E"]), BODIES),
        filled('x=$(%s); echo "[$x]"', several),
        filled("{ (%s) & wait; }", several),
    )


SCRIPTS = st.lists(st.recursive(SIMPLE, larger_commands, max_leaves=6), min_size=1, max_size=5).map("\n".join)
PREPARED = "x=abc; y='a  b'; n=3; m=4; : >ab.c; echo 'l1 w2' >f; echo l2 >>f; set -- p 'q r'\n"


@pytest.mark.foreign
@settings(
    max_examples=60,
    derandomize=True,  # what is new here is found by running it longer, not by a failing build
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(script=SCRIPTS)
def test_a_generated_script_does_what_it_does_in_mksh(sh: RunScript, mksh: RunScript, script: str) -> None:
    """Same standard output and exit status."""
    ours, real = sh(PREPARED + script), mksh(PREPARED + script)
    assert (ours.data, ours.status) == (real.data, real.status), f"{ours.err}\n{real.err}"
