"""The RSA key that the host shows to handsets: `~/.android/adbkey`, shared with adb, made when missing."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from framework.contract.errors import UsageError


class Signer(Protocol):
    """The interface of adb-shell's signers."""

    def Sign(self, data: bytes) -> bytes: ...  # noqa: N802

    def GetPublicKey(self) -> bytes: ...  # noqa: N802


def default_key() -> Path:
    """Where adb keeps its key."""
    return Path.home() / ".android" / "adbkey"


def load_signer(key: Path) -> Signer:
    """The signer for `key`, a PKCS#8 file; key and public key are made if they are missing."""
    from adb_shell.auth.sign_cryptography import CryptographySigner

    try:
        _ensure_private_key(key)
        _ensure_public_key(key)
        signer: Signer = CryptographySigner(str(key))
    except (OSError, ValueError) as error:
        raise UsageError(f"the ADB key {key} cannot be used: {error}") from error
    return signer


def _ensure_private_key(key: Path) -> None:
    """Several workers may start at once on a new machine: the first link wins, the others use its key."""
    if key.exists():
        return
    from adb_shell.auth.keygen import keygen

    key.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=key.parent) as folder:
        made = Path(folder) / "adbkey"
        keygen(str(made))
        made.chmod(0o600)
        with suppress(FileExistsError):
            os.link(made, key)


def _ensure_public_key(key: Path) -> None:
    public = key.with_name(key.name + ".pub")
    if public.exists():
        return
    from adb_shell.auth.keygen import write_public_keyfile

    with tempfile.TemporaryDirectory(dir=key.parent) as folder:
        made = Path(folder) / "adbkey.pub"
        write_public_keyfile(str(key), str(made))
        made.replace(public)
