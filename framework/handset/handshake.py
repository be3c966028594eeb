"""The first packets of an ADB connection, sans-IO: CNXN, and AUTH where the handset asks for it (AOSP adb.cpp)."""

from __future__ import annotations

from collections.abc import Callable

from adb_shell.constants import AUTH_RSAPUBLICKEY, AUTH_SIGNATURE, AUTH_TOKEN

from framework.contract.errors import HandsetError
from framework.handset.keys import Signer
from framework.handset.packets import AUTH, CNXN, MAX_PAYLOAD, STLS, VERSION, Packet, Peer, read_banner
from framework.handset.states import mend_for

HOST_BANNER = b"host::features=shell_v2,cmd,stat_v2,ls_v2,abb_exec"
ACCEPT_KEY = "accept this computer's key on the handset's screen"
NO_TLS = (
    "wireless debugging goes through an adb server: `adb pair HOST:PAIRING_PORT` once, `adb connect HOST:PORT`, then "
)
NO_TLS += "`kind: usb` with `serial:` as `adb devices` shows it, HOST:PORT or adb-…._adb-tls-connect._tcp"


class Handshake:
    """Answers the handset's packets until it has said who it is."""

    def __init__(self, handset: str, load_signer: Callable[[], Signer]) -> None:
        self._handset, self._load_signer = handset, load_signer
        self._signer: Signer | None = None
        self.asked_for_acceptance = False
        """The public key was shown: now a person has to accept it on the handset."""

    def hello(self) -> Packet:
        return Packet(CNXN, VERSION, MAX_PAYLOAD, HOST_BANNER)

    def receive(self, packet: Packet) -> Packet | Peer | None:
        """What to send next, or the peer when the handset is connected; None for a packet that needs no answer."""
        if packet.command == CNXN:
            return self._connected(read_banner(packet))
        if packet.command == STLS:
            raise HandsetError(
                self._handset, "its adbd asks for TLS, which the way straight to it does not speak", NO_TLS
            )
        if packet.command == AUTH and packet.arg0 == AUTH_TOKEN:
            return self._authenticate(bytes(packet.data))
        return None

    def unauthorized(self) -> HandsetError:
        emulated = f"on a virtual handset: `farm virtual auth {self._handset} accept`"
        return HandsetError(self._handset, "unauthorized", f"{ACCEPT_KEY} ({emulated})", "unauthorized")

    def _connected(self, peer: Peer) -> Peer:
        if peer.state != "device":
            what = f"it is in the state {peer.state!r}"
            raise HandsetError(self._handset, what, mend_for(peer.state), peer.state)
        return peer

    def _authenticate(self, token: bytes) -> Packet:
        """First the signature of the token, then, when the handset does not know the key, the key itself."""
        if self.asked_for_acceptance:
            raise self.unauthorized()
        if self._signer is None:
            self._signer = self._load_signer()
            return Packet(AUTH, AUTH_SIGNATURE, 0, self._signer.Sign(token))
        self.asked_for_acceptance = True
        return Packet(AUTH, AUTH_RSAPUBLICKEY, 0, self._signer.GetPublicKey() + b"\0")
