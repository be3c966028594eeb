"""monkey and ime."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import RunScript


def test_monkey_starts_an_app(sh: RunScript) -> None:
    """One event starts its main activity."""
    result = sh("monkey -p com.miui.home -c android.intent.category.HOME 1")
    assert result.status == 0
    assert result.out.splitlines()[:2] == ["  bash arg: -p", "  bash arg: com.miui.home"]
    assert "Events injected: 1\n" in result.out


def test_monkey_says_when_there_is_nothing_to_run(sh: RunScript) -> None:
    """An unknown package, or no activity of the category; a missing count is a wrong call."""
    for script, status in (
        ("monkey -p nosuch 1", 252),
        ("monkey -p com.miui.home -c org.example.NONE 1", 252),
        ("monkey -p com.miui.home", 255),
        ("monkey -p", 255),
    ):
        assert sh(script).status == status, script
    assert "** No activities found to run, monkey aborted.\n" in sh("monkey -p nosuch 1").out


def test_monkey_touches_at_random_by_its_seed(sh: RunScript) -> None:
    """As many events as were asked for, in the time that the throttle gives them."""
    result = sh("monkey -p com.miui.home -c android.intent.category.HOME -s 3 --throttle 100 -v 20")
    assert "Events injected: 20\n" in result.out
    assert result.out.endswith("// Monkey finished\n")


def test_input_methods(sh: RunScript) -> None:
    """Listed, disabled, enabled, chosen; one that is not there is refused."""
    latin = "com.android.inputmethod.latin/.LatinIME"
    result = sh(
        f"ime list -s; ime disable {latin}; ime list -s; ime list -a -s; ime set {latin}; echo $?; ime enable {latin}"
        f"; ime enable {latin}; ime set {latin}; settings get secure default_input_method; ime set nosuch/.X; echo $?"
    )
    assert result.out.splitlines() == [
        latin,
        f"Input method {latin}: now disabled for user #0",
        latin,
        "255",
        f"Input method {latin}: now enabled for user #0",
        f"Input method {latin}: already enabled for user #0",
        f"Input method {latin} selected for user #0",
        latin,
        "255",
    ]
