"""The language model's engine: prompts are read and tokens produced at the speed that the physics gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.formats.gguf_model import GgufModel

if TYPE_CHECKING:
    from framework.virtual.clock import DeviceClock
    from framework.virtual.physics import Physics
    from framework.virtual.system.processes import Process

STORAGE_BYTES_PER_S = 2_000_000_000
"""Reading weights for the first time: sequential reads of UFS 3.1 flash."""

FAULT_BYTES_PER_S = 900_000_000
"""Reading evicted weights again, page fault by page fault with the kernel's read-ahead of 128 kB."""

READ_AHEAD_BYTES = 64 << 20
"""How much of the weights is read between two looks at the time."""

BATCH_TOKENS = 512
"""How many tokens of a prompt go through the model at once, as llama.cpp's n_ubatch."""


@dataclass(frozen=True, slots=True)
class Token:
    """Token `n` of a reply, counted from 1; `ns` is the device time it was there."""

    n: int
    text: str
    ns: int


class Engine:
    """One model in one process.

    `position` is how many tokens are in its KV cache; the `system_prompt` tokens at its beginning are read once, when
    the model is loaded, and stay. `retained_bytes` are kept for each token of a reply and never given back.
    """

    def __init__(
        self,
        model: GgufModel,
        system_prompt: int,
        physics: Physics,
        clock: DeviceClock,
        process: Process,
        retained_bytes: int = 0,
    ) -> None:
        self.model = model
        self.position = 0
        self._system_prompt = system_prompt
        self._physics = physics
        self._clock = clock
        self._process = process
        self._retained_bytes = retained_bytes
        self._inference = physics.inference(model)

    async def load(self, start_ns: int) -> int:
        """Map the weights, read them once, and read the system prompt; returns when that was done."""
        size, memory, now_ns = self.model.weight_bytes, self._physics.memory, start_ns
        memory.map_weights(self._process, size)
        for begin in range(0, size, READ_AHEAD_BYTES):
            end = min(begin + READ_AHEAD_BYTES, size)
            now_ns = await self._clock.sleep_until(start_ns + end * 1_000_000_000 // STORAGE_BYTES_PER_S)
            memory.touch(self._process, end - begin)
        return await self._prefill(self._system_prompt, now_ns)

    def unload(self) -> None:
        """Give back the weights and the cache."""
        self._hold(0)
        self._physics.memory.unmap_weights(self._process)

    def forget(self) -> None:
        """Empty the KV cache down to the system prompt."""
        self._hold(min(self.position, self._system_prompt))

    async def generate(
        self, prompt_tokens: int, reply: Sequence[str], start_ns: int, on_token: Callable[[Token], None]
    ) -> int:
        """Read a prompt from `start_ns` on, then produce the tokens of `reply`; returns the time of the last.

        The first token falls out of reading the prompt; each further one takes a decoding step at its position.
        """
        now_ns = await self._prefill(prompt_tokens, start_ns)
        with self._physics.working("decode", self._process.pid, since_ns=now_ns) as work:
            for n, text in enumerate(reply, start=1):
                if n > 1:
                    took_ns = self._fault_in_ns() + self._inference.decode_ns(self.position, now_ns)
                    now_ns = await self._clock.sleep_until(now_ns + took_ns)
                work.until_ns = now_ns
                self._hold(self.position + 1)
                self._retain()
                on_token(Token(n, text, now_ns))
        return now_ns

    async def _prefill(self, tokens: int, start_ns: int) -> int:
        with self._physics.working("prefill", self._process.pid, since_ns=start_ns) as work:
            now_ns = start_ns
            for begin in range(0, tokens, BATCH_TOKENS):
                batch = min(BATCH_TOKENS, tokens - begin)
                took_ns = self._fault_in_ns() + self._inference.prefill_ns(batch, now_ns)
                work.until_ns = now_ns = await self._clock.sleep_until(now_ns + took_ns)
                self._hold(self.position + batch)
        return now_ns

    def _fault_in_ns(self) -> int:
        """Every step goes through all weights: the time to read again what was evicted of them."""
        return self._physics.memory.touch(self._process) * 1_000_000_000 // FAULT_BYTES_PER_S

    def _retain(self) -> None:
        """What a version that leaks does not give back of a token: it is taken and then forgotten."""
        if self._retained_bytes:
            self._physics.memory.allocate(self._process, self._retained_bytes)

    def _hold(self, tokens: int) -> None:
        """Have that many tokens cached; a full context loses its older half, as llama.cpp's context shift does."""
        before = self.position
        self.position = tokens if tokens <= self.model.context else self.model.context // 2
        per_token, memory = self.model.kv_bytes_per_token, self._physics.memory
        if self.position >= before:
            memory.allocate(self._process, (self.position - before) * per_token)
        else:
            memory.release(self._process, anon=(before - self.position) * per_token)
