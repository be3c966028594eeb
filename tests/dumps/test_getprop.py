"""`getprop` output."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.dumps import getprop
from framework.dumps.errors import DumpError


def test_reads_names_and_values() -> None:
    """Each `[name]: [value]` is one property; an empty value is a value."""
    assert getprop.parse("[ro.a]: [x y]\n\n[ro.b]: []\n").values == {"ro.a": "x y", "ro.b": ""}


def test_a_value_may_hold_brackets_and_colons() -> None:
    """Only the first `]: [` parts name and value."""
    assert getprop.parse("[a]: [x]: [y]\n").values == {"a": "x]: [y"}


def test_a_value_may_run_over_several_lines() -> None:
    """The reason history of real handsets holds line ends."""
    assert getprop.parse("[a]: [one\ntwo\nthree]\n[b]: [c]\n").values == {"a": "one\ntwo\nthree", "b": "c"}


def test_crlf_of_old_handsets_is_taken() -> None:
    """Handsets without shell v2 end their lines with CRLF."""
    assert getprop.parse("[a]: [b]\r\n[c]: [d]\r\n").values == {"a": "b", "c": "d"}


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9._]{0,20}", fullmatch=True),
        st.from_regex(r"[ -Z^-~]{0,20}", fullmatch=True),
        min_size=1,
    )
)
def test_what_getprop_prints_is_read_back(properties: dict[str, str]) -> None:
    """Printing properties as Android does and parsing them gives the same properties."""
    assert getprop.parse("".join(f"[{name}]: [{value}]\n" for name, value in properties.items())).values == properties


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "lines such as `[name]: [value]`"),
        ("getprop: not found\n", 2, "lines such as `[name]: [value]`"),
        ("[a]: [b]\n[c]: [cut", 3, "the `]` that ends the value of [c]"),
    ],
)
def test_what_is_no_getprop_is_refused(text: str, line: int, expected: str) -> None:
    """The error says what was expected where."""
    with pytest.raises(DumpError) as caught:
        getprop.parse(text)
    assert (caught.value.kind, caught.value.line, caught.value.expected) == ("getprop", line, expected)


@given(st.text(max_size=200) | st.text(alphabet="[]: a\r\n", max_size=50))
def test_any_text_is_survived(text: str) -> None:
    """Whatever a handset prints, the parser answers with properties or refuses."""
    with suppress(DumpError):
        assert getprop.parse(text).values


@pytest.mark.parametrize(
    ("name", "about", "expected"),
    [
        ("mvt__partial_with_blank_line", 13, "dalvik.vm.heapgrowthlimit=192m"),
        (
            "syspropcollect__Google_Android_15_Pixel6",
            922,
            "ro.product.manufacturer=Google; ro.product.brand=google; ro.product.model=Pixel 6; "
            "ro.product.device=oriole; ro.product.name=oriole; ro.build.version.release=15; "
            "ro.build.version.sdk=35; ro.build.version.incremental=13277524; ro.build.type=user; "
            "ro.debuggable=0; ro.hardware=oriole; ro.board.platform=gs101; ro.soc.model=Tensor",
        ),
        (
            "syspropcollect__HyperOS_1.0.14.0_Android_14_Xiaomi_Pad_6_Pro",
            1238,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Xiaomi; ro.product.model=23046RP50C; "
            "ro.product.marketname=Xiaomi Pad 6 Pro; ro.product.device=liuqin; ro.product.name=liuqin; "
            "ro.build.version.release=14; ro.build.version.sdk=34; "
            "ro.build.version.incremental=V816.0.14.0.UMYCNXM; ro.miui.ui.version.name=V816; "
            "ro.miui.ui.version.code=816; ro.mi.os.version.name=OS1.0; "
            "ro.mi.os.version.incremental=OS1.0.14.0.UMYCNXM; ro.build.type=user; ro.debuggable=0; "
            "ro.hardware=qcom; ro.board.platform=taro; ro.soc.model=SM8475",
        ),
        (
            "syspropcollect__HyperOS_2.0.212.0_Android_15_Xiaomi_14",
            1778,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Xiaomi; ro.product.model=23127PN0CC; "
            "ro.product.marketname=Xiaomi 14; ro.product.device=houji; ro.product.name=houji; "
            "ro.build.version.release=15; ro.build.version.sdk=35; "
            "ro.build.version.incremental=OS2.0.212.0.VNCCNXM; ro.miui.ui.version.name=V816; "
            "ro.miui.ui.version.code=816; ro.mi.os.version.name=OS2.0; "
            "ro.mi.os.version.incremental=OS2.0.212.0.VNCCNXM; ro.build.type=user; ro.debuggable=0; "
            "ro.hardware=qcom; ro.board.platform=pineapple; ro.soc.model=SM8650",
        ),
        (
            "syspropcollect__HyperOS_2.0.6.0_Android_14_Redmi_K50_Pro",
            1849,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Redmi; ro.product.model=22011211C; "
            "ro.product.marketname=Redmi K50 Pro; ro.product.device=matisse; ro.product.name=matisse; "
            "ro.build.version.release=14; ro.build.version.sdk=34; "
            "ro.build.version.incremental=OS2.0.6.0.ULKCNXM; ro.miui.ui.version.name=V816; "
            "ro.miui.ui.version.code=816; ro.mi.os.version.name=OS2.0; "
            "ro.mi.os.version.incremental=OS2.0.6.0.ULKCNXM; ro.build.type=user; ro.debuggable=0; "
            "ro.hardware=mt6983; ro.board.platform=mt6983; ro.soc.model=MT6983",
        ),
        (
            "syspropcollect__LineageOS_22.2_Android_15_Xiaomi_6",
            561,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Xiaomi; ro.product.model=MI 6; "
            "ro.product.device=sagit; ro.product.name=lineage_sagit; ro.build.version.release=15; "
            "ro.build.version.sdk=35; ro.build.version.incremental=3d4c0a27a6; ro.build.type=userdebug; "
            "ro.debuggable=1; ro.hardware=qcom; ro.board.platform=msm8998; ro.soc.model=MSM8998",
        ),
        (
            "syspropcollect__MIUI_12.5_Android_11_Redmi_Note_8_Pro",
            1219,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Redmi; ro.product.model=Redmi Note 8 Pro; "
            "ro.product.marketname=Redmi Note 8 Pro; ro.product.device=begonia; ro.product.name=begonia; "
            "ro.build.version.release=11; ro.build.version.sdk=30; ro.build.version.incremental=21.11.17; "
            "ro.miui.ui.version.name=V125; ro.miui.ui.version.code=11; ro.build.type=user; ro.debuggable=0; "
            "ro.hardware=mt6785; ro.board.platform=mt6785",
        ),
        (
            "syspropcollect__MIUI_14.0.18_Android_13_Xiaomi_12_Pro",
            1204,
            "ro.product.manufacturer=Xiaomi; ro.product.brand=Xiaomi; ro.product.model=2201122C; "
            "ro.product.marketname=Xiaomi 12 Pro; ro.product.device=zeus; ro.product.name=zeus; "
            "ro.build.version.release=13; ro.build.version.sdk=33; "
            "ro.build.version.incremental=V14.0.18.0.TLBCNXM; ro.miui.ui.version.name=V140; "
            "ro.miui.ui.version.code=14; ro.build.type=user; ro.debuggable=0; ro.hardware=qcom; "
            "ro.board.platform=taro; ro.soc.model=SM8450",
        ),
        (
            "syspropcollect__MagicOS_9.0_Android_15_HONOR_Magic6_Pro",
            1780,
            "ro.product.manufacturer=HONOR; ro.product.brand=HONOR; ro.product.model=BVL-AN16; "
            "ro.product.device=HNBVL; ro.product.name=BVL-AN16; ro.build.version.release=15; "
            "ro.build.version.sdk=35; ro.build.version.incremental=9.0.0.175C00E175R110P22; "
            "ro.build.type=user; ro.debuggable=0; ro.hardware=qcom; ro.board.platform=pineapple; "
            "ro.soc.model=SM8650",
        ),
        (
            "syspropcollect__OneUI_8.0_Android_16_Galaxy_Z_Fold7",
            1452,
            "ro.product.manufacturer=samsung; ro.product.brand=samsung; ro.product.model=SM-F9660; "
            "ro.product.device=q7q; ro.product.name=q7qzcx; ro.build.version.release=16; "
            "ro.build.version.sdk=36; ro.build.version.incremental=F9660ZCS2AYGG; ro.build.type=user; "
            "ro.debuggable=0; ro.hardware=qcom; ro.board.platform=sun; ro.soc.model=SM8750",
        ),
        (
            "xiaomi_pad6_pipa",
            1179,
            "ro.product.model=23043RP34G; ro.product.marketname=Xiaomi Pad 6; ro.product.device=pipa; "
            "ro.build.version.release=14; ro.build.version.sdk=34; ro.build.version.incremental=OS2.0.12.0.UMZEUXM; "
            "ro.mi.os.version.name=OS2.0; ro.miui.ui.version.name=V816",
        ),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, about: int, expected: str) -> None:
    """The true values of real captures are found, and about as many properties as were counted."""
    values = getprop.parse(capture(f"getprop/{name}.txt")).values
    wanted = dict(pair.split("=", 1) for pair in expected.split("; "))
    assert {key: values.get(key) for key in wanted} == wanted
    assert abs(len(values) - about) <= 4
