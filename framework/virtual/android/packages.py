"""The package manager's records: what is installed, under which user, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from framework.formats.apk import LAUNCHER, MAIN, Component, Instrumentation
from framework.formats.axml import AttributeValue
from framework.virtual.apps.base import Intent
from framework.virtual.system.users import FIRST_APP

HOME = "android.intent.category.HOME"
FIRST_INSTALLED_APP = FIRST_APP + 180
"""Apps of the system image have the user ids below it."""

STATE_DEFAULT, STATE_ENABLED, STATE_DISABLED, STATE_DISABLED_USER = 0, 1, 2, 3
"""PackageManager.COMPONENT_ENABLED_STATE_*"""


@dataclass(slots=True)
class Package:
    """One installed package. Times are of the wall clock, in ns; `certificates` are sha256 in hex."""

    name: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    uid: int
    code_path: str
    certificates: tuple[str, ...]
    installed_ns: int
    updated_ns: int
    system: bool = False
    debuggable: bool = False
    signature_scheme: int = 3
    native_abis: tuple[str, ...] = ()
    activities: tuple[Component, ...] = ()
    receivers: tuple[Component, ...] = ()
    services: tuple[Component, ...] = ()
    instrumentations: tuple[Instrumentation, ...] = ()
    permissions: tuple[str, ...] = ()
    metadata: Mapping[str, AttributeValue | None] = field(default_factory=dict)
    """Of the application (ApplicationInfo.metaData)."""

    granted: set[str] = field(default_factory=set)
    permission_flags: dict[str, frozenset[str]] = field(default_factory=dict)
    """Of permissions that the user was asked for: PackageManager.FLAG_PERMISSION_*, without the prefix."""

    label: str | None = None
    installer: str | None = None
    splits: tuple[str, ...] = ()
    test_only: bool = False
    state: int = STATE_DEFAULT
    installed: bool = True
    """Whether the user has it: an app of the system can be taken from the user, and given back."""

    suspended: bool = False

    @property
    def enabled(self) -> bool:
        return self.state in (STATE_DEFAULT, STATE_ENABLED)

    @property
    def apk_path(self) -> str:
        return self.code_path if self.code_path.endswith(".apk") else f"{self.code_path}/base.apk"

    @property
    def data_dir(self) -> str:
        return f"/data/user/0/{self.name}"

    def activity(self, name: str) -> Component | None:
        """By the full name of its class."""
        return next((each for each in self.activities if each.name == name and each.enabled), None)


class PackageManager:
    """All packages of one handset, by name."""

    def __init__(self) -> None:
        self._packages: dict[str, Package] = {}
        self._next_uid = FIRST_INSTALLED_APP
        self._stoppers: list[Callable[[str], None]] = []

    def get(self, name: str) -> Package | None:
        """A package that the user has."""
        package = self._packages.get(name)
        return package if package is not None and package.installed else None

    def known(self, name: str) -> Package | None:
        """A package, whether the user has it or not."""
        return self._packages.get(name)

    def all(self) -> list[Package]:
        """What the user has, in the order of installation."""
        return [package for package in self._packages.values() if package.installed]

    def all_known(self) -> list[Package]:
        """Also what was taken from the user."""
        return list(self._packages.values())

    def _enabled(self) -> list[Package]:
        return [package for package in self._packages.values() if package.installed and package.enabled]

    def add(self, package: Package) -> None:
        """Record a new package, or a new version of one."""
        self._packages[package.name] = package

    def remove(self, name: str) -> None:
        self._packages.pop(name, None)

    def new_uid(self) -> int:
        uid, self._next_uid = self._next_uid, self._next_uid + 1
        return uid

    def before_change(self, stop: Callable[[str], None]) -> None:
        """Call `stop(package)` before a package's code or data are touched."""
        self._stoppers.append(stop)

    def stop(self, name: str) -> None:
        for stop in self._stoppers:
            stop(name)

    def activity(self, component: str) -> tuple[Package, Component] | None:
        """The activity of a `package/full.Class`."""
        name, _, cls = component.partition("/")
        package = self.get(name)
        found = package.activity(cls) if package and package.enabled else None
        return (package, found) if package and found else None

    def resolve(self, intent: Intent) -> str | None:
        """The component that an intent starts: its own, or the first activity whose filter takes it."""
        if intent.component is not None:
            return intent.component
        for package in self._enabled():
            if intent.package in (None, package.name):
                for activity in package.activities:
                    if activity.enabled and _matches(activity, intent):
                        return f"{package.name}/{activity.name}"
        return None

    def service(self, intent: Intent) -> tuple[Package, Component] | None:
        """The service that an intent starts: the one that it names, or the first whose filter takes its action."""
        for package in self._enabled():
            for service in package.services:
                full = f"{package.name}/{service.name}"
                named = intent.component == full
                implied = intent.component is None and intent.package in (None, package.name)
                if service.enabled and (named or (implied and intent.action in service.actions)):
                    return package, service
        return None

    @property
    def launcher(self) -> str:
        """The package that shows the home screen; empty where none does."""
        component = self.resolve(Intent(MAIN, categories=frozenset((HOME,))))
        return component.partition("/")[0] if component else ""

    def receivers(self, intent: Intent) -> list[tuple[Package, Component]]:
        """Who gets a broadcast: manifest receivers that it names or whose filter takes its action."""
        return [
            (package, receiver)
            for package in self._enabled()
            for receiver in package.receivers
            if receiver.enabled and intent.package in (None, package.name) and _receives(package, receiver, intent)
        ]


def _receives(package: Package, receiver: Component, intent: Intent) -> bool:
    if intent.component is not None:
        return intent.component == f"{package.name}/{receiver.name}"
    return intent.action is not None and intent.action in receiver.actions


def _matches(activity: Component, intent: Intent) -> bool:
    """Whether an intent filter of the activity takes an implicit intent (IntentFilter.match, without data)."""
    wanted = intent.categories or (frozenset((LAUNCHER,)) if intent.action == MAIN else frozenset())
    return any(
        (intent.action is None or intent.action in each.actions) and wanted <= set(each.categories)
        for each in activity.filters
    )
