"""Which words of a handset's answers are identifiers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.doctor.answers import Answer, Answers
from framework.doctor.bundle import redacted
from framework.doctor.identifiers import identifiers
from framework.dumps import getprop

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures" / "getprop"
TARGET = Target("rack", serial="9A1FFBAZ0012")
PROPERTIES = {
    "ro.serialno": "9A1FFBAZ0012",
    "ro.ril.oem.imei1": "352099001761481",
    "ro.ril.oem.sno": "W8340D015909",
    "persist.sys.miui.sno": "Cc955oNJUeOsnSw8GMp6JQ==",
    "ro.boot.cpuid": "0x2d18c5f0",
    "ro.boot.serialconsole": "0",
    "persist.sys.mipush.utag": "74403773020@xiaomi.com/anLzLp7U",
    "ro.boot.em.did": "2016a1b2c3",
    "ro.vendor.wifi.macaddr": "3c286dabcd01",
    "net.hostname": "jins-phone",
    "net.bt.name": "Xiaomi 13",
    "ro.product.marketname": "Xiaomi 13",
    "ro.ril.oem.meid": "00000000000000",
    "init.svc.mi-serial-sh": "stopped",
}


def test_by_name_of_property_setting_and_list(make_answers: Callable[..., Answers]) -> None:
    """Placeholders and names of models are none; packages of the owner are, those of tools are not."""
    answers = make_answers(
        PROPERTIES,
        {"secure/android_id": "8f1d2c3b4a596877", "global/device_name": "Jin's phone", "secure/bluetooth_name": "null"},
        packages_of_users="package:com.jin.chat\npackage:io.appium.settings\n",
        adb_devices="List of devices attached\nOTHER77\tdevice\n",
        marks='now 1 b 2\nhold\n{"who":"mai@lab","why":"x","boot_id":"b","since_boot_s":1,'
        '"since_wall_s":1,"for_s":null}',
        holder='HELD\n{"who":"jin@laptop","why":"smoke","since_wall_s":1,"counter":2}',
        receipt=json.dumps({"who": "wei@rack"}),
    )
    assert identifiers(TARGET, answers) == {
        "serial": {
            "9A1FFBAZ0012",
            "W8340D015909",
            "Cc955oNJUeOsnSw8GMp6JQ==",
            "0x2d18c5f0",
            "OTHER77",
            "2016a1b2c3",
            "74403773020@xiaomi.com/anLzLp7U",
        },
        "number": {"352099001761481"},
        "mac": {"3c286dabcd01"},
        "name": {"jins-phone", "Jin's phone"},
        "app": {"com.jin.chat"},
        "account": {"jin@laptop", "mai@lab", "wei@rack"},
        "android_id": {"8f1d2c3b4a596877"},
    }


@pytest.mark.parametrize(
    "path", sorted(CAPTURES.glob("*.txt")) if CAPTURES.is_dir() else [], ids=lambda path: path.stem
)
def test_properties_of_real_handsets(path: Path) -> None:
    """Serials of the maker go, the build stays, and the dump is still one with the same properties."""
    before = getprop.parse(path.read_text(encoding="utf-8", errors="replace")).values
    clean = redacted(Target("it", serial="x"), Answers({"getprop": Answer(0, path.read_text(errors="replace"))}))
    after = clean.properties
    assert list(after) == list(before)
    for name in ("ro.build.fingerprint", "ro.build.version.incremental", "ro.product.model", "ro.soc.model"):
        assert after.get(name) == before.get(name)
    for name in ("ro.ril.oem.sno", "persist.sys.miui.sno", "ro.boot.ap_serial", "persist.sys.mipush.utag"):
        assert name not in before or after[name].startswith("REDACTED")
    assert sum(after[name] != before[name] for name in before) < 12
