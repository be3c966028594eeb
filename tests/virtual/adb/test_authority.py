"""Who may debug a handset: remembered keys, requests and their answers, over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from adb_shell.auth.keygen import keygen
from adb_shell.auth.sign_cryptography import CryptographySigner
from support.host_device import HostDevice

from framework.virtual.adb.adb_keys import TOKEN_BYTES, read_key
from framework.virtual.adb.authority import KEY_FILE, MOST_REQUESTS, Authority, NobodyAsksError, Policy
from framework.virtual.adb.events import Auth, Connect, Event, Open, Ready
from framework.virtual.adb.link import Link
from framework.virtual.adb.packet import MAX_PAYLOAD, VERSION, AuthKind
from framework.virtual.adb.server import AdbServer


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> list[CryptographySigner]:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("one", "two"):
        keygen(str(folder / name))
    return [CryptographySigner(str(folder / name)) for name in ("one", "two")]


class KeyFiles:
    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        if path not in self.content:
            raise FileNotFoundError(path)
        return self.content[path]

    def write(self, path: str, data: bytes, *, mode: int) -> None:
        assert mode == 0o640
        self.content[path] = data


class Client:
    """A computer on one connection, step by step."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.link, self._reader, self._writer = Link(), reader, writer

    def say(self, event: Event) -> None:
        self.link.send(event)
        self._writer.write(self.link.data_to_send())

    async def hear(self) -> Event:
        while (event := self.link.next_event()) is None:
            data = await asyncio.wait_for(self._reader.read(1 << 16), 10)
            if not data:
                raise EOFError
            self.link.receive(data)
        return event

    async def token(self) -> bytes:
        heard = await self.hear()
        assert isinstance(heard, Auth)
        assert (heard.kind, len(heard.payload)) == (AuthKind.TOKEN, TOKEN_BYTES)
        return heard.payload

    async def greet(self) -> bytes:
        self.say(Connect(VERSION, MAX_PAYLOAD, b"host::"))
        return await self.token()

    async def show(self, signer: CryptographySigner) -> None:
        """Sign the token; when that does not do, show the key."""
        self.say(Auth(AuthKind.SIGNATURE, signer.Sign(await self.greet())))
        await self.token()
        self.say(Auth(AuthKind.RSAPUBLICKEY, signer.GetPublicKey() + b"\0"))

    async def online(self) -> bool:
        return isinstance(await self.hear(), Connect)

    def close(self) -> None:
        self._writer.close()


Connecting = Callable[[], Awaitable[Client]]


def on_adbd(policy: Policy, script: Callable[[Authority, Connecting], Awaitable[None]], root: Path) -> None:
    """Run `script` against an adbd that asks for keys."""

    async def run() -> None:
        authority = Authority(policy, KeyFiles())
        server, clients = AdbServer(HostDevice(root), authority), list[Client]()
        port = await server.start()

        async def connect() -> Client:
            clients.append(Client(*await asyncio.open_connection("127.0.0.1", port)))
            return clients[-1]

        try:
            await script(authority, connect)
        finally:
            for client in clients:
                client.close()
            await server.close()

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


