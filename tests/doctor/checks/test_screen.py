"""What keeps a run from seeing and touching the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.doctor.answers import Answers
from framework.doctor.checks import screen

Make = Callable[..., Answers]
AWAKE = "  mWakefulness=Awake\n"


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ("showing=false\n secure=false\n", "ok"),
        ("showing=true\n secure=false\n", "ok"),
        ("showing=false\n secure=true\n", "warning"),
        ("showing=true\n secure=true\n", "fault"),
        ("", None),
    ],
)
def test_screen_lock(make_answers: Make, fields: str, level: str | None) -> None:
    """A PIN hinders a run once the screen is locked."""
    opinion = screen.screen_lock(make_answers(screen=AWAKE + fields))
    assert (opinion and opinion.level) == level


def test_a_lock_whose_pin_is_known(make_answers: Make) -> None:
    """A run opens it."""
    opinion = screen.screen_lock(make_answers(screen=f"{AWAKE}showing=true\n secure=true\n", pin="given"))
    assert opinion is not None
    assert opinion.level == "ok"


@pytest.mark.parametrize(("value", "level"), [("7", "ok"), ("0", "warning"), ("null", None)])
def test_stay_awake(make_answers: Make, value: str, level: str | None) -> None:
    """Any way of being plugged in will do."""
    opinion = screen.stay_awake(make_answers(None, {"global/stay_on_while_plugged_in": value}))
    assert (opinion and opinion.level) == level


def test_animations(make_answers: Make) -> None:
    """Off only where all three scales are 0; Android's default is 1."""
    names = ("window_animation_scale", "transition_animation_scale", "animator_duration_scale")
    off = screen.animations(make_answers(None, {f"global/{name}": "0.0" for name in names}))
    some = screen.animations(make_answers(None, {f"global/{name}": "0" for name in names[:2]}))
    assert off is not None
    assert some is not None
    assert (off.finding, some.finding) == ("animations are off", "animations are on (scale 1); a run switches them off")
    assert screen.animations(make_answers()) is None
