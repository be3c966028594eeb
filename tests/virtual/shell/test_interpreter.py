"""The language, with written expectations: what holds where mksh is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript

CASES = {
    "words": ("x='a  b'; echo $x; echo \"$x\" 'q r' s\\ t", "a b\na  b q r s t\n"),
    "parameters": ('set -- a "b c"; echo $# "$2"; for i in "$@"; do echo "[$i]"; done', "2 b c\n[a]\n[b c]\n"),
    "defaults": ('echo ${u:-d} ${u-e}; u=; echo "[${u:-d}][${u-e}]"; : ${v:=5}; echo $v', "d e\n[d][]\n5\n"),
    "trimming": ("p=/a/b.tar.gz; echo ${p##*/} ${p%/*} ${p%%.*} ${#p}", "b.tar.gz /a /a/b 11\n"),
    "replacing": ("x=banana; echo ${x/an/AN} ${x//a} ${x/#b/B} ${x:1:3}", "bANana bnn Banana ana\n"),
    "arithmetic": ("x=5; echo $((x*2+1)) $((x++)) $x; ((x>5)) && echo more", "11 5 6\nmore\n"),
    "substitution": ("echo $(echo a; echo b) `echo c`; x=$(printf 'l\\n\\n'); echo \"[$x]\"", "a b c\n[l]\n"),
    "file text": ('echo hello >f; x=$(<f); echo "$x"', "hello\n"),
    "globs": ("touch a.txt b.txt; echo *.txt *.none '*'", "a.txt b.txt *.none *\n"),
    "braces": ("echo a{b,c}d", "abd acd\n"),
    "if": ("if [ 1 -gt 2 ]; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
    "for": ("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
    "while": ("i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 3 ] && break; done; echo $i", "3\n"),
    "until": ("i=3; until [ $i = 0 ]; do i=$((i-1)); done; echo $i", "0\n"),
    "case": ('case "a b" in x|"a b") echo yes;; *) echo no;; esac', "yes\n"),
    "functions": ("f() { local x=in; echo $1 $x; return 3; }; x=out; f a; echo $? $x", "a in\n3 out\n"),
    "groups": ("{ echo a; echo b; } | cat; (x=1; exit 4); echo $? [$x]", "a\nb\n4 []\n"),
    "pipes": ("printf 'b\\na\\n' | sort | while read x; do echo \"<$x>\"; done", "<a>\n<b>\n"),
    "lists": ("false || echo a && echo b; ! false && echo c", "a\nb\nc\n"),
    "redirections": ("echo out >f; echo more >>f; cat <f; { echo e >&2; } 2>&1", "out\nmore\ne\n"),
    "descriptors": ("exec 3>f; echo a >&3; exec 3>&-; exec 4<f; read x <&4; echo $x", "a\n"),
    "here-documents": ("cat <<E | tr a-z A-Z\nvalue $((1+1))\nE\ncat <<'E'\n$x\nE", "VALUE 2\n$x\n"),
    "background": ("sleep 5 & p=$!; kill $p; wait $p 2>/dev/null; echo $?; (exit 6) & wait $!; echo $?", "143\n6\n"),
    "traps": ("trap 'echo bye' EXIT; trap 'echo got' USR1; kill -USR1 $$; echo end", "got\nend\nbye\n"),
    "eval": ("c='echo \"$1\"'; set -- 'a b'; eval \"$c\"", "a b\n"),
    "assignments before commands": ("x=1; x=2 sh -c 'echo $x'; echo $x; y=3 :; echo $y", "2\n1\n3\n"),
    "sampler": ("read up idle </proc/uptime; echo ${up%.*} | grep -c '^[0-9]*$'", "1\n"),
}


@pytest.mark.parametrize(("script", "expected"), CASES.values(), ids=CASES)
def test_the_language(sh: RunScript, script: str, expected: str) -> None:
    """What a script prints; nothing on stderr, status 0."""
    result = sh(script)
    assert (result.out, result.err, result.status) == (expected, "", 0)


@pytest.mark.parametrize(
    ("script", "status", "error"),
    [
        ("exit 7", 7, ""),
        ("nosuch", 127, "/system/bin/sh: nosuch: inaccessible or not found\n"),
        ("/data", 126, "/system/bin/sh: /data: can't execute: Is a directory\n"),
        ("touch f; ./f", 126, "/system/bin/sh: ./f: can't execute: Permission denied\n"),
        ("/proc/version", 126, "/system/bin/sh: /proc/version: can't execute: Permission denied\n"),
        ("kill -9 $$", 137, ""),
        ("if", 1, "/system/bin/sh: syntax error: unmatched 'if'\n"),
        ("echo $((1/0))", 1, "/system/bin/sh: 1/0: zero divisor\n"),
        ("set -u; echo $x", 1, "/system/bin/sh: x: parameter not set\n"),
        (": ${x?gone}", 1, "/system/bin/sh: x: gone\n"),
        ("readonly x=1; x=2", 2, "/system/bin/sh: read-only: x\n"),
        ("set -e; false; exit 9", 1, ""),
        ("cat </nosuch", 1, "/system/bin/sh: can't open /nosuch: No such file or directory\n"),
        ("echo >/system/x", 1, "/system/bin/sh: can't create /system/x: Read-only file system\n"),
        ("echo >/data/data/x", 1, "/system/bin/sh: can't create /data/data/x: Permission denied\n"),
        ("exec 3>&9", 1, "/system/bin/sh: >&9: bad file descriptor\n"),
        ("cd /nosuch", 2, "/system/bin/sh: cd: /nosuch: No such file or directory\n"),
        ("exec nosuch", 127, "/system/bin/sh: nosuch: inaccessible or not found\n"),
        ("yes | true", 0, ""),
    ],
)
def test_failures_have_mkshs_status_and_words(sh: RunScript, script: str, status: int, error: str) -> None:
    """126, 127, 128+n, and messages as on Android."""
    result = sh(script)
    assert (result.status, result.err) == (status, error)


def test_a_failure_in_a_function_ends_the_function(sh: RunScript) -> None:
    """As in mksh, an error that would end a script ends only the function it is in."""
    assert sh("f() { shift; echo no; }; f 2>/dev/null; echo $?").out == "1\n"


def test_endless_recursion_ends(sh: RunScript) -> None:
    """Neither plain nor nested self-calls bring the handset down."""
    assert sh("f() { f; }; f; echo $?").out == "1\n"
    assert sh("f() { if true; then { f | cat; }; fi; }; f; exit 5").status in (5, 139)


def test_bytes_that_are_no_text_pass_unchanged(sh: RunScript) -> None:
    """Variables, pipes and files keep any byte but NUL."""
    data = bytes(range(1, 256)).replace(b"\n", b"")
    assert sh('IFS= read -r x; printf %s "$x" >f; cat f', stdin=data + b"\n").data == data


def test_chinese_text_is_counted_in_characters(sh: RunScript) -> None:
    """Lengths and cuts are those of a UTF-8 locale, as on Android."""
    assert sh("x=后天呢; echo ${#x} ${x:1:1} ${x%呢}").out == "3 天 后天\n"
