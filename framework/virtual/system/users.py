"""Android's fixed users and groups (AOSP system/core/libcutils/include/private/android_filesystem_config.h)."""

from __future__ import annotations

ROOT = 0
SYSTEM = 1000
SDCARD_RW = 1015
SHELL = 2000
FIRST_APP = 10000

SHELL_GROUPS = (2000, 1004, 1007, 1011, 1015, 1028, 1078, 1079, 3001, 3002, 3003, 3006, 3009, 3011, 3012)
"""What a shell over adb belongs to, as `id` prints it on Android 14."""

NAMES = {
    0: "root",
    1000: "system",
    1001: "radio",
    1002: "bluetooth",
    1003: "graphics",
    1004: "input",
    1005: "audio",
    1006: "camera",
    1007: "log",
    1010: "wifi",
    1011: "adb",
    1013: "media",
    1015: "sdcard_rw",
    1021: "gps",
    1023: "media_rw",
    1028: "sdcard_r",
    1036: "logd",
    1041: "audioserver",
    1046: "mediacodec",
    1047: "cameraserver",
    1058: "tombstoned",
    1069: "lmkd",
    1078: "ext_data_rw",
    1079: "ext_obb_rw",
    2000: "shell",
    3001: "net_bt_admin",
    3002: "net_bt",
    3003: "inet",
    3006: "net_bw_stats",
    3009: "readproc",
    3011: "uhid",
    3012: "readtracefs",
    9999: "nobody",
}


def user_name(uid: int) -> str:
    """`root`, `shell`, `u0_a123` for apps, else the number."""
    if FIRST_APP <= uid < 20000:
        return f"u0_a{uid - FIRST_APP}"
    return NAMES.get(uid, str(uid))


def user_id(name: str) -> int:
    """The reverse of `user_name`; raises KeyError for a name that Android does not have."""
    if name.isdigit():
        return int(name)
    if name.startswith("u0_a") and name[4:].isdigit():
        return FIRST_APP + int(name[4:])
    found = next((uid for uid, known in NAMES.items() if known == name), None)
    if found is None:
        raise KeyError(name)
    return found


def groups_of(uid: int) -> frozenset[int]:
    return frozenset(SHELL_GROUPS) if uid == SHELL else frozenset((uid,))
