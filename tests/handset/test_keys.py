"""The ADB key of this computer."""

from __future__ import annotations

import base64
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from framework.contract.errors import UsageError
from framework.handset.keys import load_signer

TOKEN = bytes(range(20))


def test_a_missing_key_is_made(tmp_path: Path) -> None:
    """Private to the user, in adb's form; its signature is the one that adbd checks."""
    key = tmp_path / ".android" / "adbkey"
    signer = load_signer(key)
    private = load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, RSAPrivateKey)
    private.public_key().verify(signer.Sign(TOKEN), TOKEN, padding.PKCS1v15(), utils.Prehashed(hashes.SHA1()))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(base64.b64decode(signer.GetPublicKey().split(b" ")[0])) == 524
    assert sorted(path.name for path in key.parent.iterdir()) == ["adbkey", "adbkey.pub"]


def test_an_existing_key_is_kept(tmp_path: Path) -> None:
    """adb's key is used as it is, also where only the private half is left."""
    key = tmp_path / "adbkey"
    before = (load_signer(key).GetPublicKey(), key.read_bytes())
    (tmp_path / "adbkey.pub").unlink()
    assert (load_signer(key).GetPublicKey(), key.read_bytes()) == before


def test_many_may_start_at_once(tmp_path: Path) -> None:
    """Workers that start together on a new machine end up with one key."""
    key = tmp_path / ".android" / "adbkey"
    with ThreadPoolExecutor(4) as pool:
        signers = list(pool.map(lambda _: load_signer(key), range(4)))
    assert len({signer.GetPublicKey() for signer in signers}) == 1


def test_a_broken_key_is_the_users(tmp_path: Path) -> None:
    """What is no key is named, and not overwritten."""
    key = tmp_path / "adbkey"
    key.write_text("no key")
    (tmp_path / "adbkey.pub").write_text("")
    with pytest.raises(UsageError, match="adbkey cannot be used"):
        load_signer(key)
    assert key.read_text() == "no key"


@pytest.mark.foreign
def test_the_public_key_is_adbs(tmp_path: Path, bundled_adb: str) -> None:
    """adb computes the same public key from the private one."""
    key = tmp_path / "adbkey"
    ours = load_signer(key).GetPublicKey()
    printed = subprocess.run([bundled_adb, "pubkey", str(key)], capture_output=True, timeout=30, check=False)
    assert printed.stdout.split(b" ")[0] == ours.split(b" ")[0]
