"""Keys that wake and put to sleep."""

from __future__ import annotations

from framework.virtual.android.power import KEYCODE_POWER, KEYCODE_SLEEP, KEYCODE_WAKEUP, PowerState


def test_power_toggles_sleep_and_wakeup_do_not() -> None:
    """SLEEP twice stays asleep, POWER twice is where it was."""
    power, states = PowerState(), []
    for key in (KEYCODE_SLEEP, KEYCODE_SLEEP, KEYCODE_WAKEUP, KEYCODE_WAKEUP, KEYCODE_POWER, KEYCODE_POWER):
        assert power.press(key)
        states.append(power.awake)
    assert states == [False, False, True, True, False, True]


def test_other_keys_are_not_its_own() -> None:
    """They go on to whoever wants them."""
    assert not PowerState().press(66)
