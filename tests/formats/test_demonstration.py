"""Demonstration builds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from framework.formats.apk import IntentFilter, read_apk
from framework.formats.demonstration import EMULATED, PACKAGE, RETAINED_KB_PER_TOKEN, Demonstration
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.formats.gguf import read_header
from framework.formats.scaled_model import ScaledModel

if TYPE_CHECKING:
    from pathlib import Path

MODEL = ScaledModel(
    name="Tiny", size_label="1M", layers=1, width=64, feed_forward=64, heads=2, kv_heads=1,
    vocabulary=96, context=64, scale=Fraction(1, 2),
)  # fmt: skip
TINY = Demonstration("Tiny Assistant", 3, "3.1", MODEL)


def test_both_files_are_written_and_named_with_their_hash(tmp_path: Path) -> None:
    """The hashes are those of the files; folders are made; nothing else is left behind."""
    apk, weights = tmp_path / "a" / "x.apk", tmp_path / "b" / "x.gguf"
    written = TINY.write(apk, weights)
    assert written == {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (apk, weights)}
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == [apk, weights]
    assert read_header(weights).metadata["pocketfarm.scaled"] is True


def test_the_apk_declares_the_assistant_and_that_it_is_a_demonstration(tmp_path: Path) -> None:
    """Package, activity, actions, permission and SDKs, and the meta-data that no phone build has."""
    TINY.write(tmp_path / "x.apk", tmp_path / "x.gguf")
    info = read_apk(tmp_path / "x.apk")
    assert (info.package, info.version_code, info.version_name) == (PACKAGE, 3, "3.1")
    assert (info.min_sdk, info.target_sdk, info.label) == (29, 34, "Tiny Assistant")
    assert info.permissions == ("android.permission.RECORD_AUDIO",)
    assert info.main_activity == f"{PACKAGE}.ConversationActivity"
    activity = info.activity(".ConversationActivity")
    assert activity is not None
    assert activity.exported
    assert activity.filters[1] == IntentFilter(
        (f"{PACKAGE}.ASK", f"{PACKAGE}.RESET", f"{PACKAGE}.LISTEN"), ("android.intent.category.DEFAULT",)
    )
    assert dict(info.metadata) == {EMULATED: True}
    assert info.native_abis == ()


def test_a_version_that_leaks_says_so_in_its_manifest(tmp_path: Path) -> None:
    """How much, as meta-data; nothing else differs."""
    replace(TINY, retained_kb_per_token=250).write(tmp_path / "leaking.apk", tmp_path / "x.gguf")
    TINY.write(tmp_path / "x.apk", tmp_path / "x.gguf")
    leaking, info = read_apk(tmp_path / "leaking.apk"), read_apk(tmp_path / "x.apk")
    assert dict(leaking.metadata) == {EMULATED: True, RETAINED_KB_PER_TOKEN: 250}
    assert replace(leaking, metadata=info.metadata, signature=info.signature) == info


def test_it_is_signed_with_the_public_demonstration_key(tmp_path: Path) -> None:
    """v2, with the certificate whose name says what it is."""
    TINY.write(tmp_path / "x.apk", tmp_path / "x.gguf")
    certificate = demonstration_certificate(demonstration_key())
    assert "Public demonstration key" in certificate.subject.rfc4514_string()
    signature = read_apk(tmp_path / "x.apk").signature
    assert signature.scheme == 2
    assert signature.certificates == ("37deaf63899e61c8e0a612c2061cf03c085e54f471e59e06f21e407373b24d8b",)


def test_an_unfinished_file_never_takes_the_place_of_a_finished_one(tmp_path: Path) -> None:
    """Writing again over a file that others read leaves a whole one at every moment, and the same."""
    first = TINY.write(tmp_path / "x.apk", tmp_path / "x.gguf")
    with (tmp_path / "x.gguf").open("rb") as reader:
        assert TINY.write(tmp_path / "x.apk", tmp_path / "x.gguf") == first
        assert hashlib.sha256(reader.read()).hexdigest() == first[tmp_path / "x.gguf"]
