"""`dumpsys display` and its kin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.display import DisplayInfo, PictureSize, Power, Viewport, parse
from framework.dumps.errors import DumpError

INFO = (
    'DisplayInfo{"Inner", displayId 3, real 1600 x 2000, largest app 2000 x 2000, mode 2, modes '
    "[{id=1, width=1600, height=2000, fps=60.0}, {id=2, width=1600, height=2000, fps=120.00001}], "
    'rotation 1, state ON, type INTERNAL, uniqueId "local:7", app 1600 x 1900, density 420 (419.0 x 420.0) dpi}'
)
DUMP = f"""Display States: size=1\r
  Display Id=3\r
  Display State=ON\r
  Display Brightness=NaN\r
    mBaseDisplayInfo={INFO}\r
    mOverrideDisplayInfo={INFO.replace("rotation 1", "rotation 0")}\r
"""
INNER = DisplayInfo("Inner", 1600, 2000, 1600, 1900, 420, 1, 120.00001, "ON", "INTERNAL", "local:7")


def test_fields_are_read_by_name() -> None:
    """Base and override are kept apart; the rate is that of the mode that is set; line ends may be CRLF."""
    (display,) = parse(DUMP).displays
    assert (display.id, display.base) == (3, INNER)
    assert display.override is not None
    assert display.override.rotation == 0


def test_an_invalid_brightness_is_none() -> None:
    """NaN stands for "not set"."""
    assert parse(DUMP).power == (Power(3, "ON", None),)


def test_what_is_not_printed_is_none() -> None:
    """A record cut short holds no more than it shows."""
    (display,) = parse('DisplayInfo{"X", displayId 0, real 10 x').displays
    assert display.base == DisplayInfo("X", None, None, None, None, None, None, None, None, None, None)


@pytest.mark.parametrize("text", ["", "Can't find service: display\n"])
def test_other_text_is_refused(text: str) -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected a record such as"):
        parse(text)


@given(st.text(max_size=100), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise):
        assert read_or_refused("display", text)


@pytest.mark.parametrize(
    ("name", "size", "density", "hz", "state"),
    [
        ("healer__mt8168_screen_off_A13", (480, 800), 240, 57.999996, "OFF"),
        ("scrcpy__dumpsys_display_0", (1440, 3120), 600, 90.0, "OFF"),
        ("scrcpy__dumpsys_display_2", (1080, 2280), 440, 60.000004, "ON"),
        ("automobile__fold_open_cmd_get_displays", (2076, 2152), 390, 60.000004, "ON"),
    ],
)
def test_real_displays(
    capture: Callable[[str], str], name: str, size: tuple[int, int], density: int, hz: float, state: str
) -> None:
    """The one display of real dumps, in its base record; all are internal and upright."""
    (display,) = parse(capture(f"display/{name}.txt")).displays
    assert display.base is not None
    assert (display.id, display.base.width_px, display.base.height_px) == (0, *size)
    assert (display.base.density_dpi, display.base.refresh_hz, display.base.state) == (density, hz, state)
    assert (display.base.rotation, display.base.type) == (0, "INTERNAL")


def test_a_real_screen_that_is_off(capture: Callable[[str], str]) -> None:
    """Viewport and power of a board whose screen is off."""
    dump = parse(capture("display/healer__mt8168_screen_off_A13.txt"))
    assert dump.viewports == (Viewport(0, "INTERNAL", active=False),)
    assert dump.power == (Power(0, "OFF", -1.0),)


def test_a_real_foldable_unfolds(capture: Callable[[str], str]) -> None:
    """scrcpy tells first the cover display's size, then the inner one's."""
    dump = parse(capture("display/scrcpy_issue5158__oppo_find_n2_fold_texture.txt"))
    assert dump.picture_sizes == (PictureSize(1112, 2480), PictureSize(2264, 2440))
    assert dump.displays == ()
