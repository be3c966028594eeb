"""What an APK says about itself, and who signed it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from framework.formats.archive import Archive, open_archive
from framework.formats.arsc import resolve_text
from framework.formats.axml import AttributeValue, Element, Reference, read_xml
from framework.formats.errors import FormatError, SignatureError
from framework.formats.source import OpenSource, Source, open_source

if TYPE_CHECKING:
    from framework.formats.signing import Signature

MANIFEST: Final = "AndroidManifest.xml"
MAIN: Final = "android.intent.action.MAIN"
LAUNCHER: Final = "android.intent.category.LAUNCHER"

_RESOURCES = "resources.arsc"
_LARGEST_MANIFEST = 16 << 20
_LARGEST_RESOURCES = 256 << 20
_NATIVE_LIBRARY = re.compile(r"lib/([^/]+)/[^/]+\.so")
_JAR_SIGNATURE_ENDS = 30
"""Target SDK from which Android 11 and later no longer take a v1 signature alone (`ApkSignatureVerifier`)."""
_UNRELEASED_SDK = 10000
"""What Android counts a code name as (`Build.VERSION_CODES.CUR_DEVELOPMENT`)."""


@dataclass(frozen=True, slots=True)
class IntentFilter:
    actions: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """An activity, receiver, service or provider under its full name; `target` is the activity of an alias."""

    name: str
    exported: bool
    enabled: bool
    filters: tuple[IntentFilter, ...] = ()
    target: str | None = None

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action that it takes, once."""
        return tuple(dict.fromkeys(action for each in self.filters for action in each.actions))

    @property
    def is_launcher(self) -> bool:
        return self.enabled and any(MAIN in each.actions and LAUNCHER in each.categories for each in self.filters)


@dataclass(frozen=True, slots=True)
class Instrumentation:
    """A test runner and the package that it instruments."""

    name: str
    target_package: str


@dataclass(frozen=True, slots=True)
class ApkInfo:
    """`activities` hold aliases too; `split` names the split of a bundle; no `native_abis`: it runs on any."""

    package: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    label: str | None
    debuggable: bool
    test_only: bool
    split_required: bool
    split: str | None
    activities: tuple[Component, ...]
    receivers: tuple[Component, ...]
    services: tuple[Component, ...]
    providers: tuple[Component, ...]
    instrumentations: tuple[Instrumentation, ...]
    permissions: tuple[str, ...]
    metadata: Mapping[str, AttributeValue | None]
    native_abis: tuple[str, ...]
    signature: Signature

    @property
    def main_activity(self) -> str | None:
        """What the launcher starts."""
        return next((activity.name for activity in self.activities if activity.is_launcher), None)

    def activity(self, name: str) -> Component | None:
        """By its full name or, as in a component, the short one (`.Main`)."""
        full = full_name(self.package, name)
        return next((activity for activity in self.activities if activity.name == full), None)


def full_name(package: str, name: str) -> str:
    """The class that a manifest or a component means by `.Main`, `Main` or a full name."""
    if name.startswith("."):
        return package + name
    return name if "." in name else f"{package}.{name}"


def read_apk(source: Source) -> ApkInfo:
    """Read and verify an APK: SignatureError where its signature does not hold, FormatError for other damage."""
    from framework.formats.signing import verify  # cryptography costs a tenth of a second

    with open_source(source) as opened:
        signature = verify(opened)
        with open_archive(opened) as archive:
            info = _Reader(opened, archive, signature).info()
        if signature.scheme == 1 and info.target_sdk >= _JAR_SIGNATURE_ENDS:
            raise SignatureError(opened.name, 0, f"target SDK {info.target_sdk} needs a v2 signature, there is only v1")
        return info


