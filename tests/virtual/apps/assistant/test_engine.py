"""Latencies of the assistant: exactly what the physics gives, whatever the host is busy with."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from framework.virtual.apps.assistant.engine import FAULT_BYTES_PER_S, STORAGE_BYTES_PER_S
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


def test_a_version_that_leaks_keeps_memory_for_each_token_until_its_process_ends(with_assistant: WithAssistant) -> None:
    """As much as its manifest declares, beside the cache; a reset gives back the cache alone."""

    async def leak(talk: Talk) -> tuple[int, int, int]:
        await talk.install(retained_kb_per_token=250)
        path = talk.push_model()
        await talk.start(model=path)
        process = talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        before = process.memory.anon_bytes
        for turn, question in enumerate(QUESTIONS, start=1):
            await talk.answered(question, turn)
        talk.reset()
        kept = process.memory.anon_bytes - before
        tokens = sum(int(talk.event("reply", turn).fields["tokens"]) for turn in (1, 2))
        talk.device.activities.force_stop("org.pocketfarm.assistant")
        await talk.start(model=path)
        again = talk.device.processes.by_name("org.pocketfarm.assistant")
        assert again is not None
        return kept, tokens, again.memory.anon_bytes - before

    kept, tokens, after_restart = with_assistant(leak)
    assert (kept, after_restart) == (tokens * 250 * 1024, 0)


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


def test_weights_become_resident_while_they_are_read(with_assistant: WithAssistant) -> None:
    """RssFile rises step by step with the reading, and stays at the declared bytes when it is done."""

    async def watch(talk: Talk) -> tuple[list[int], int]:
        path = talk.push_model()
        size = read_model(talk.device.files, path).weight_bytes
        talk.send(None, model=path)
        seen: list[int] = []
        while not seen or seen[-1] < size:
            await talk.device.clock.sleep(20_000_000)
            process = talk.device.processes.by_name("org.pocketfarm.assistant")
            seen.append(process.memory.weights_bytes if process is not None else 0)
        return seen, size

    seen, size = with_assistant(watch)
    assert seen == sorted(seen)
    assert seen[-1] == size
    assert len({each for each in seen if 0 < each < size}) > 5


def test_evicted_weights_cost_time(with_assistant: WithAssistant) -> None:
    """After another process took the memory and left, the next answer reads what was evicted; then all is as before."""

    async def evict(talk: Talk) -> tuple[list[int], int, int]:
        await talk.start(model=talk.push_model())
        device, process = talk.device, talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        waits = [await first_token_ns(talk, 1)]
        hog, memory = device.processes.spawn("hog", 1047), device.physics.memory
        while process.memory.weights_bytes > process.memory.mapped_bytes // 2:
            memory.allocate(hog, 64 << 20)
        evicted = process.memory.mapped_bytes - process.memory.weights_bytes
        hog.signal(9)
        waits += [await first_token_ns(talk, 2), await first_token_ns(talk, 3)]
        return waits, evicted, process.memory.mapped_bytes - process.memory.weights_bytes

    (before, after, later), evicted, missing = with_assistant(evict)
    assert evicted > 100_000_000
    assert missing == 0
    assert after - before == pytest.approx(evicted * 1e9 / FAULT_BYTES_PER_S, rel=0.1)
    assert later == pytest.approx(before, rel=0.2)


async def first_token_ns(talk: Talk, turn: int) -> int:
    """What a question of the same length waits for its first token, at clocks that have come down before."""
    await talk.device.clock.sleep(1_000_000_000)
    await talk.answered("Tell me a story.", turn)
    return talk.event("first_token", turn).device_ns - talk.event("request", turn).device_ns


def test_the_assistant_can_be_the_victim(with_assistant: WithAssistant) -> None:
    """In the middle of a reply: lmkd says so, ActivityManager says that it has died, and it works no more."""

    async def starve(talk: Talk) -> tuple[list[str], bool, int]:
        await talk.start(model=talk.push_model())
        device = talk.device
        talk.ask("Tell me a story.", 1)
        await talk.until(("first_token",), 1)
        memory = device.physics.memory
        memory.allocate(device.processes.spawn("hog", 1047), memory.total_bytes + memory.swap_bytes)
        await device.clock.sleep(3_000_000_000)
        told = [entry.message for entry in device.log.lines() if entry.tag in ("lowmemorykiller", "ActivityManager")]
        gone = device.processes.by_name("org.pocketfarm.assistant") is None
        return [line for line in told if "org.pocketfarm.assistant" in line], gone, device.physics.cpus.running(0)

    told, gone, running = with_assistant(starve)
    kill, died = told[-2:]
    assert kill.startswith("Kill 'org.pocketfarm.assistant' (")
    assert "oom_score_adj 0 to free" in kill
    assert died.endswith("has died: fg  TOP")
    assert (gone, running) == (True, 0)
