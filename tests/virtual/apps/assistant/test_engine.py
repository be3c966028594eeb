"""Latencies of the assistant: exactly what the physics gives, whatever the host is busy with."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from framework.virtual.apps.assistant.engine import STORAGE_BYTES_PER_S
from framework.virtual.apps.assistant.model import read_model
from framework.virtual.apps.assistant.session import SYSTEM_PROMPT
from framework.virtual.apps.assistant.tokens import tokenize
from framework.virtual.clock import DeviceClock
from framework.virtual.physics import Physics
from framework.virtual.system.processes import ProcessTable

if TYPE_CHECKING:
    from conftest import Talk, WithAssistant

QUESTIONS = ("What is the weather in Hanoi tomorrow?", "And the day after tomorrow?")


async def block_the_loop() -> None:
    """Keep the event loop busy for 15 of every 20 ms: 300 ms of device time, several tokens, at speed 20."""
    while True:
        time.sleep(0.015)
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_every_token_comes_when_the_physics_says(with_assistant: WithAssistant, busy: bool) -> None:
    """Prefill and each decoding step last what physics that saw nothing but this work gives, to the nanosecond."""

    async def talk_twice(talk: Talk) -> list[tuple[list[int], list[int]]]:
        path = talk.push_model()
        ready = await talk.start(model=path)
        blocker = asyncio.create_task(block_the_loop()) if busy else None
        again = Again(talk, path, ready.device_ns)
        await talk.device.clock.sleep(1_000_000_000)  # clocks are down again after loading
        position, compared = len(tokenize(SYSTEM_PROMPT)), []
        for turn, question in enumerate(QUESTIONS, start=1):
            await talk.answered(question, turn)
            request, times = talk.event("request", turn), token_times(talk, turn)
            prompt = int(request.fields["tokens"])
            compared.append((times, again.turn(request.device_ns, prompt, len(times), position)))
            position += prompt + len(times)
        if blocker is not None:
            blocker.cancel()
        return compared

    for measured, expected in with_assistant(talk_twice, speed=20.0):
        assert measured == expected


class Again:
    """The physics of the same handset a second time, which only does what it is told."""

    def __init__(self, talk: Talk, model: str, now_ns: int) -> None:
        self._now_ns = now_ns
        clock = DeviceClock(host_clock=lambda: self._now_ns, boot_ns=0)
        clock.now_ns = lambda: self._now_ns  # type: ignore[method-assign]
        device = talk.device
        self._physics = Physics(device.profile, seed=device.seed, clock=clock, processes=ProcessTable(clock.now_ns))
        self._inference = self._physics.inference(read_model(device.files, model))

    def turn(self, request_ns: int, prompt: int, tokens: int, position: int) -> list[int]:
        """When the tokens of a turn come."""
        self._now_ns = request_ns
        with self._physics.working("prefill", 1):
            self._now_ns += self._inference.prefill_ns(prompt, self._now_ns)
        times = [self._now_ns]
        with self._physics.working("decode", 1):
            for n in range(1, tokens):
                self._now_ns += self._inference.decode_ns(position + prompt + n, self._now_ns)
                times.append(self._now_ns)
        return times


def token_times(talk: Talk, turn: int) -> list[int]:
    tokens = [event for event in talk.events(turn) if event.event == "token"]
    assert [event.fields["n"] for event in tokens] == list(range(1, len(tokens) + 1))
    assert tokens[0].device_ns == talk.event("first_token", turn).device_ns
    assert tokens[-1].device_ns == talk.event("reply", turn).device_ns
    return [event.device_ns for event in tokens]


def test_loading_takes_as_long_as_reading_the_weights(with_assistant: WithAssistant) -> None:
    """Declared bytes at the speed of the flash, then the system prompt; and they are mapped into the process."""

    async def load(talk: Talk) -> tuple[int, int, int]:
        path = talk.push_model()
        ready = await talk.start(model=path)
        model = read_model(talk.device.files, path)
        process = talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        reading = model.weight_bytes * 1_000_000_000 // STORAGE_BYTES_PER_S
        first_ns = ready.device_ns - reading
        prefill = first_ns - Again(talk, path, first_ns).turn(first_ns, len(tokenize(SYSTEM_PROMPT)), 1, 0)[0]
        started = first_ns + prefill
        return started - process.started_ns, process.memory.file_bytes, model.weight_bytes

    cold_start, mapped, declared = with_assistant(load)
    assert 200_000_000 < cold_start < 500_000_000
    assert mapped > declared


def test_the_cache_grows_with_the_conversation(with_assistant: WithAssistant) -> None:
    """Anonymous memory grows by the cache's bytes for every token read or produced, and falls back at a reset."""

    async def grow(talk: Talk) -> tuple[list[int], list[int]]:
        path = talk.push_model()
        await talk.start(model=path)
        process = talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        per_token = read_model(talk.device.files, path).kv_bytes_per_token
        held, tokens = [process.memory.anon_bytes], [0]
        for turn, question in enumerate(QUESTIONS, start=1):
            await talk.answered(question, turn)
            held.append(process.memory.anon_bytes)
            request, reply = talk.event("request", turn), talk.event("reply", turn)
            tokens.append(tokens[-1] + int(request.fields["tokens"]) + int(reply.fields["tokens"]))
        talk.reset()
        held.append(process.memory.anon_bytes)
        return [bytes_ - held[0] for bytes_ in held], [count * per_token for count in [*tokens, 0]]

    grown, expected = with_assistant(grow)
    assert grown == expected


def test_the_engine_draws_power_while_it_works(with_assistant: WithAssistant) -> None:
    """CPU time and heat come with the tokens, and the work ends with the reply."""

    async def work(talk: Talk) -> tuple[float, float, int, int]:
        await talk.start(model=talk.push_model())
        device, process = talk.device, talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        idle, spent = device.physics.power.drawn_w(device.clock.now_ns()), process.cpu_ns
        talk.ask("Tell me a story.", 1)
        await talk.until(("first_token",), 1)
        await device.clock.sleep(1_000_000_000)
        busy = device.physics.power.drawn_w(device.clock.now_ns())
        await talk.until(("reply",), 1)
        await device.clock.sleep(1_000_000_000)
        return idle, busy, process.cpu_ns - spent, device.physics.cpus.running(device.clock.now_ns())

    idle, busy, spent_ns, running = with_assistant(work)
    assert busy > idle + 1
    assert spent_ns > 1_000_000_000
    assert running == 0
