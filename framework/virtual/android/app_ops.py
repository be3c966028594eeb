"""App ops: what apps may do beside their permissions, by package and operation (AOSP AppOpsManager.java)."""

from __future__ import annotations

MODES = ("allow", "ignore", "deny", "default", "foreground")

_OPERATIONS = (
    "COARSE_LOCATION FINE_LOCATION GPS VIBRATE READ_CONTACTS WRITE_CONTACTS READ_CALL_LOG WRITE_CALL_LOG READ_CALENDAR "
    "WRITE_CALENDAR WIFI_SCAN POST_NOTIFICATION NEIGHBORING_CELLS CALL_PHONE READ_SMS WRITE_SMS RECEIVE_SMS "
    "RECEIVE_EMERGECY_SMS RECEIVE_MMS RECEIVE_WAP_PUSH SEND_SMS READ_ICC_SMS WRITE_ICC_SMS WRITE_SETTINGS "
    "SYSTEM_ALERT_WINDOW ACCESS_NOTIFICATIONS CAMERA RECORD_AUDIO PLAY_AUDIO READ_CLIPBOARD WRITE_CLIPBOARD "
    "TAKE_MEDIA_BUTTONS TAKE_AUDIO_FOCUS AUDIO_MASTER_VOLUME AUDIO_VOICE_VOLUME AUDIO_RING_VOLUME AUDIO_MEDIA_VOLUME "
    "AUDIO_ALARM_VOLUME AUDIO_NOTIFICATION_VOLUME AUDIO_BLUETOOTH_VOLUME WAKE_LOCK MONITOR_LOCATION "
    "MONITOR_HIGH_POWER_LOCATION GET_USAGE_STATS MUTE_MICROPHONE TOAST_WINDOW PROJECT_MEDIA ACTIVATE_VPN "
    "WRITE_WALLPAPER ASSIST_STRUCTURE ASSIST_SCREENSHOT READ_PHONE_STATE ADD_VOICEMAIL USE_SIP PROCESS_OUTGOING_CALLS "
    "USE_FINGERPRINT BODY_SENSORS READ_CELL_BROADCASTS MOCK_LOCATION READ_EXTERNAL_STORAGE WRITE_EXTERNAL_STORAGE "
    "TURN_SCREEN_ON GET_ACCOUNTS RUN_IN_BACKGROUND AUDIO_ACCESSIBILITY_VOLUME READ_PHONE_NUMBERS "
    "REQUEST_INSTALL_PACKAGES PICTURE_IN_PICTURE INSTANT_APP_START_FOREGROUND ANSWER_PHONE_CALLS RUN_ANY_IN_BACKGROUND "
    "CHANGE_WIFI_STATE REQUEST_DELETE_PACKAGES BIND_ACCESSIBILITY_SERVICE ACCEPT_HANDOVER MANAGE_IPSEC_TUNNELS "
    "START_FOREGROUND BLUETOOTH_SCAN USE_BIOMETRIC ACTIVITY_RECOGNITION SMS_FINANCIAL_TRANSACTIONS READ_MEDIA_AUDIO "
    "WRITE_MEDIA_AUDIO READ_MEDIA_VIDEO WRITE_MEDIA_VIDEO READ_MEDIA_IMAGES WRITE_MEDIA_IMAGES LEGACY_STORAGE "
    "ACCESS_ACCESSIBILITY READ_DEVICE_IDENTIFIERS ACCESS_MEDIA_LOCATION QUERY_ALL_PACKAGES MANAGE_EXTERNAL_STORAGE "
    "INTERACT_ACROSS_PROFILES ACTIVATE_PLATFORM_VPN LOADER_USAGE_STATS NO_ISOLATED_STORAGE PHONE_CALL_MICROPHONE "
    "PHONE_CALL_CAMERA RECORD_AUDIO_HOTWORD MANAGE_ONGOING_CALLS MANAGE_CREDENTIALS "
    "USE_ICC_AUTH_WITH_DEVICE_IDENTIFIER RECORD_AUDIO_OUTPUT "
    "SCHEDULE_EXACT_ALARM FINE_LOCATION_SOURCE COARSE_LOCATION_SOURCE MANAGE_MEDIA "
    "BLUETOOTH_CONNECT UWB_RANGING ACTIVITY_RECOGNITION_SOURCE BLUETOOTH_ADVERTISE RECORD_INCOMING_PHONE_AUDIO "
    "NEARBY_WIFI_DEVICES ESTABLISH_VPN_SERVICE ESTABLISH_VPN_MANAGER ACCESS_RESTRICTED_SETTINGS "
    "RECEIVE_AMBIENT_TRIGGER_AUDIO RECEIVE_EXPLICIT_USER_INTERACTION_AUDIO RUN_USER_INITIATED_JOBS "
    "READ_MEDIA_VISUAL_USER_SELECTED SYSTEM_EXEMPT_FROM_SUSPENSION"
)
OPERATIONS = tuple(_OPERATIONS.split())
"""Names as `appops` prints them (AppOpsManager.sAppOpInfos); `android:` and small letters are the public names."""

_DEFAULTS = {
    "GET_USAGE_STATS": "default",
    "MOCK_LOCATION": "deny",
    "PROJECT_MEDIA": "ignore",
    "WRITE_SETTINGS": "default",
    "SYSTEM_ALERT_WINDOW": "default",
    "REQUEST_INSTALL_PACKAGES": "default",
    "SCHEDULE_EXACT_ALARM": "default",
    "MANAGE_EXTERNAL_STORAGE": "default",
}


class AppOps:
    """The modes that were set on one handset."""

    def __init__(self) -> None:
        self._modes: dict[tuple[str, str], str] = {}

    def mode(self, package: str, operation: str) -> str:
        """One of `MODES`; the operation's own default where none was set."""
        return self._modes.get((package, operation), default_mode(operation))

    def set(self, package: str, operation: str, mode: str) -> None:
        self._modes[package, operation] = mode

    def of(self, package: str) -> dict[str, str]:
        """What was set for a package, in the order of the operations."""
        return {each: self._modes[package, each] for each in OPERATIONS if (package, each) in self._modes}

    def reset(self, package: str | None = None) -> None:
        """Forget what was set, for one package or all."""
        self._modes = {key: mode for key, mode in self._modes.items() if package not in (None, key[0])}


def default_mode(operation: str) -> str:
    return _DEFAULTS.get(operation, "allow")


def operation_of(name: str) -> str | None:
    """By its public name, its debug name, or its number; None for what is none."""
    if name.isdecimal():
        return OPERATIONS[int(name)] if int(name) < len(OPERATIONS) else None
    plain = name.removeprefix("android:").upper()
    return plain if plain in OPERATIONS else None
