"""What an APK says about itself."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.apk import Component, Instrumentation, IntentFilter, full_name, read_apk
from framework.formats.apk_writer import build_apk
from framework.formats.axml import Element
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.formats.errors import FormatError, SignatureError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import AndroidTools

KEY = demonstration_key()
CERTIFICATE = demonstration_certificate(KEY)


def built(manifest: Element, **entries: bytes) -> io.BytesIO:
    return io.BytesIO(build_apk(manifest, entries, KEY, CERTIFICATE))


SMALL = built(element("manifest", {"package": "a.b", "android:versionCode": 1})).getvalue()


def test_short_class_names_are_completed() -> None:
    """As the package manager completes them."""
    assert [full_name("a.b", name) for name in (".C", "C", "x.y.C", ".d.C")] == ["a.b.C", "a.b.C", "x.y.C", "a.b.d.C"]


def test_what_is_not_said_has_androids_default() -> None:
    """The least manifest: version 0, minSdk 1, targetSdk as minSdk, nothing else."""
    info = read_apk(built(element("manifest", {"package": "a.b"})))
    assert (info.version_code, info.version_name, info.min_sdk, info.target_sdk) == (0, "", 1, 1)
    assert (info.label, info.main_activity, info.split, info.debuggable) == (None, None, None, False)
    assert info.activities + info.receivers + info.services + info.providers == ()


def test_a_component_is_exported_if_it_says_so_or_takes_intents() -> None:
    """The default before Android 12 made the attribute mandatory."""
    taking = element("intent-filter", {}, element("action", {"android:name": "X"}))
    application = element(
        "application",
        {},
        element("receiver", {"android:name": ".Plain"}),
        element("receiver", {"android:name": ".Taking"}, taking),
        element("receiver", {"android:name": ".Closed", "android:exported": False}, taking),
    )
    info = read_apk(built(element("manifest", {"package": "a.b"}, application)))
    assert {each.name: each.exported for each in info.receivers} == {
        "a.b.Plain": False, "a.b.Taking": True, "a.b.Closed": False,
    }  # fmt: skip


def test_native_abis_are_the_folders_of_libraries() -> None:
    """Each once, and only folders that hold libraries."""
    info = read_apk(
        built(
            element("manifest", {"package": "a.b", "split": "config.arm64_v8a"}),
            **{"lib/arm64-v8a/a.so": b"", "lib/arm64-v8a/b.so": b"", "lib/x86/c.so": b"", "lib/mips/README": b""},
        )
    )
    assert info.native_abis == ("arm64-v8a", "x86")
    assert info.split == "config.arm64_v8a"


def test_a_code_name_counts_as_the_sdk_to_come() -> None:
    """Preview builds of Android have a name in the place of a number."""
    sdk = element("uses-sdk", {"android:minSdkVersion": "29", "android:targetSdkVersion": "Baklava"})
    info = read_apk(built(element("manifest", {"package": "a.b"}, sdk)))
    assert (info.min_sdk, info.target_sdk) == (29, 10000)


@pytest.mark.parametrize(
    ("manifest", "what"),
    [
        (element("manifest"), "package is missing"),
        (element("manifest", {"package": 7}), "package is missing or not a text"),
        (element("manifest", {"package": "a.b"}, element("uses-permission")), "name of <uses-permission>"),
        (
            element("manifest", {"package": "a.b"}, element("instrumentation", {"android:name": ".R"})),
            "targetPackage of an instrumentation",
        ),
    ],
)
def test_a_manifest_that_lacks_something_is_a_format_error(manifest: Element, what: str) -> None:
    """The message names the manifest and what it lacks."""
    with pytest.raises(FormatError, match=f"AndroidManifest.xml.*{what}"):
        read_apk(built(manifest))


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(SMALL) - 1), flip=st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(at: int, flip: int) -> None:
    """Whatever single byte of a signed APK is changed: FormatError (mostly SignatureError), never another error."""
    damaged = bytearray(SMALL)
    damaged[at] ^= flip
    with pytest.raises(FormatError):
        read_apk(io.BytesIO(bytes(damaged)))


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0, len(SMALL) - 1))
def test_no_truncation_goes_unnoticed(length: int) -> None:
    """An APK that was cut off anywhere is a FormatError."""
    with pytest.raises(FormatError):
        read_apk(io.BytesIO(SMALL[:length]))


@pytest.mark.foreign
def test_an_apk_of_the_android_tools_is_read_whole(foreign_apk: Path, android_tools: AndroidTools) -> None:
    """Everything that aapt2 wrote is found, texts of resources among it."""
    info = read_apk(android_tools.sign(foreign_apk, "rsa", (2,)))
    assert (info.package, info.version_code, info.version_name) == ("org.example.foreign", (1 << 32) + 42, "4.2")
    assert (info.min_sdk, info.target_sdk, info.label, info.debuggable) == (21, 29, "Größe", True)
    assert info.permissions == ("android.permission.INTERNET", "android.permission.RECORD_AUDIO")
    ask = IntentFilter(("org.example.ASK",), ())
    door = IntentFilter(("android.intent.action.MAIN",), ("android.intent.category.LAUNCHER",))
    poke = IntentFilter(("org.example.POKE",), ())
    main = "org.example.foreign.Main"
    assert info.activities == (
        Component(main, True, True, (ask,)),
        Component("org.example.foreign.Door", True, True, (door,), main),
    )
    assert info.main_activity == "org.example.foreign.Door"
    assert info.receivers == (Component("org.example.other.Receiver", False, False, (poke,)),)
    assert [each.name for each in (*info.services, *info.providers)] == [
        "org.example.foreign.Service",
        "org.example.foreign.Provider",
    ]
    assert info.instrumentations == (Instrumentation("org.example.foreign.Runner", "org.example.target"),)
    assert dict(info.metadata) == {"answer": 42}


@pytest.mark.foreign
def test_real_apks_are_read_as_the_android_tools_read_them(real_apks: list[Path], android_tools: AndroidTools) -> None:
    """Package, version, SDKs, label and signer of real applications agree with aapt2 and apksigner."""
    for apk in real_apks:
        info = read_apk(apk)
        badging = android_tools.run("aapt2", "dump", "badging", apk)
        found = re.search(r"package: name='([^']*)' versionCode='(\d*)' versionName='([^']*)'", badging)
        assert found is not None
        assert (info.package, info.version_code, info.version_name) == (found[1], int(found[2] or 0), found[3])
        assert f"sdkVersion:'{info.min_sdk}'" in badging
        assert f"targetSdkVersion:'{info.target_sdk}'" in badging
        assert (
            f"application-label:'{info.label or ''}'" in badging
            or f"application: label='{info.label or ''}'" in badging
        )
        assert list(info.permissions) == re.findall(r"uses-permission: name='([^']*)'", badging)
        assert list(info.signature.certificates) == android_tools.certificates(apk, min_sdk=29)


@pytest.mark.foreign
def test_real_apks_do_not_survive_a_changed_byte(real_apks: list[Path]) -> None:
    """One changed byte in the middle of the content is found."""
    for apk in real_apks:
        damaged = bytearray(apk.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        with pytest.raises(SignatureError, match="not what was signed"):
            read_apk(io.BytesIO(bytes(damaged)))
