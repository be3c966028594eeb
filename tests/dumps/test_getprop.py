"""`getprop` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.dumps import getprop

REAL = "getprop/syspropcollect__"


def test_reads_names_and_values() -> None:
    """Each `[name]: [value]` is one property; an empty value is a value."""
    assert getprop.parse("[ro.a]: [x y]\n\n[ro.b]: []\n") == {"ro.a": "x y", "ro.b": ""}


def test_a_value_may_hold_brackets_and_colons() -> None:
    """Only the first `]: [` parts name and value."""
    assert getprop.parse("[a]: [x]: [y]\n") == {"a": "x]: [y"}


def test_a_value_may_run_over_several_lines() -> None:
    """The reason history of real handsets holds line ends."""
    assert getprop.parse("[a]: [one\ntwo\nthree]\n[b]: [c]\n") == {"a": "one\ntwo\nthree", "b": "c"}


def test_crlf_of_old_handsets_is_taken() -> None:
    """Handsets without shell v2 end their lines with CRLF."""
    assert getprop.parse("[a]: [b]\r\n[c]: [d]\r\n") == {"a": "b", "c": "d"}


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9._]{0,20}", fullmatch=True), st.from_regex(r"[ -Z^-~]{0,20}", fullmatch=True)
    )
)
def test_what_getprop_prints_is_read_back(properties: dict[str, str]) -> None:
    """Printing properties as Android does and parsing them gives the same properties."""
    assert getprop.parse("".join(f"[{name}]: [{value}]\n" for name, value in properties.items())) == properties


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, the parser answers with a mapping."""
    assert isinstance(getprop.parse(text), dict)


@pytest.mark.parametrize(
    ("name", "about", "expected"),
    [
        ("mvt__partial_with_blank_line", 13, {"dalvik.vm.heapgrowthlimit": "192m"}),
        (
            "syspropcollect__Google_Android_15_Pixel6",
            922,
            {"ro.product.model": "Pixel 6", "ro.build.version.sdk": "35", "ro.soc.model": "Tensor"},
        ),
        (
            "syspropcollect__HyperOS_2.0.212.0_Android_15_Xiaomi_14",
            1778,
            {
                "ro.product.marketname": "Xiaomi 14",
                "ro.product.device": "houji",
                "ro.mi.os.version.name": "OS2.0",
                "ro.soc.model": "SM8650",
            },
        ),
        (
            "syspropcollect__OneUI_8.0_Android_16_Galaxy_Z_Fold7",
            1452,
            {"ro.product.model": "SM-F9660", "ro.board.platform": "sun"},
        ),
        (
            "xiaomi_pad6_pipa",
            1179,
            {"ro.product.model": "23043RP34G", "ro.miui.ui.version.name": "V816"},
        ),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, about: int, expected: dict[str, str]) -> None:
    """The true values of real captures are found, and about as many properties as were counted."""
    properties = getprop.parse(capture(f"getprop/{name}.txt"))
    assert {key: properties.get(key) for key in expected} == expected
    assert abs(len(properties) - about) <= 4
