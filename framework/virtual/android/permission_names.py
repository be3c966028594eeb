"""Names that concern runtime permissions, for whoever grants them, asks for them or tells of them."""

from __future__ import annotations

from typing import Final

DANGEROUS: Final = frozenset(
    f"android.permission.{name}"
    for name in ("RECORD_AUDIO", "CAMERA", "POST_NOTIFICATIONS", "READ_EXTERNAL_STORAGE", "ACCESS_FINE_LOCATION")
)
"""Permissions that a user is asked for; the others are granted at installation."""

CONTROLLER: Final = "com.android.permissioncontroller"
"""The package whose dialog asks."""

REQUEST: Final = "android.content.pm.action.REQUEST_PERMISSIONS"

USER_SET, USER_FIXED, ONE_TIME = "USER_SET", "USER_FIXED", "ONE_TIME"
"""PackageManager.FLAG_PERMISSION_*: the user has chosen; will not be asked again; has chosen for this time."""
