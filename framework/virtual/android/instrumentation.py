"""Instrumentations: code of one package that runs in a process of another (AOSP ActivityManagerService.java).

`am instrument` and whoever else starts one is told how it goes, as by an IInstrumentationWatcher.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.app_process import spawn_app
from framework.virtual.android.intents import short_component
from framework.virtual.apps.base import AppContext, Instrumentation, Intent
from framework.virtual.physics.variation import around

if TYPE_CHECKING:
    from framework.virtual.android.packages import Package
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

START_NS = 90_000_000
"""From zygote's fork to Instrumentation.onStart."""

INSTRUMENTED_ADJ = 0
"""ProcessList.FOREGROUND_APP_ADJ: lmkd takes an instrumented process last."""

CANCELED = 0
"""Activity.RESULT_CANCELED"""

CRASHED: Mapping[str, str] = {"shortMsg": "Process crashed."}


@dataclass(frozen=True, slots=True)
class Report:
    """What a watcher is told: a status or, `finished`, the result, which is the last."""

    code: int
    results: Mapping[str, str]
    finished: bool = False


Watcher = Callable[[Report], None]


class InstrumentationError(Exception):
    """Why an instrumentation was not started, in Android's words."""


@dataclass(slots=True, eq=False)
class Running:
    """One instrumentation under way; `package` is where its code is, the process that of its target."""

    package: str
    target: str
    process: Process
    watcher: Watcher
    code: Instrumentation | None = None
    told_end: bool = False

    def finish(self, report: Report) -> None:
        """Tell the watcher of the end, once."""
        if not self.told_end:
            self.told_end = True
            self.watcher(report)


class Instrumentations:
    """The instrumentations of one handset. Emulated code comes from `codes`."""

    def __init__(self, device: Device, codes: Sequence[type[Instrumentation]]) -> None:
        self._device = device
        self._codes = {(code.package, code.runner): code for code in codes}
        self._running: list[Running] = []

    @property
    def running(self) -> list[Process]:
        """All that run instrumented code."""
        return [each.process for each in self._running]

    def processes(self, package: str) -> list[Process]:
        """Those that run code of a package, or that are its own and instrumented."""
        return [each.process for each in self._running if package in (each.package, each.target)]

    def broadcast(self, targets: Collection[str], intent: Intent) -> int:
        """Hand a broadcast to what instruments one of these packages; to how many that was."""
        taken = [each.code for each in self._running if each.target in targets and each.code is not None]
        for code in taken:
            code.on_broadcast(intent)
        return len(taken)

    def start(self, component: str, arguments: Mapping[str, str], watcher: Watcher, *, restart: bool = True) -> Process:
        """Run the instrumentation `package/fully.qualified.Class`; what runs of its target is stopped, if `restart`.

        InstrumentationError says why not. The watcher is told of each status and of the end.
        """
        package, target, name = self._found(component)
        if restart:
            self._device.activities.force_stop(target.name, "start instr")
        process = spawn_app(self._device, target, f"for added application {target.name}")
        process.oom_score_adj = INSTRUMENTED_ADJ
        running = Running(package.name, target.name, process, watcher)
        self._running.append(running)
        process.on_exit.append(lambda _: self._ended(running))
        code = self._codes.get((package.name, name))
        process.task = asyncio.create_task(self._run(running, component, code, arguments, target.data_dir))
        process.task.add_done_callback(lambda _: process.finish(128 + process.killed_by if process.killed_by else 0))
        return process

    def _found(self, component: str) -> tuple[Package, Package, str]:
        """The package of the code, the target, and the runner's class."""
        name, _, runner = component.partition("/")
        packages = self._device.packages
        package = packages.get(name)
        known = next((each for each in package.instrumentations if each.name == runner), None) if package else None
        if package is None or known is None:
            raise InstrumentationError(f"Unable to find instrumentation info for: {component_info(component)}")
        target = packages.get(known.target_package)
        if target is None:
            raise InstrumentationError(f"Unable to find instrumentation target package: {known.target_package}")
        if not set(package.certificates) & set(target.certificates):
            raise InstrumentationError(
                f"Permission Denial: starting instrumentation {component_info(component)} from pid=0, uid=0 not "
                f"allowed because package {package.name} does not have a signature matching the target {target.name}"
            )
        return package, target, runner

    async def _run(
        self,
        running: Running,
        component: str,
        code: type[Instrumentation] | None,
        arguments: Mapping[str, str],
        data_dir: str,
    ) -> int:
        device, process = self._device, running.process
        await device.clock.sleep(int(around(START_NS, 0.2, device.seed, component)))
        try:
            running.code = self._instrumentation(running, component, code, arguments, data_dir)
            outcome = await running.code.run()
        except Exception as error:
            device.activities.crash(process, error)
            return 1
        running.finish(Report(outcome.code, outcome.results, finished=True))
        return 0

    def _instrumentation(
        self,
        running: Running,
        component: str,
        code: type[Instrumentation] | None,
        arguments: Mapping[str, str],
        data_dir: str,
    ) -> Instrumentation:
        if code is None:
            raise NotImplementedError(f"this handset is emulated and has no code for {short_component(component)}")
        context = AppContext(self._device, running.process, data_dir)
        return code(context, arguments, partial(_send_status, running))

    def _ended(self, running: Running) -> None:
        self._running.remove(running)
        self._device.activities.note_death(running.process)
        running.finish(Report(CANCELED, CRASHED, finished=True))


def _send_status(running: Running, code: int, results: Mapping[str, str]) -> None:
    running.watcher(Report(code, dict(results)))


def component_info(component: str) -> str:
    """ComponentName.toString()"""
    return f"ComponentInfo{{{component}}}"