def test_a_key_that_was_accepted_is_remembered(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """The first connection waits for the answer, the next one's signature is enough; another key's is not."""

    async def script(authority: Authority, connect: Connecting) -> None:
        first, again, other = [await connect() for _ in range(3)]
        await first.show(signers[0])
        await until(lambda: bool(authority.requests))
        authority.answer(allow=True)
        assert await first.online()
        again.say(Auth(AuthKind.SIGNATURE, signers[0].Sign(await again.greet())))
        assert await again.online()
        await other.show(signers[1])
        await until(lambda: bool(authority.requests))
        assert [key.line for key in authority.remembered()] == [" ".join(signers[0].GetPublicKey().decode().split())]

    on_adbd("ask", script, tmp_path)


def test_nothing_is_served_before(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """An OPEN is passed over while the computer is unauthorized; after the answer streams open."""

    async def script(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        await client.show(signers[0])
        await until(lambda: bool(authority.requests))
        authority.answer(allow=True, always=False)
        assert await client.online()
        stream = client.link.fresh_stream()
        client.say(Open(stream, b"shell:true"))
        assert await client.hear() == Ready(stream)
        assert authority.remembered() == ()

    on_adbd("ask", script, tmp_path)


def test_whoever_is_denied_stays_outside_and_may_ask_again(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """The same connection shows the key again and is let in by the next answer."""

    async def script(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        await client.show(signers[0])
        await until(lambda: bool(authority.requests))
        authority.answer(allow=False)
        assert (authority.requests, authority.remembered()) == ((), ())
        client.say(Auth(AuthKind.RSAPUBLICKEY, signers[0].GetPublicKey() + b"\0"))
        await until(lambda: bool(authority.requests))
        authority.answer(allow=True)
        assert await client.online()

    on_adbd("ask", script, tmp_path)


def test_the_dialog_outlives_its_connection(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """Accepted after the computer has gone, it is let in when it comes back."""

    async def script(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        await client.show(signers[0])
        await until(lambda: bool(authority.requests))
        client.close()
        await until(lambda: not authority.requests[0].waiting)
        authority.answer(allow=True)
        back = await connect()
        back.say(Auth(AuthKind.SIGNATURE, signers[0].Sign(await back.greet())))
        assert await back.online()

    on_adbd("ask", script, tmp_path)


def test_accept_takes_every_key_and_open_asks_for_none(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """The two policies that need nobody; `accept` still tells known computers from unknown ones."""

    async def accept(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        await client.show(signers[0])
        assert await client.online()
        assert len(authority.remembered()) == 1
        authority.revoke()
        assert authority.remembered() == ()

    async def everybody(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        client.say(Connect(VERSION, MAX_PAYLOAD, b"host::"))
        assert await client.online()

    on_adbd("accept", accept, tmp_path)
    on_adbd("open", everybody, tmp_path)


def test_what_is_no_key_or_no_auth_lets_nobody_in(signers: list[CryptographySigner], tmp_path: Path) -> None:
    """Noise as a key, a kind of AUTH that there is not, a signature for a token that was never given."""

    async def script(authority: Authority, connect: Connecting) -> None:
        client = await connect()
        await client.greet()
        client.say(Auth(AuthKind.RSAPUBLICKEY, b"noise\0"))
        client.say(Auth(99, b""))
        client.say(Auth(AuthKind.SIGNATURE, signers[0].Sign(bytes(TOKEN_BYTES))))
        await client.token()
        assert (authority.requests, authority.remembered()) == ((), ())

    on_adbd("accept", script, tmp_path)


def test_requests_are_answered_one_by_one(signers: list[CryptographySigner]) -> None:
    """The longest waiting first, or by fingerprint; there are never too many."""
    authority, let_in = Authority("ask", KeyFiles()), list[str]()
    lines = [signer.GetPublicKey() for signer in signers]
    with pytest.raises(NobodyAsksError, match="no computer asks"):
        authority.answer(allow=True)
    authority.ask(lines[0], 1, lambda: let_in.append("first"))
    authority.ask(lines[1], 2, lambda: let_in.append("second"))
    second = read_key(lines[1])
    assert second is not None
    with pytest.raises(NobodyAsksError, match=second.fingerprint):
        authority.answer(allow=True, fingerprint="00")
    assert authority.answer(allow=True, fingerprint=second.fingerprint) == second
    assert let_in == ["second"]
    for number in range(3 * MOST_REQUESTS):
        authority.ask(lines[1].split()[0] + f" user@{number}".encode(), number, list)
    assert len(authority.requests) == MOST_REQUESTS


def test_a_key_is_remembered_once(signers: list[CryptographySigner]) -> None:
    """However often it is accepted."""
    files = KeyFiles()
    authority = Authority("accept", files)
    for _ in range(2):
        authority.ask(signers[0].GetPublicKey(), 1, list)
    assert files.content[KEY_FILE].count(b"\n") == 1
