"""A whole emulated handset on a bench: its commands are run and its clock is followed inside one asyncio loop."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from framework.formats.apk_writer import build_apk
from framework.formats.axml import Element
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate
from framework.virtual.clock import DeviceClock
from framework.virtual.commands import find_command
from framework.virtual.commands.context import Context
from framework.virtual.device import Device, build_device
from framework.virtual.system.pipes import BytesReader, Pipe
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import SHELL

T = TypeVar("T")
SPEED = 1000.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left; `data` is its stdout."""

    status: int
    data: bytes
    err: str

    @property
    def out(self) -> str:
        return self.data.decode()


class Output:
    """A Writer that keeps everything; `wait_for` sees it come."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._news = asyncio.Event()

    async def write(self, data: bytes, /) -> None:
        self.data += data
        self._news.set()

    async def wait_for(self, text: str) -> None:
        while text.encode() not in self.data:
            self._news.clear()
            await self._news.wait()

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(frozen=True, slots=True)
class Running:
    """A program that goes on until it ends or its task is cancelled."""

    task: asyncio.Task[int]
    out: Output


class Bench:
    """A handset and ways to use it, all as user `shell`."""

    def __init__(self, device: Device) -> None:
        self.device = device

    async def run(self, *argv: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Result:
        """Run one of the handset's programs to its end."""
        out, err = Output(), Output()
        status = await self._start(argv, await _filled(stdin), out, err, env or {})
        return Result(status, bytes(out.data), err.text)

    def start(self, *argv: str) -> Running:
        """Start a program and let it run, with nothing on its stdin."""
        out = Output()
        return Running(asyncio.ensure_future(self._start(argv, Pipe(), out, Output(), {})), out)

    async def sh(self, script: str, stdin: bytes = b"") -> Result:
        """Run a script as `adb shell` does."""
        out, err = Output(), Output()
        status = await self.device.shell(script, BytesReader(stdin), out, err)
        return Result(status, bytes(out.data), err.text)

    async def cmd(self, *words: str, stdin: bytes = b"") -> Result:
        """Call a service, as adb's `abb_exec:` does."""
        out, err = Output(), Output()
        status = await self.device.binder(words, await _filled(stdin), out, err)
        return Result(status, bytes(out.data), err.text)

    async def until_focused(self, package: str) -> None:
        """Until a window of that package has the focus."""
        record = self.device.activities.running(package)
        assert record is not None
        await asyncio.shield(record.drawn)

    async def _start(self, argv: tuple[str, ...], stdin: Pipe, out: Output, err: Output, env: dict[str, str]) -> int:
        spec = find_command(argv[0])
        assert spec is not None, f"no command {argv[0]}"
        process = self.device.processes.spawn(argv[0], SHELL, argv=argv)
        context = Context(self.device, argv, env, "/", SHELL, process, stdin, out, err)
        try:
            return await spec.load()(context)
        finally:
            process.finish(0)


async def _filled(data: bytes) -> Pipe:
    pipe = Pipe(capacity=max(1, len(data)))
    await pipe.write(data)
    pipe.close_write()
    return pipe


@dataclass(frozen=True, slots=True)
class Apk:
    """What a test wants to be in an APK; `signer` tells keys apart."""

    package: str = "org.example.app"
    version_code: int = 1
    min_sdk: int = 24
    signer: int = 0
    debuggable: bool = False
    split: str | None = None
    target_sdk: int = 34
    test_only: bool = False
    split_required: bool = False
    entries: tuple[str, ...] = ()
    padding: int = 0


MakeApk = Callable[[Apk], bytes]


def _manifest(apk: Apk) -> Element:
    action = "android.intent.action.MAIN"
    main = element(
        "activity",
        {"android:name": ".Main", "android:exported": True},
        element(
            "intent-filter",
            {},
            element("action", {"android:name": action}),
            element("category", {"android:name": "android.intent.category.LAUNCHER"}),
        ),
    )
    receiver = element(
        "receiver",
        {"android:name": ".Poke", "android:exported": True},
        element("intent-filter", {}, element("action", {"android:name": f"{apk.package}.POKE"})),
    )
    permissions = ("android.permission.INTERNET", "android.permission.RECORD_AUDIO")
    names: dict[str, str | int] = {"package": apk.package, "android:versionCode": apk.version_code}
    return element(
        "manifest",
        names
        | {"android:versionName": f"{apk.version_code}.0"}
        | ({"split": apk.split} if apk.split else {})
        | ({"android:isSplitRequired": True} if apk.split_required else {}),
        element("uses-sdk", {"android:minSdkVersion": apk.min_sdk, "android:targetSdkVersion": apk.target_sdk}),
        *(element("uses-permission", {"android:name": name}) for name in permissions),
        element(
            "application",
            {"android:debuggable": apk.debuggable, "android:testOnly": apk.test_only},
            *(main, receiver),
        ),
    )


