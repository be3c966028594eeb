"""The first packets of a connection."""

from __future__ import annotations

import pytest
from adb_shell.constants import AUTH_RSAPUBLICKEY, AUTH_SIGNATURE, AUTH_TOKEN

from framework.contract.errors import HandsetError
from framework.handset.handshake import Handshake
from framework.handset.packets import AUTH, CNXN, OKAY, STLS, VERSION, Packet, Peer

WELCOME = Packet(CNXN, VERSION, 4096, b"device::features=cmd")
TOKEN = Packet(AUTH, AUTH_TOKEN, 0, b"t" * 20)


class Key:
    """Stands for the RSA key."""

    def Sign(self, data: bytes) -> bytes:  # noqa: N802
        return b"signed " + data

    def GetPublicKey(self) -> bytes:  # noqa: N802
        return b"public key"


def no_key() -> Key:
    raise AssertionError("no key is needed")


def test_without_authentication() -> None:
    """A handset that asks for no key gets none; the key is not even looked for."""
    handshake = Handshake("phone", no_key)
    assert handshake.hello().command == CNXN
    assert handshake.receive(WELCOME) == Peer(VERSION, 4096, "device", frozenset({"cmd"}))


def test_a_known_key_signs() -> None:
    """The token is signed; the handset that knows the key lets us in."""
    handshake = Handshake("phone", Key)
    assert handshake.receive(TOKEN) == Packet(AUTH, AUTH_SIGNATURE, 0, b"signed " + b"t" * 20)
    assert isinstance(handshake.receive(WELCOME), Peer)


def test_an_unknown_key_is_shown() -> None:
    """After a refused signature the public key is sent, ended by NUL, and a person has to accept it."""
    handshake = Handshake("phone", Key)
    handshake.receive(TOKEN)
    assert not handshake.asked_for_acceptance
    assert handshake.receive(TOKEN) == Packet(AUTH, AUTH_RSAPUBLICKEY, 0, b"public key\0")
    assert handshake.asked_for_acceptance
    assert isinstance(handshake.receive(WELCOME), Peer)


def test_a_refused_key_is_unauthorized() -> None:
    """A third token means that the key was refused."""
    handshake = Handshake("phone", Key)
    handshake.receive(TOKEN)
    handshake.receive(TOKEN)
    with pytest.raises(HandsetError, match=r"phone: unauthorized .accept this computer's key"):
        handshake.receive(TOKEN)


def test_tls_is_told() -> None:
    """Wireless debugging is named, with the way around it."""
    with pytest.raises(
        HandsetError, match=r"asks for TLS, .* speak .wireless debugging goes through an adb server: .adb pair"
    ):
        Handshake("phone", no_key).receive(Packet(STLS, 0x01000000, 0))


def test_only_a_booted_handset_is_taken() -> None:
    """A handset in recovery has no shell of Android."""
    with pytest.raises(HandsetError, match="in the state 'recovery'"):
        Handshake("phone", no_key).receive(Packet(CNXN, VERSION, 4096, b"recovery::"))


def test_other_packets_need_no_answer() -> None:
    """What does not belong here is let be."""
    assert Handshake("phone", no_key).receive(Packet(OKAY, 1, 1)) is None
