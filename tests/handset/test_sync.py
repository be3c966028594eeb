"""The file service's client against handsets that answer what they should not."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.contract.capabilities import FileStat
from framework.contract.errors import HandsetError
from framework.handset.sync import SyncSession

V2 = frozenset({"stat_v2", "ls_v2"})
V1: frozenset[str] = frozenset()


class Scripted:
    """A connection whose only stream says `pieces`, whatever it is asked."""

    def __init__(self, features: frozenset[str], *pieces: bytes) -> None:
        self.features = features
        self.pieces = deque(piece for piece in pieces if piece)
        self.written = b""

    def open(self, service: str, timeout_s: float) -> Scripted:
        assert service == "sync:"
        return self

    def read(self, timeout_s: float) -> bytes:
        return self.pieces.popleft() if self.pieces else b""

    def write(self, data: bytes | memoryview, timeout_s: float) -> None:
        self.written += data

    def readable(self) -> bool:
        return bool(self.pieces)

    def close(self) -> None:
        return


OPERATIONS: tuple[Callable[[SyncSession], object], ...] = (
    lambda session: session.stat("/x"),
    lambda session: list(session.entries("/x")),
    lambda session: list(session.receive("/x")),
    lambda session: session.send("/x", 0o100644, 0, [memoryview(b"abc")]),
)
ANSWERS = st.builds(
    lambda kind, rest: kind + rest,
    st.sampled_from([b"", b"FAIL", b"OKAY", b"DATA", b"DONE", b"STA2", b"STAT", b"DNT2", b"DENT"]),
    st.binary(max_size=120),
)


@given(st.sampled_from(OPERATIONS), st.sampled_from([V1, V2]), ANSWERS, st.integers(1, 7))
def test_any_answer_is_survived(
    operation: Callable[[SyncSession], object], features: frozenset[str], answer: bytes, size: int
) -> None:
    """Whatever a handset answers, in pieces of whatever size: a result or a HandsetError."""
    pieces = (answer[start : start + size] for start in range(0, len(answer), size))
    with SyncSession("phone", Scripted(features, *pieces)) as session, suppress(HandsetError):
        operation(session)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_refusal_is_told(operation: Callable[[SyncSession], object]) -> None:
    """FAIL carries the handset's reason; the path stands in front of it."""
    refusal = b"FAIL" + struct.pack("<I", 6) + b"locked"
    with SyncSession("phone", Scripted(V2, refusal)) as session, pytest.raises(HandsetError, match="phone: /x: locked"):
        operation(session)


def entry(name: bytes) -> bytes:
    """One DNT2 of a file of 3 bytes."""
    stat = struct.pack("<I2Q4IQ3q", 0, 0, 0, 0o100644, 1, 0, 0, 3, 0, 7, 0)
    return b"DNT2" + stat + struct.pack("<I", len(name)) + name


def test_names_that_lead_elsewhere_are_left_out() -> None:
    """A handset's word is no path of ours."""
    names = (b".", b"..", b"", b"../up", b"a/b", b"/etc", b"nul\0", b"good")
    listing = b"".join(map(entry, names)) + b"DONE" + bytes(76)
    with SyncSession("phone", Scripted(V2, listing)) as session:
        assert list(session.entries("/x")) == [("good", FileStat(0o100644, 3, 7))]


def test_a_forbidden_folder_is_an_error() -> None:
    """Permission denied is not the same as nothing there."""
    denied = b"STA2" + struct.pack("<I", 13) + bytes(64)
    with (
        SyncSession("phone", Scripted(V2, denied)) as session,
        pytest.raises(HandsetError, match="phone: /x: Permission denied"),
    ):
        session.stat("/x")
