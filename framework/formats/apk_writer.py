"""Writing small signed APKs: the same content and key give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from framework.formats.apk import MANIFEST
from framework.formats.archive import write_archive
from framework.formats.axml_writer import write_xml

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from framework.formats.axml import Element


def build_apk(
    manifest: Element, entries: Mapping[str, bytes], key: RSAPrivateKey, certificate: x509.Certificate
) -> bytes:
    """An APK with this manifest and these further entries, signed with v2 (so minSdk 24 and up)."""
    from framework.formats.signing import sign_v2

    return sign_v2(write_archive({MANIFEST: write_xml(manifest), **entries}), key, certificate)
