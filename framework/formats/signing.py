"""Who signed an APK, proved over its whole content, and signing one of ours."""

from __future__ import annotations

from dataclasses import dataclass

from framework.formats.archive import open_archive
from framework.formats.block_signature import V2, V3, sign_v2, verify_block
from framework.formats.jar_signature import verify_jar
from framework.formats.signing_block import read_layout
from framework.formats.source import OpenSource

__all__ = ["Signature", "sign_v2", "verify"]


@dataclass(frozen=True, slots=True)
class Signature:
    """The scheme that counts, and the sha256 of each signer's certificate, in hexadecimal."""

    scheme: int
    certificates: tuple[str, ...]


def verify(source: OpenSource) -> Signature:
    """Verify as Android 9 to 12 do: v3 if there is one, else v2, else v1; SignatureError if it does not hold."""
    layout = read_layout(source)
    for scheme, block in ((3, V3), (2, V2)):
        if block in layout.blocks:
            return Signature(scheme, verify_block(source, layout, block))
    with open_archive(source) as archive:
        return Signature(1, verify_jar(archive))
