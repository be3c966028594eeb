"""The reference assistant on an emulated handset: installed, started, talked to by intents."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.appium_lab import AppiumLab, appium_lab

from framework.contract.events import EVENT_TAG, AssistantEvent, decode_event
from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel
from framework.virtual.apps.assistant.app import ASK, LISTEN, RESET, Assistant
from framework.virtual.apps.assistant.model import MODELS_DIR
from framework.virtual.apps.base import Extra, Intent
from framework.virtual.clock import DeviceClock
from framework.virtual.device import Device, build_device
from framework.virtual.system.pipes import BytesReader, BytesWriter
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import SHELL

if TYPE_CHECKING:
    from framework.handset.appium.install import Installation

COMPONENT = f"{Assistant.package}/{Assistant.main_class}"
BUILD = Demonstration(
    label="Assistant under test",
    version_code=1,
    version_name="1.0",
    model=ScaledModel(
        name="Small 1.3B",
        size_label="1.3B",
        layers=24,
        width=2048,
        feed_forward=6144,
        heads=16,
        kv_heads=4,
        vocabulary=64000,
        context=4096,
        scale=Fraction(1, 64),
    ),
)


class Talk:
    """A handset on which the assistant is installed; all that is done is done as `shell`."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._mark = 0

    async def install(self, retained_kb_per_token: int = 0) -> None:
        build = replace(BUILD, retained_kb_per_token=retained_kb_per_token)
        apk, out, err = build.apk(), BytesWriter(), BytesWriter()
        words = ("package", "install", "-g", "-S", str(len(apk)))
        assert await self.device.binder(words, BytesReader(apk), out, err) == 0, bytes(out.data + err.data)

    def push(self, path: str, data: bytes) -> str:
        """A file that everybody may read; returns its path."""
        folder = path.rpartition("/")[0]
        self.device.files.mkdir(folder, 0o775, parents=True, uid=SHELL, gid=SHELL)
        self.device.files.write(path, data, uid=SHELL, gid=SHELL)
        return path

    def push_model(self, name: str = "small.gguf") -> str:
        return self.push(f"{MODELS_DIR}/{name}", BUILD.model.content())

    async def start(self, **extras: Extra) -> AssistantEvent:
        """Start the app and wait until it is ready, or says why not."""
        self.send(None, **extras)
        return await self.until(("ready", "error"), 0)

    def send(self, action: str | None, **extras: Extra) -> None:
        self._mark = max((entry.sequence for entry in self.device.log.lines()), default=0)
        launch = self.device.activities.start(Intent(action=action, component=COMPONENT, extras=extras), uid=SHELL)
        assert launch.record is not None, launch.result

    def ask(self, text: str, turn: int) -> None:
        self.send(ASK, text=text, turn=turn)

    def listen(self, wav: str, lang: str, turn: int) -> None:
        self.send(LISTEN, wav=wav, lang=lang, turn=turn)

    def reset(self) -> None:
        self.send(RESET)

    def events(self, turn: int | None = None) -> list[AssistantEvent]:
        """All event lines in the log, or those of one turn."""
        lines = (decode_event(entry.message) for entry in self.device.log.lines() if entry.tag == EVENT_TAG)
        return [event for event in lines if event is not None and turn in (None, event.turn)]

    def event(self, name: str, turn: int) -> AssistantEvent:
        """The one event of that name."""
        (found,) = [event for event in self.events(turn) if event.event == name]
        return found

    async def until(self, names: tuple[str, ...], turn: int) -> AssistantEvent:
        """The first event of these names and that turn since the last intent."""
        async for entry in self.device.log.follow(after=self._mark):
            event = decode_event(entry.message) if entry.tag == EVENT_TAG else None
            if event is not None and event.turn == turn and event.event in names:
                return event
        raise AssertionError("the log never ends")

    async def answered(self, text: str, turn: int) -> str:
        """Ask and wait for the reply's text."""
        self.ask(text, turn)
        return str((await self.until(("reply", "error"), turn)).fields.get("text"))

    def shown(self, name: str) -> str:
        """The text of the one view with that id."""
        (found,) = [node for node in self.device.screen.tree().walk() if node.resource_id.endswith(f":id/{name}")]
        return found.text


WithAssistant = Callable[..., Any]
"""with_assistant(script, speed=…, profile=…): runs `await script(talk)` on a new handset, returns what it returns."""


@pytest.fixture
def with_assistant(tmp_path: Path) -> WithAssistant:
    async def emulate(script: Callable[[Talk], Awaitable[Any]], speed: float, profile: str) -> Any:
        with BlobStore(tmp_path) as store:
            device = build_device(profile, name="bench", seed=1, clock=DeviceClock(speed), store=store)
            talk = Talk(device)
            await talk.install()
            try:
                return await asyncio.wait_for(script(talk), 60)
            finally:
                await device.close()

    def run(script: Callable[[Talk], Awaitable[Any]], speed: float = 20.0, profile: str = "xiaomi-13") -> Any:
        return asyncio.run(emulate(script, speed, profile))

    return run


@pytest.fixture(scope="session")
def assistant_apk() -> bytes:
    """The reference assistant's package."""
    return BUILD.apk()


@pytest.fixture(scope="session")
def lab(appium: Installation, bundled_adb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppiumLab]:
    """The genuine Appium server and handsets that nobody has used yet, each for one test."""
    names = ("default", "package", "system", "app", "node", *(f"parallel-{number}" for number in range(4)))
    with appium_lab(appium, bundled_adb, tmp_path_factory.mktemp("appium"), names) as lab:
        yield lab
