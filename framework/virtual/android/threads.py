"""The threads that Android's processes begin with: those of the runtime, of binder, and of drawing."""

from __future__ import annotations

from framework.virtual.system.processes import Process

RUNTIME = (
    *("Signal Catcher", "perfetto_hprof_", "Jit thread pool", "HeapTaskDaemon", "ReferenceQueueD"),
    *("FinalizerDaemon", "FinalizerWatchd", "Profile Saver"),
)
"""Of every process that zygote forks (AOSP art/runtime, libcore Daemons.java), cut off as the kernel does."""

WINDOW = ("RenderThread", "GPU completion", "hwuiTask0", "hwuiTask1", "InsetsAnimation", "queued-work-loo")
"""Of every app that shows a window (libs/hwui, AOSP WindowInsets)."""

APP_BINDERS = 4
NICE = {"Jit thread pool": 9, "Profile Saver": 9, "HeapTaskDaemon": 4, "ReferenceQueueD": 4, "FinalizerDaemon": 4}
NICE |= {"FinalizerWatchd": 4, "RenderThread": -10, "GPU completion": -10, "hwuiTask0": -2, "hwuiTask1": -2}


def app_threads(process: Process) -> tuple[str, ...]:
    """Beside the first, of an app with a window."""
    return (*RUNTIME, *_binders(process, APP_BINDERS), *WINDOW)


def service_threads(process: Process, count: int) -> tuple[str, ...]:
    """`count` threads beside the first of a process that serves others; one that zygote forked has the runtime's."""
    runtime = RUNTIME if "/" not in process.name and count > len(RUNTIME) else ()
    return (*runtime, *_binders(process, count - len(runtime)))


def _binders(process: Process, count: int) -> tuple[str, ...]:
    """libbinder's ProcessState::makeBinderThreadName, cut off to 15 characters."""
    return tuple(f"binder:{process.pid}_{number:X}"[:15] for number in range(1, count + 1))
