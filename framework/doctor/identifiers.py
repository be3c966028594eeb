"""Which words of a handset's answers identify the unit or its owner: what its properties, settings and lists tell."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from framework.contract.capabilities import Target
from framework.doctor.answers import Answers
from framework.dumps.adb_devices import AdbDevicesDump
from framework.dumps.pm_list import PmListDump
from framework.handset.holder import read_holder
from framework.handset.marks import read_marks

_SERIAL = re.compile(
    r"serial(?!console)(?!\w*log)|(?:\b|_)p?sn(?:o)?\b|\bsno\b|cpuid|chip_?id|psno|unique_?(?:id|no)|pcba|utag|token$|\.did$|\.oaid|\.vaid|gsf|android_?id",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"imei(?!\w*restrict)|meid|imsi|iccid|msisdn|line1|phone_?number", re.IGNORECASE)
_ADDRESS = re.compile(
    r"mac_?addr|bd_?addr|bt_?addr|wifi_?addr|(?:bt|bluetooth|wlan|wifi|eth)\w*\.(?:mac|address)$", re.IGNORECASE
)
_NAME = re.compile(r"net\.hostname$|net\.bt\.name$|device_?name$|bluetooth_?name$", re.IGNORECASE)
_MODEL_NAMES = re.compile(r"ro\.product\.(?:\w+\.)?(?:marketname|market_name|model|name|device|brand|manufacturer)$")
_SERVICE = re.compile(r"init\.svc|\baconfig_flags\b|\bdevice_config\b")
_PUBLIC = ("io.appium.", "com.github.uiautomator", "com.google.", "com.android.", "android")
"""Third-party packages that tell nothing of the owner, and that the farm itself uses."""

_MEANINGLESS = frozenset({"true", "false", "unknown", "none", "null", "android", "enabled", "disabled", "stopped"})


def identifiers(target: Target, answers: Answers) -> dict[str, set[str]]:
    """Class → words, as `redact` takes them."""
    found: dict[str, set[str]] = {kind: set() for kind in ("serial", "number", "mac", "name", "app", "account")}
    found["android_id"] = set()
    _of_properties(answers, found)
    found["serial"] |= {word for word in (target.serial, target.adbd) if word}
    devices = answers.parsed("adb_devices")
    if isinstance(devices, AdbDevicesDump):
        found["serial"] |= {device.serial for device in devices.devices}
    found["android_id"] |= _telling(answers.setting("secure/android_id"))
    found["name"] |= _telling(answers.setting("global/device_name")) | _telling(
        answers.setting("secure/bluetooth_name")
    )
    found["name"] -= _public_names(answers)
    found["account"] |= _people(answers)
    packages = answers.parsed("packages_of_users")
    if isinstance(packages, PmListDump):
        found["app"] |= {each.package for each in packages.packages if not each.package.startswith(_PUBLIC)}
    return found


def _of_properties(answers: Answers, found: dict[str, set[str]]) -> None:
    classes = (("number", _NUMBER), ("mac", _ADDRESS), ("name", _NAME), ("serial", _SERIAL))
    for name, value in answers.properties.items():
        kind = next((kind for kind, pattern in classes if pattern.search(name)), None)
        if kind is not None and not _SERVICE.search(name):
            parts = [value] if kind == "name" else re.split(r"[,\s]+", value)
            found[kind] |= {word for part in parts for word in _telling(part)}


def _telling(value: str | None) -> set[str]:
    """Nothing of a value that stands for itself: a switch, a placeholder of one digit repeated."""
    word = (value or "").strip()
    return set() if word.lower() in _MEANINGLESS or len(set(word)) < 2 else {word}


def _public_names(answers: Answers) -> set[str]:
    """A handset that nobody has named is called as its model is."""
    return {value for name, value in answers.properties.items() if _MODEL_NAMES.search(name)}


def _people(answers: Answers) -> set[str]:
    """Who holds the handset, and who deployed to it: USER@HOST."""
    people = set()
    holder = read_holder(answers.text("holder"))
    if holder is not None:
        people.add(holder.who)
    marks = read_marks(answers.text("marks"), 1)
    people |= {mark.who for mark in (marks.hold, marks.quarantine) if mark is not None}
    with suppress(ValueError, KeyError, TypeError):
        people.add(str(json.loads(answers.text("receipt"))["who"]))
    return {each for person in people for each in _telling(person)}