@pytest.fixture(scope="session")
def make_apk() -> MakeApk:
    """Builds real, signed APKs."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    keys: dict[int, rsa.RSAPrivateKey] = {}

    def make(apk: Apk) -> bytes:
        key = keys.setdefault(apk.signer, rsa.generate_private_key(public_exponent=65537, key_size=2048))
        entries = dict.fromkeys(apk.entries, b"x") | {"assets/padding": os.urandom(apk.padding)}
        return build_apk(_manifest(apk), entries, key, demonstration_certificate(key))

    return make


@pytest.fixture(scope="session")
def apk() -> type[Apk]:
    return Apk


OnBench = Callable[..., Any]
"""on_bench(script, profile=…, seed=…): runs `await script(bench)` on a new handset and returns what it returns."""


@pytest.fixture
def on_bench(tmp_path: Path) -> OnBench:
    async def emulate(script: Callable[[Bench], Awaitable[T]], profile: str, seed: int) -> T:
        with BlobStore(tmp_path) as store:
            device = build_device(profile, name="bench", seed=seed, clock=DeviceClock(SPEED), store=store)
            bench = Bench(device)
            await bench.until_focused("com.miui.home")
            try:
                return await script(bench)
            finally:
                await device.close()

    def run(script: Callable[[Bench], Awaitable[T]], profile: str = "xiaomi-13", seed: int = 1) -> T:
        return asyncio.run(emulate(script, profile, seed))

    return run


RunScript = Callable[..., Result]
"""run(script, stdin=b""): runs a shell script to its end and returns what it left."""


@pytest.fixture
def sh(on_bench: OnBench) -> RunScript:
    """A script on a new handset, beginning in /data/local/tmp."""

    def run(script: str, stdin: bytes = b"") -> Result:
        result: Result = on_bench(lambda bench: bench.sh(f"cd /data/local/tmp\n{script}", stdin))
        return result

    return run


@pytest.fixture(scope="session")
def oracle_programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the real toybox under the names of its commands, and the real mksh as `sh`."""
    for program in ("mksh", "toybox"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("bin")
    toybox, mksh = (Path(str(shutil.which(program))) for program in ("toybox", "mksh"))
    listed = subprocess.run([toybox], capture_output=True, text=True, check=True).stdout.split()
    for name in (*listed, "toybox"):
        if name not in ("sh", "[", "test"):
            (folder / name).symlink_to(toybox)
    for name in ("tr", "dd"):  # Debian's toybox leaves these out; Android's has them
        (folder / name).symlink_to(str(shutil.which(name)))
    (folder / "sh").symlink_to(mksh)
    return folder


@pytest.fixture
def mksh(oracle_programs: Path, tmp_path: Path) -> RunScript:
    """The same script under the real mksh with the real toybox, in an empty directory, with every signal as usual.

    A signal that whoever started pytest ignores (nohup does) could not be trapped.
    """
    folder = tmp_path / "oracle"
    usual_signals = [str(shutil.which("env")), "--default-signal"]

    def run(script: str, stdin: bytes = b"") -> Result:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        done = subprocess.run(
            [*usual_signals, oracle_programs / "sh", "-c", f"umask 0\n{script}", "/system/bin/sh"],
            input=stdin,
            capture_output=True,
            cwd=folder,
            env={"PATH": str(oracle_programs), "HOME": "/", "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
            timeout=20,
            check=False,
        )
        status = done.returncode if done.returncode >= 0 else 128 - done.returncode
        output = done.stdout.replace(str(folder).encode(), b"/data/local/tmp")
        return Result(status, output, done.stderr.decode(errors="replace"))

    return run
