"""APKs that others' tools made: aapt2 and apksigner of the Android SDK."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
"""The Android framework's resources, which aapt2 links against (Debian: android-framework-res)."""

MANIFEST = """\
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.example.foreign"
    android:versionCode="42" android:versionCodeMajor="1" android:versionName="@string/version">
  <uses-sdk android:minSdkVersion="21"/>
  <uses-permission android:name="android.permission.INTERNET"/>
  <uses-permission android:name="android.permission.RECORD_AUDIO"/>
  <instrumentation android:name=".Runner" android:targetPackage="org.example.target"/>
  <application android:label="@string/indirect" android:debuggable="true">
    <meta-data android:name="answer" android:value="42"/>
    <activity android:name=".Main" android:exported="true">
      <intent-filter><action android:name="org.example.ASK"/></intent-filter>
    </activity>
    <activity-alias android:name=".Door" android:targetActivity=".Main" android:exported="true">
      <intent-filter>
        <action android:name="android.intent.action.MAIN"/>
        <category android:name="android.intent.category.LAUNCHER"/>
      </intent-filter>
    </activity-alias>
    <receiver android:name="org.example.other.Receiver" android:exported="false" android:enabled="false">
      <intent-filter><action android:name="org.example.POKE"/></intent-filter>
    </receiver>
    <service android:name=".Service"/>
    <provider android:name=".Provider" android:authorities="org.example.foreign"/>
  </application>
</manifest>
"""
STRINGS = """\
<resources>
  <string name="first">x</string>
  <string name="indirect">@string/label</string>
  <string name="label">Größe</string>
  <string name="version">4.2</string>
</resources>
"""
CHINESE = '<resources><string name="label">尺寸</string><string name="first">一</string></resources>'

Schemes = Sequence[Literal[1, 2, 3]]


class AndroidTools:
    """The programs of the Android SDK; a test that wants one that is missing skips, and says which."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *argv: str | Path) -> str:
        """What a program prints; its failure is the test's."""
        if shutil.which(str(argv[0])) is None:
            pytest.skip(f"{argv[0]} is not installed")
        done = subprocess.run([str(arg) for arg in argv], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def certificates(self, apk: Path, min_sdk: int) -> list[str]:
        """The sha256 of the certificates that apksigner finds, having verified the APK."""
        printed = self.run("apksigner", "verify", "--print-certs", "--min-sdk-version", str(min_sdk), apk)
        return re.findall(r"certificate SHA-256 digest: ([0-9a-f]{64})", printed)

    def link(self, name: str, *options: str, target_sdk: int = 29) -> Path:
        """An unsigned APK by aapt2: an application without code, with texts in two languages."""
        if not FRAMEWORK.exists():
            pytest.skip(f"{FRAMEWORK} (android-framework-res) is not installed")
        manifest, compiled = self._folder / "AndroidManifest.xml", self._folder / "compiled.zip"
        manifest.write_text(MANIFEST, "utf-8")
        for values, text in (("values", STRINGS), ("values-zh", CHINESE)):
            source = self._folder / "res" / values / "strings.xml"
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_text(text, "utf-8")
        self.run("aapt2", "compile", "--dir", self._folder / "res", "-o", compiled)
        linked = self._folder / name
        options = ("-I", str(FRAMEWORK), "--target-sdk-version", str(target_sdk), *options)
        self.run("aapt2", "link", *options, "--manifest", manifest, "-o", linked, compiled)
        return linked

    def sign(self, apk: Path, kind: Literal["rsa", "ec"], schemes: Schemes) -> Path:
        """A copy of an APK, signed by apksigner with a new key."""
        key: CertificateIssuerPrivateKeyTypes
        key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
        key_file, certificate_file = self._folder / "key", self._folder / "certificate"
        key_file.write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        certificate_file.write_bytes(_certificate(key).public_bytes(Encoding.DER))
        signed = self._folder / f"{kind}-{''.join(map(str, schemes))}-{apk.name}"
        switches = [f"--v{scheme}-signing-enabled={str(scheme in schemes).lower()}" for scheme in (1, 2, 3, 4)]
        keys = ("--key", key_file, "--cert", certificate_file)
        self.run("apksigner", "sign", *switches, "--min-sdk-version", "21", *keys, "--out", signed, apk)
        return signed


@pytest.fixture(scope="session")
def android_tools(tmp_path_factory: pytest.TempPathFactory) -> AndroidTools:
    return AndroidTools(tmp_path_factory.mktemp("android"))


@pytest.fixture(scope="session")
def foreign_apk(android_tools: AndroidTools) -> Path:
    """An unsigned APK by aapt2."""
    return android_tools.link("foreign.apk")


def _certificate(key: CertificateIssuerPrivateKeyTypes) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Foreign")])
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), 1, datetime(2024, 1, 1, tzinfo=UTC), datetime(2074, 1, 1, tzinfo=UTC)
    )
    return builder.sign(key, hashes.SHA256())
