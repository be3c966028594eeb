"""Open files, in memory and in the store: positions, growth, locks, ends."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.system import openfile
from framework.virtual.system.openfile import OpenRegular

if TYPE_CHECKING:
    from pathlib import Path

    from framework.virtual.system.files import FileSystem
    from framework.virtual.system.store import BlobStore

TMP = "/data/local/tmp"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.binary(min_size=1, max_size=30)),
        st.tuples(st.just("seek"), st.integers(0, 60)),
        st.tuples(st.just("truncate"), st.integers(0, 60)),
        st.tuples(st.just("read"), st.integers(0, 30)),
        st.tuples(st.just("reopen"), st.none()),
    ),
    max_size=12,
)


@pytest.mark.parametrize("big", [16, 1 << 20])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_reads_and_writes_are_those_of_a_host_file(
    files: FileSystem,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    big: int,
    steps: list[tuple[str, bytes | int | None]],
) -> None:
    """Whether its content is in memory or moves to the store at 16 bytes, a file behaves as the host's."""
    monkeypatch.setattr(openfile, "BIG", big)
    files.write(f"{TMP}/f", b"")
    (tmp_path / "f").write_bytes(b"")
    ours, host = files.open(f"{TMP}/f", "r+", uid=0), (tmp_path / "f").open("r+b", buffering=0)
    for step, argument in steps:
        if step == "reopen":
            ours.close()
            host.close()
            ours, host = files.open(f"{TMP}/f", "r+", uid=0), (tmp_path / "f").open("r+b", buffering=0)
        elif step == "truncate":
            ours.truncate(argument)  # type: ignore[arg-type]
            host.truncate(argument)  # type: ignore[arg-type]
        else:
            expected = getattr(host, step)(argument)
            assert step == "seek" or getattr(ours, step)(argument) == expected
            if step == "seek":
                ours.seek(argument)  # type: ignore[arg-type]
    ours.close()
    host.close()
    assert files.read(f"{TMP}/f") == (tmp_path / "f").read_bytes()


def test_a_big_file_lies_in_the_store_once(files: FileSystem, store: BlobStore) -> None:
    """Two equal files share one blob named by its SHA-256, on the host's disk, until both are gone."""
    data = b"weights " * (1 << 18)
    files.write(f"{TMP}/a", data)
    files.write(f"{TMP}/b", data)
    assert [path.name for path in store.directory.iterdir()] == [hashlib.sha256(data).hexdigest()]
    with files.open(f"{TMP}/a") as opened:
        assert opened.host_path is not None
        assert opened.host_path.read_bytes() == data
    files.remove(f"{TMP}/a")
    assert files.read(f"{TMP}/b") == data
    files.remove(f"{TMP}/b")
    assert list(store.directory.iterdir()) == []


def test_a_copy_shares_the_blob_until_it_is_changed(files: FileSystem, store: BlobStore) -> None:
    """`copy` moves no bytes; a write to one file leaves the other as it was."""
    files.write(f"{TMP}/a", bytes(2 << 20))
    assert files.copy(f"{TMP}/a", f"{TMP}/b", perm=0o644) is True
    assert len(list(store.directory.iterdir())) == 1
    with files.open(f"{TMP}/b", "r+", uid=0) as opened:
        opened.write(b"x")
    assert files.read(f"{TMP}/a")[:1] == b"\0"
    assert files.read(f"{TMP}/b")[:2] == b"x\0"


def test_a_removed_file_lives_until_it_is_closed(files: FileSystem, store: BlobStore) -> None:
    """As on Linux, an open file outlives its name; then nothing of it is left on the host."""
    before = files.free_bytes()
    files.write(f"{TMP}/a", bytes(2 << 20))
    with files.open(f"{TMP}/a") as opened:
        files.remove(f"{TMP}/a")
        assert len(opened.read()) == 2 << 20
    assert list(store.directory.iterdir()) == []
    assert files.free_bytes() == before


def test_a_line_ends_at_its_newline_wherever_the_bytes_lie(files: FileSystem) -> None:
    """readline takes one line and leaves the position behind it."""
    files.write(f"{TMP}/small", b"one\ntwo")
    files.write(f"{TMP}/big", b"x" * 10_000 + b"\n" + bytes(2 << 20))
    with files.open(f"{TMP}/small") as opened:
        assert [opened.readline(), opened.readline(), opened.readline()] == [b"one\n", b"two", b""]
    with files.open(f"{TMP}/big") as opened:
        assert opened.readline() == b"x" * 10_000 + b"\n"
        assert opened.tell() == 10_001


def regular(files: FileSystem, path: str) -> OpenRegular:
    opened = files.open(path, "a")
    assert isinstance(opened, OpenRegular)
    return opened


def test_flock_belongs_to_the_open_file(files: FileSystem) -> None:
    """A second opening is kept out until the first one closes; shared locks live beside each other."""
    first, second, third = (regular(files, f"{TMP}/lock") for _ in range(3))
    assert first.try_lock(exclusive=True) is True
    assert second.try_lock(exclusive=True) is False
    first.close()
    assert second.try_lock(exclusive=False) is True
    assert third.try_lock(exclusive=False) is True
    assert second.try_lock(exclusive=True) is False
    third.unlock()
    assert second.try_lock(exclusive=True) is True


def test_a_lock_of_the_other_kind_is_given_back_first(files: FileSystem) -> None:
    """Two that share and both want it alone do not wait for ever, as on Linux; who fails has lost his."""
    first, second = (regular(files, f"{TMP}/lock") for _ in range(2))
    assert [first.try_lock(exclusive=False), second.try_lock(exclusive=False)] == [True, True]
    assert first.try_lock(exclusive=True) is False
    assert second.try_lock(exclusive=True) is True


def test_who_came_first_gets_the_lock_first(files: FileSystem) -> None:
    """However many wait, and whoever of them gives up."""

    async def story() -> list[int]:
        holder, *waiters = (regular(files, f"{TMP}/lock") for _ in range(6))
        granted: list[int] = []

        async def wait(number: int, file: OpenRegular) -> None:
            await file.lock(exclusive=True)
            granted.append(number)
            await asyncio.sleep(0)
            file.close()

        await holder.lock(exclusive=True)
        waits = [asyncio.ensure_future(wait(number, file)) for number, file in enumerate(waiters)]
        await asyncio.sleep(0)
        waits[2].cancel()
        holder.close()
        await asyncio.wait(waits)
        return granted

    assert asyncio.run(story()) == [0, 1, 3, 4]


def test_waiting_for_a_lock_ends_when_its_holder_closes(files: FileSystem) -> None:
    """lock() returns once the lock is free; a cancelled waiter is not in the way."""

    async def story() -> bool:
        holder, quitter, waiter = (regular(files, f"{TMP}/lock") for _ in range(3))
        await holder.lock(exclusive=True)
        waits = [asyncio.ensure_future(file.lock(exclusive=True)) for file in (quitter, waiter)]
        await asyncio.sleep(0)
        waits[0].cancel()
        assert not waits[1].done()
        holder.close()
        await waits[1]
        return quitter.try_lock(exclusive=True)

    assert asyncio.run(story()) is False
