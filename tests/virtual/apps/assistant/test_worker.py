"""Jobs one after the other."""

from __future__ import annotations

import asyncio

from framework.virtual.apps.assistant.worker import Worker


def test_each_job_begins_when_the_one_before_was_done() -> None:
    """Or when it was submitted, if that was later."""

    async def run() -> list[tuple[str, int]]:
        begun: list[tuple[str, int]] = []

        def job(name: str, takes: int):  # type: ignore[no-untyped-def]
            async def work(start_ns: int) -> int:
                begun.append((name, start_ns))
                await asyncio.sleep(0)
                return start_ns + takes

            return work

        worker = Worker(lambda error: None)
        worker.submit(100, job("first", 50))
        worker.submit(120, job("second", 10))
        worker.submit(900, job("third", 1))
        while worker.busy:
            await asyncio.sleep(0)
        return begun

    assert asyncio.run(run()) == [("first", 100), ("second", 150), ("third", 900)]


def test_cancelling_drops_what_waits_too() -> None:
    """And the worker can be used again."""

    async def run() -> list[str]:
        done: list[str] = []

        async def forever(start_ns: int) -> int:
            await asyncio.Event().wait()
            return start_ns

        async def note(start_ns: int) -> int:
            done.append("noted")
            return start_ns

        worker = Worker(lambda error: None)
        worker.submit(0, forever)
        worker.submit(0, note)
        await asyncio.sleep(0)
        worker.cancel()
        worker.submit(0, note)
        while worker.busy:
            await asyncio.sleep(0)
        return done

    assert asyncio.run(run()) == ["noted"]


def test_an_error_is_handed_over() -> None:
    """Not swallowed."""

    async def run() -> list[BaseException]:
        errors: list[BaseException] = []

        async def fail(start_ns: int) -> int:
            raise KeyError(start_ns)

        worker = Worker(errors.append)
        worker.submit(7, fail)
        while worker.busy:
            await asyncio.sleep(0)
        return errors

    (error,) = asyncio.run(run())
    assert isinstance(error, KeyError)
