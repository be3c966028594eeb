"""Signed APKs of our own, judged by the Android tools."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from framework.formats.apk_writer import build_apk
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import AndroidTools

KEY = demonstration_key()
CERTIFICATE = demonstration_certificate(KEY)
MANIFEST = element(
    "manifest",
    {"package": "org.example.ours", "android:versionCode": 7, "android:versionName": "7.0 ü"},
    element("uses-sdk", {"android:minSdkVersion": 29, "android:targetSdkVersion": 34}),
    element("application", {"android:label": "我们的", "android:hasCode": False}),
)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.apk"
    path.write_bytes(build_apk(MANIFEST, {"assets/big.bin": bytes(3 << 20)}, KEY, CERTIFICATE))
    return path


def test_the_same_content_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in the file."""
    assert build_apk(MANIFEST, {"a": b"1"}, KEY, CERTIFICATE) == build_apk(MANIFEST, {"a": b"1"}, KEY, CERTIFICATE)


@pytest.mark.foreign
def test_aapt2_reads_it(ours: Path, android_tools: AndroidTools) -> None:
    """aapt2 prints the manifest that was written."""
    badging = android_tools.run("aapt2", "dump", "badging", ours)
    assert "package: name='org.example.ours' versionCode='7' versionName='7.0 ü'" in badging
    assert "sdkVersion:'29'\ntargetSdkVersion:'34'" in badging
    assert "label='我们的'" in badging


@pytest.mark.foreign
def test_apksigner_verifies_it(ours: Path, android_tools: AndroidTools) -> None:
    """apksigner accepts the signature and finds the same certificate."""
    expected = hashlib.sha256(CERTIFICATE.public_bytes(Encoding.DER)).hexdigest()
    assert android_tools.certificates(ours, min_sdk=29) == [expected]


@pytest.mark.foreign
def test_zipalign_finds_it_aligned(ours: Path, android_tools: AndroidTools) -> None:
    """Android maps uncompressed entries that are aligned to 4 bytes."""
    android_tools.run("zipalign", "-c", "4", ours)
