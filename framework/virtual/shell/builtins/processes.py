"""Built-ins about processes and signals: kill, wait, trap, jobs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.programs import tell_death
from framework.virtual.shell.quoting import quoted
from framework.virtual.shell.traps import EXIT, signal_number
from framework.virtual.system.processes import Process


async def kill(shell: Shell, argv: Sequence[str]) -> int:
    words = list(argv[1:])
    if words[:1] == ["-l"]:
        return await _list_signals(shell, words[1:])
    number: int | None = signal.SIGTERM
    if words and words[0].startswith("-") and words[0] != "--":
        option = words.pop(0)
        name = words.pop(0) if option in ("-s", "-n") and words else option[1:]
        number = signal_number(name)
        if number is None:
            await shell.warn(f"kill: bad signal '{name}'")
            return 1
    if words[:1] == ["--"]:
        words.pop(0)
    if not words:
        await shell.warn("usage: kill [-s signame | -signum | -signame] { job | pid | pgrp } ...")
        return 1
    statuses = [await _kill_one(shell, word, number or 0) for word in words]
    return max(statuses)


async def _kill_one(shell: Shell, word: str, number: int) -> int:
    process = _job(shell, word)
    if process is None and not word.lstrip("-").isdigit():
        await shell.warn(f"kill: {word}: arguments must be jobs or process IDs")
        return 1
    state = shell.state
    try:
        pid = process.pid if process else abs(int(word))
        state.device.processes.kill(pid, number, uid=state.process.uid)
    except ProcessLookupError:
        await shell.warn(f"kill: {word}: No such process")
        return 1
    except PermissionError:
        await shell.warn(f"kill: {word}: Operation not permitted")
        return 1
    return 0


async def _list_signals(shell: Shell, words: Sequence[str]) -> int:
    if words:
        for word in words:
            number = int(word) & 127 if word.isdigit() else None
            name = next((s.name[3:] for s in signal.Signals if s.value == number), "") if number else ""
            await shell.out(f"{name or signal_number(word)}\n")
        return 0
    await shell.out(" ".join(s.name[3:] for s in sorted(signal.Signals) if s.value < 32) + "\n")
    return 0


async def wait(shell: Shell, argv: Sequence[str]) -> int:
    """For all jobs, or those named; 128+n at once when a signal with a trap comes."""
    jobs = shell.state.jobs
    if len(argv) == 1:
        for process in list(jobs.processes):
            status = await _wait_for(shell, process)
            if shell.state.pending:
                return status
        jobs.processes.clear()
        return 0
    status = 0
    for word in argv[1:]:
        job = _job(shell, word)
        if job is None or job in shell.state.jobs.inherited:
            status = 127
            continue
        status = await _wait_for(shell, job)
        if job.killed_by is not None:
            await tell_death(shell.state, status)
    return status


async def _wait_for(shell: Shell, process: Process) -> int:
    state = shell.state
    state.signalled.clear()
    ended = asyncio.ensure_future(process.wait())
    signalled = asyncio.ensure_future(state.signalled.wait())
    try:
        await asyncio.wait((ended, signalled), return_when=asyncio.FIRST_COMPLETED)
    finally:
        signalled.cancel()
        ended.cancel()
    if state.pending or process.exit_status is None:
        return 128 + state.pending[0]
    if process in state.jobs.processes:
        state.jobs.processes.remove(process)
        state.jobs.known[process.pid] = process
    return process.exit_status


def _job(shell: Shell, word: str) -> Process | None:
    """A job by pid, `%n`, `%%` or `%+`."""
    jobs = shell.state.jobs
    listed = [*jobs.inherited, *jobs.processes]
    if word in ("%%", "%+", "%"):
        return jobs.last
    if word.startswith("%") and word[1:].isdigit():
        place = int(word[1:]) - 1
        return listed[place] if 0 <= place < len(listed) else None
    if not word.isdigit():
        return None
    found = next((process for process in listed if process.pid == int(word)), None)
    return found or jobs.known.get(int(word))


async def list_jobs(shell: Shell, argv: Sequence[str]) -> int:
    jobs = shell.state.jobs
    for place, process in enumerate([*jobs.inherited, *jobs.processes], 1):
        mark = "+" if process is jobs.last else "-"
        state = "Running" if process.running else "Done"
        await shell.out(f"[{place}] {mark} {state}  {' '.join(process.argv)}\n")
    return 0


async def trap(shell: Shell, argv: Sequence[str]) -> int:
    traps = shell.state.traps
    words = list(argv[1:])
    if words[:1] == ["--"]:
        words.pop(0)
    if not words:
        for number, action in sorted(traps.items()):
            name = "EXIT" if number == EXIT else signal.Signals(number).name[3:]
            await shell.out(f"trap -- {quoted(action)} {name}\n")
        return 0
    reset = words[0] == "-" or words[0].isdigit()
    action = words.pop(0) if not words[0].isdigit() else ""
    status = 0
    for word in words:
        caught = signal_number(word)
        if caught is None:
            await shell.warn(f"trap: bad signal '{word}'")
            status = 1
        elif reset:
            traps.pop(caught, None)
        else:
            traps[caught] = action
    shell.state.process.ignored = {number for number, action in traps.items() if number and not action}
    return status
