"""io.appium.settings: what Appium does on a handset without a user: broadcasts in, results out.

Recording the screen by media projection is not there: an emulated handset shows no film.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import ClassVar

from framework.virtual.android.connectivity import Radio
from framework.virtual.apps.base import AppContext, Intent, Reply
from framework.virtual.apps.helper import CANCELED, OK, Helper
from framework.virtual.ui.screen import KEYCODE_ENTER

PACKAGE = "io.appium.settings"
FOREGROUND_SERVICE = f"{PACKAGE}.ForegroundService"
LOCATION_SERVICE = f"{PACKAGE}.LocationService"

LOCALES = (
    "ar-EG de-DE en-GB en-US es-ES es-MX fr-FR hi-IN id-ID it-IT ja-JP ko-KR pt-BR ru-RU th-TH tr-TR vi-VN "
    "zh-Hans-CN zh-Hant-TW"
)
"""Of those that a phone lists (Locale.getAvailableLocales)."""

SCALES = ("animator_duration_scale", "transition_animation_scale", "window_animation_scale")


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees and metres."""

    latitude: float
    longitude: float
    altitude: float = 0.0


class AppiumSettings(Helper):
    """Its activity starts the foreground service and finishes; while that runs, it takes broadcasts."""

    package: ClassVar[str] = PACKAGE
    main_class: ClassVar[str] = f"{PACKAGE}.Settings"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._location: Location | None = None
        self.takes = {
            f"{PACKAGE}.{name}": take
            for name, take in (
                ("animation", self._set_animation),
                ("bluetooth", lambda intent: self._switch(intent, "bluetooth")),
                ("clipboard.get", self.read_clipboard),
                ("list_locales", self._list_locales),
                ("locale", self._set_locale),
                ("location", self._tell_location),
                ("notifications", self._notifications),
                ("scan_media", self._scan_media),
                ("sms.read", lambda _: Reply(OK, json.dumps({"items": [], "total": 0}))),
                ("unpair_bluetooth", lambda _: Reply(OK)),
                ("wifi", lambda intent: self._switch(intent, "wifi")),
            )
        }

    def on_start(self, intent: Intent) -> None:
        activities = self.context.device.activities
        service = Intent("start", component=f"{PACKAGE}/{FOREGROUND_SERVICE}")
        activities.services.start(service, uid=self.context.process.uid, foreground=True)
        activities.finish(self)

    def on_service(self, name: str, intent: Intent) -> None:
        if name == LOCATION_SERVICE:
            self._mock(intent)

    def commit(self, method: str, keys: str) -> str:
        """UnicodeIME reads modified UTF-7 (RFC 3501, 5.1.3); AppiumIME takes `/done/` for the editor's action."""
        if method == f"{PACKAGE}.UnicodeIME":
            return _decoded(keys)
        if method == f"{PACKAGE}.AppiumIME":
            return _ACTION.sub(self._act, keys)
        return keys

    def _act(self, named: re.Match[str]) -> str:
        if named[1].lower() in _ACTIONS:
            self.context.device.screen.press(KEYCODE_ENTER)
        return ""

    # -- what is asked for -------------------------------------------------------------------------------------

    def _set_animation(self, intent: Intent) -> Reply:
        wanted = _enabled(intent)
        if wanted is None:
            return Reply(CANCELED)
        for name in SCALES:
            self.context.device.settings.put("global", name, "1.0" if wanted else "0.0")
        return Reply(OK)

    def _switch(self, intent: Intent, radio: Radio) -> Reply:
        wanted = _enabled(intent)
        if wanted is None:
            return Reply(CANCELED)
        self.context.device.connectivity.enable(radio, wanted)
        return Reply(OK)

    def _list_locales(self, intent: Intent) -> Reply:
        items = []
        for tag in LOCALES.split():
            language, *script, country = tag.split("-")
            items.append({"language": language, "country": country} | ({"script": script[0]} if script else {}))
        return Reply(OK, base64.b64encode(json.dumps({"items": items}).encode()).decode("ascii"))

    def _set_locale(self, intent: Intent) -> Reply:
        """The closest known locale of the language and country; a script must be met."""
        language, country = intent.text("lang") or "en", intent.text("country") or "US"
        script = intent.text("script")
        known = [tag for tag in LOCALES.split() if _same(tag, language, country, script)]
        if not known and intent.text("skip_locale_check") is None:
            return Reply(CANCELED, f"The locale {language}_{country} is not known")
        tag = known[0] if known else f"{language}-{country}"
        self.context.device.properties.set("persist.sys.locale", tag)
        return Reply(OK, tag.replace("-", "_"))

    def _mock(self, intent: Intent) -> None:
        """The mock location provider's place; one without both coordinates is ignored."""
        try:
            latitude, longitude, altitude = (float(intent.text(name) or "nan") for name in _COORDINATES)
        except ValueError:
            return
        if latitude == latitude and longitude == longitude:
            self._location = Location(latitude, longitude, altitude if altitude == altitude else 0.0)

    def _tell_location(self, intent: Intent) -> Reply:
        place = self._location
        if place is None:
            return Reply(CANCELED, "")
        if intent.extras.get("forceUpdate") is True:
            self._log("LocationTracker", "The current location has been successfully retrieved from Location Manager")
        return Reply(OK, f"{place.latitude:.7f} {place.longitude:.7f} {place.altitude:.7f}")

    def _notifications(self, intent: Intent) -> Reply:
        """Of the foreground services that run: nothing else notifies here."""
        listeners = self.context.device.settings.get("secure", "enabled_notification_listeners") or ""
        if f"{PACKAGE}/" not in listeners:
            return Reply(
                OK,
                "Appium Settings helper has no access to the system notifications. The access must be "
                "granted manually via 'Notification access' page in device Settings.",
            )
        clock = self.context.device.clock
        shown = [
            {
                "packageName": service.package.name,
                "isClearable": False,
                "isOngoing": True,
                "id": service.notification,
                "tag": None,
                "postTime": (service.created_ns + clock.wall_ns() - clock.now_ns()) // 1_000_000,
                "isRemoved": False,
                "notification": {"title": service.package.name, "text": None},
            }
            for service in self.context.device.activities.services.all()
            if service.foreground
        ]
        return Reply(OK, json.dumps({"statusBarNotifications": shown}))

    def _scan_media(self, intent: Intent) -> Reply:
        path = intent.text("path")
        found = path is not None and self.context.device.files.exists(path)
        return Reply(OK if found else CANCELED, "")

    def _log(self, tag: str, message: str) -> None:
        process = self.context.process
        self.context.device.log.write(tag, "I", message, pid=process.pid, uid=process.uid)


def _decoded(keys: str) -> str:
    """Text of modified UTF-7; what is none stays as it is."""

    def shifted(found: re.Match[str]) -> str:
        data = found[1].replace(",", "/")
        try:
            return base64.b64decode(data + "=" * (-len(data) % 4)).decode("utf-16-be") if data else "&"
        except ValueError:
            return found[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", shifted, keys)


_ACTION = re.compile(r"/(\w{1,20})/")
_ACTIONS = ("normal", "unspecified", "none", "go", "search", "send", "next", "done", "previous")
_COORDINATES = ("latitude", "longitude", "altitude")


def _enabled(intent: Intent) -> bool | None:
    """What `--es setstatus enable|disable` says; None for anything else."""
    return {"enable": True, "disable": False}.get(intent.text("setstatus") or "")


def _same(tag: str, language: str, country: str, script: str | None) -> bool:
    parts = tag.lower().split("-")
    met = script is None or script.lower() in parts[1:-1]
    return met and (parts[0], parts[-1]) == (language.lower(), country.lower())