class _Reader:
    def __init__(self, source: OpenSource, archive: Archive, signature: Signature) -> None:
        self._archive, self._signature = archive, signature
        self._file = f"{source.name}!{MANIFEST}"
        self._manifest = read_xml(archive.read(MANIFEST, _LARGEST_MANIFEST), self._file)
        self._package = self._text(self._manifest.plain("package"), "package")
        self._application = next(self._manifest.all("application"), Element("application"))

    def info(self) -> ApkInfo:
        sdks = next(self._manifest.all("uses-sdk"), Element("uses-sdk"))
        min_sdk = self._sdk(sdks.android("minSdkVersion"), 1)
        split = self._manifest.plain("split")
        return ApkInfo(
            package=self._package,
            version_code=self._version_code(),
            version_name=self._resolved(self._manifest.android("versionName")) or "",
            min_sdk=min_sdk,
            target_sdk=self._sdk(sdks.android("targetSdkVersion"), min_sdk),
            label=self._resolved(self._application.android("label")),
            debuggable=self._application.android("debuggable") is True,
            test_only=self._application.android("testOnly") is True,
            split_required=True in (each.android("isSplitRequired") for each in (self._manifest, self._application)),
            split=split if isinstance(split, str) else None,
            activities=self._components("activity", "activity-alias"),
            receivers=self._components("receiver"),
            services=self._components("service"),
            providers=self._components("provider"),
            instrumentations=tuple(map(self._instrumentation, self._manifest.all("instrumentation"))),
            permissions=self._permissions(),
            metadata=MappingProxyType(
                {self._name(each): each.android("value") for each in self._application.all("meta-data")}
            ),
            native_abis=_abis(self._archive.names),
            signature=self._signature,
        )

    def _version_code(self) -> int:
        major, minor = (self._manifest.android(name) for name in ("versionCodeMajor", "versionCode"))
        return (major if isinstance(major, int) else 0) << 32 | (minor if isinstance(minor, int) else 0)

    def _permissions(self) -> tuple[str, ...]:
        wanted = self._manifest.all("uses-permission", "uses-permission-sdk-23")
        return tuple(dict.fromkeys(self._name(each) for each in wanted))

    def _components(self, *kinds: str) -> tuple[Component, ...]:
        return tuple(self._component(each) for each in self._application.all(*kinds))

    def _component(self, each: Element) -> Component:
        filters = tuple(self._filter(child) for child in each.all("intent-filter"))
        exported = each.android("exported")
        target = each.android("targetActivity")
        return Component(
            name=full_name(self._package, self._name(each)),
            exported=bool(filters) if exported is None else exported is True,
            enabled=each.android("enabled") is not False,
            filters=filters,
            target=full_name(self._package, target) if isinstance(target, str) else None,
        )

    def _filter(self, each: Element) -> IntentFilter:
        actions, categories = (tuple(map(self._name, each.all(kind))) for kind in ("action", "category"))
        return IntentFilter(actions, categories)

    def _instrumentation(self, each: Element) -> Instrumentation:
        target = self._text(each.android("targetPackage"), "targetPackage of an instrumentation")
        return Instrumentation(full_name(self._package, self._name(each)), target)

    def _name(self, each: Element) -> str:
        return self._text(each.android("name"), f"name of <{each.name}>")

    def _text(self, value: AttributeValue | None, what: str) -> str:
        if not isinstance(value, str):
            raise FormatError(self._file, 0, f"the {what} is missing or not a text")
        return value

    def _resolved(self, value: AttributeValue | None) -> str | None:
        if isinstance(value, Reference) and _RESOURCES in self._archive.names:
            table = self._archive.read(_RESOURCES, _LARGEST_RESOURCES)
            return resolve_text(table, f"{self._archive.name}!{_RESOURCES}", value.id)
        return value if isinstance(value, str) else None

    def _sdk(self, value: AttributeValue | None, default: int) -> int:
        if value is None:
            return default
        if isinstance(value, int):
            return value
        return int(value) if isinstance(value, str) and value.isdecimal() else _UNRELEASED_SDK


def _abis(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[1] for match in map(_NATIVE_LIBRARY.fullmatch, names) if match))
