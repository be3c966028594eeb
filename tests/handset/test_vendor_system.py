"""What a vendor has made of Android, by what handsets of each print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.handset.vendor_system import vendor_system

XIAOMI_14 = {
    "ro.mi.os.version.name": "OS2.0",
    "ro.mi.os.version.incremental": "OS2.0.212.0.VNCCNXM",
    "ro.miui.ui.version.name": "V816",
    "ro.build.version.incremental": "OS2.0.212.0.VNCCNXM",
}
XIAOMI_12_PRO = {"ro.miui.ui.version.name": "V140", "ro.build.version.incremental": "V14.0.18.0.TLBCNXM"}
REDMI_NOTE_8_PRO = {"ro.miui.ui.version.name": "V125", "ro.build.version.incremental": "21.11.17"}


@pytest.mark.parametrize(
    ("properties", "system"),
    [
        (XIAOMI_14, "HyperOS 2.0.212.0"),
        ({"ro.mi.os.version.name": "OS1.0", "ro.miui.ui.version.name": "V816"}, "HyperOS 1.0"),
        (XIAOMI_12_PRO, "MIUI 14.0.18.0"),
        (REDMI_NOTE_8_PRO, "MIUI 12.5"),
        ({"ro.miui.ui.version.name": "V10"}, "MIUI 10"),
        ({"ro.build.version.oneui": "80000", "ro.build.version.incremental": "F9660ZCS2AYGG"}, "One UI 8.0"),
        ({"ro.build.version.oneui": "60101"}, "One UI 6.1.1"),
        ({"ro.build.version.magic": "MagicOS_9.0.0"}, "MagicOS 9.0.0"),
        ({"ro.build.version.emui": "EmotionUI_14.2.0"}, "EMUI 14.2.0"),
        ({"ro.build.version.oplusrom": "V15.0.0", "ro.product.brand": "OPPO"}, "ColorOS 15.0.0"),
        ({"ro.build.version.opporom": "V7.1", "ro.product.brand": "OPPO"}, "ColorOS 7.1"),
        (
            {
                "ro.build.version.oplusrom": "V14.0.0",
                "ro.product.brand": "realme",
                "ro.build.version.realmeui": "V5.0",
            },
            "realme UI 5.0",
        ),
        ({"ro.oxygen.version": "11.0.9.9", "ro.product.brand": "OnePlus"}, "OxygenOS 11.0.9.9"),
        ({"ro.vivo.os.build.display.id": "Funtouch OS_14"}, "Funtouch OS 14"),
        ({"ro.vivo.os.build.display.id": "OriginOS 4"}, "OriginOS 4"),
        ({"ro.lineage.build.version": "22.2", "ro.miui.ui.version.name": "V9"}, "LineageOS 22.2"),
        ({"ro.product.brand": "google", "ro.build.version.incremental": "13277524"}, ""),
    ],
)
def test_each_vendor_says_it_in_its_way(properties: dict[str, str], system: str) -> None:
    """As its users know it; what is Android as Google makes it has no other name."""
    assert vendor_system(properties) == system


@given(
    st.dictionaries(
        st.sampled_from(
            ["ro.mi.os.version.incremental", "ro.miui.ui.version.name", "ro.build.version.oneui", "ro.oxygen.version"]
        ),
        st.text(max_size=20),
    )
)
def test_nonsense_is_no_system(properties: dict[str, str]) -> None:
    """Whatever a handset prints, the answer is a name with a version, or nothing."""
    said = vendor_system(properties)
    assert said == "" or said.split()[-1][0].isdecimal()
