"""What happens on an ADB connection, in either direction; streams are named by our own ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Connect:
    """CNXN: one side introduces itself. Streams that were open before are gone."""

    version: int
    max_payload: int
    """Largest payload, in bytes, that this side takes."""
    banner: bytes
    """`host::…` or `device::ro.product.name=…;features=…`."""


@dataclass(frozen=True, slots=True)
class Auth:
    """AUTH: the handset gives a token, the host its signature, or its public key (adb.h, auth.h)."""

    kind: int
    """`AuthKind`, or a number that it does not know."""
    payload: bytes


@dataclass(frozen=True, slots=True)
class StartTls:
    """STLS: the handset wants to go on in TLS (Android 11's wireless debugging), the host agrees (adb.cpp)."""


@dataclass(frozen=True, slots=True)
class Open:
    """OPEN: one side asks the other for a service; answered by `Ready`, or by `Close` as a refusal."""

    stream: int
    service: bytes
    """The service's name without the NUL bytes that close it, as `shell:ls`."""


@dataclass(frozen=True, slots=True)
class Ready:
    """OKAY: the stream is open, or its last `Data` was taken and the next may follow."""

    stream: int


@dataclass(frozen=True, slots=True)
class Data:
    """WRTE: bytes of a stream; the next only after the other side's `Ready`."""

    stream: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """CLSE: the stream has ended, in both directions."""

    stream: int


@dataclass(frozen=True, slots=True)
class Fault:
    """The peer broke the protocol; nothing more can come from this connection. Never sent."""

    reason: str


Event: TypeAlias = Connect | Auth | StartTls | Open | Ready | Data | Close | Fault
