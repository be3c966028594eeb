"""Keys of computers: those that adb-shell makes, and noise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from adb_shell.auth.keygen import keygen
from adb_shell.auth.sign_cryptography import CryptographySigner
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.adb.adb_keys import TOKEN_BYTES, read_key, read_keys


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> CryptographySigner:
    path = tmp_path_factory.mktemp("keys") / "adbkey"
    keygen(str(path))
    return CryptographySigner(str(path))


def test_a_signature_is_of_one_key_and_one_token(signer: CryptographySigner) -> None:
    """Another token, another signature, and a signature of another length are not it."""
    key, token = read_key(signer.GetPublicKey() + b"\0"), os.urandom(TOKEN_BYTES)
    assert key is not None
    signature = signer.Sign(token)
    assert key.signed(token, signature)
    assert not key.signed(os.urandom(TOKEN_BYTES), signature)
    assert not key.signed(token, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not key.signed(token, b"")


def test_a_key_has_a_name_and_a_fingerprint(signer: CryptographySigner) -> None:
    """16 bytes in hex with colons, and what stands behind the key."""
    word = signer.GetPublicKey().split()[0]
    key = read_key(word + b" ada@bench  two\n")
    assert key is not None
    assert key.name == "ada@bench two"
    assert [len(part) for part in key.fingerprint.split(":")] == [2] * 16
    assert key == read_key(key.line.encode())


def test_a_file_of_keys_is_read_over_its_bad_lines(signer: CryptographySigner) -> None:
    """What is no key is passed over."""
    line = signer.GetPublicKey().strip()
    assert [key.line for key in read_keys(b"\nnonsense\n" + line + b"\nQUFB x\n")] == [b" ".join(line.split()).decode()]


@given(st.binary(max_size=60))
def test_noise_is_no_key(noise: bytes) -> None:
    """Whatever a computer sends, it is a key or it is none."""
    assert read_key(noise) is None


def test_a_damaged_key_is_none(signer: CryptographySigner, tmp_path: Path) -> None:
    """Cut short, or with another size of modulus."""
    word = signer.GetPublicKey().split()[0]
    assert read_key(word[:-4]) is None
    assert read_key(b"QQAAAA" + word[6:]) is None
