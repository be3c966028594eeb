"""The activity manager: apps are started by intents, live in processes, come to the front and end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from framework.formats.apk import MAIN
from framework.virtual.android.app_process import log_system, short_text, spawn_app
from framework.virtual.android.exits import Reason, Subreason, Why
from framework.virtual.android.failures import Failures
from framework.virtual.android.instrumentation import Instrumentations
from framework.virtual.android.intents import OVERVIEW, intent_text, short_component
from framework.virtual.android.packages import HOME
from framework.virtual.android.started_services import Services
from framework.virtual.apps.base import App, AppContext, Instrumentation, Intent, Reply
from framework.virtual.physics.variation import around
from framework.virtual.ui.tree import Window

if TYPE_CHECKING:
    from framework.virtual.android.packages import Package
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

T = TypeVar("T")

COLD_START_NS = 320_000_000
FOR_ACTIVITY = "for activity"
UPDATED = "installPackageLI"
"""Why an app is stopped when its package is about to change."""


class Started(Enum):
    """ActivityManager.START_*: how an intent was taken."""

    SUCCESS = 0
    TASK_TO_FRONT = 2
    DELIVERED_TO_TOP = 3
    NOT_RESOLVED = -91
    CLASS_NOT_FOUND = -92


@dataclass(slots=True, eq=False)
class ActivityRecord:
    """One activity that was started; `app` is there once its process runs it."""

    component: str
    package: Package
    process: Process
    task: int
    drawn: asyncio.Future[int]
    """Ends, with the time that it took, when the activity is on the screen."""

    app: App | None = None
    pending: list[Callable[[App], None]] = field(default_factory=list)
    finished: bool = False
    """Whether only its process is left: the activity has finished, or it was started for a service."""

    @property
    def window(self) -> Window | None:
        return self.app.window if self.app else None

    @property
    def short(self) -> str:
        """`pkg/.Class`, as ComponentName.flattenToShortString."""
        return short_component(self.component)


@dataclass(frozen=True, slots=True)
class Launch:
    """The answer to an intent; `record` is the activity that got it, `cold` if its process was not running.

    It is `warm` if there was the process, but no activity in it.
    """

    result: Started
    component: str | None
    record: ActivityRecord | None = None
    warm: bool = False

    @property
    def cold(self) -> bool:
        return self.result is Started.SUCCESS and not self.warm


class ActivityManager:
    """The activities of one handset, the one in front first. Emulated code comes from `apps`."""

    def __init__(
        self, device: Device, apps: Sequence[type[App]], instrumentations: Sequence[type[Instrumentation]] = ()
    ) -> None:
        self._device = device
        self.instrumentations = Instrumentations(device, instrumentations)
        self._apps = {(app.package, app.main_class): app for app in apps}
        self.failures = Failures(device)
        self.services = Services(device)
        self._records: list[ActivityRecord] = []
        self._tasks = 0
        device.packages.before_change(self._stop_for_change)

    @property
    def stack(self) -> tuple[ActivityRecord, ...]:
        """The activities that are there, the one in front first."""
        return tuple(record for record in self._records if not record.finished)

    @property
    def records(self) -> tuple[ActivityRecord, ...]:
        """All apps that run, also those whose activity has finished."""
        return tuple(self._records)

    @property
    def focused(self) -> ActivityRecord | None:
        """The activity in front whose window is there."""
        return next((record for record in self.stack if record.app is not None), None)

    @property
    def foreground(self) -> App | None:
        return self.focused.app if self.focused else None

    def running(self, package: str) -> ActivityRecord | None:
        """The app of a package that runs, with or without an activity."""
        return next((record for record in self._records if record.package.name == package), None)

    # -- intents -----------------------------------------------------------------------------------------------

    def start(self, intent: Intent, *, uid: int, over: ActivityRecord | None = None) -> Launch:
        """Start the activity that an intent means, or bring it to the front with the new intent.

        With `over` it comes into the task of that activity, on top of it.
        """
        component = self._device.packages.resolve(intent)
        if component is None:
            return Launch(Started.NOT_RESOLVED, None)
        found = self._device.packages.activity(component)
        if found is None:
            return Launch(Started.CLASS_NOT_FOUND, component)
        self._log("ActivityTaskManager", f"START u0 {{{intent_text(intent)}}} from uid {uid}")
        record = next((each for each in self._records if each.component == component), None)
        if record is not None:
            record.task = over.task if over is not None else record.task
            return self._again(record, intent)
        record = self._cold(found[0], component, FOR_ACTIVITY)
        record.task = over.task if over is not None else record.task
        record.pending.append(lambda app: app.on_start(intent))
        return Launch(Started.SUCCESS, component, record)

    def finish(self, app: App) -> None:
        """The app's activity has finished (Activity.finish); what is behind it comes to the front."""
        record = next((each for each in self.stack if each.app is app), None)
        if record is None:
            return
        record.finished = True
        self._device.frames.detach(record)
        if self.focused is not None:
            self._device.frames.shown(self.focused)

    def background(self, package: Package) -> ActivityRecord | None:
        """The app of a package; where it does not run it is started, without its activity. None without code."""
        record = self.running(package.name)
        if record is None:
            main = next((cls for name, cls in self._apps if name == package.name), None)
            if main is None:
                return None
            record = self._cold(package, f"{package.name}/{main}", "for service")
            record.finished = True
        return record

    def tell(self, record: ActivityRecord, call: Callable[[App], None]) -> None:
        """Call an app back: now, or as soon as it runs."""
        if record.app is None:
            record.pending.append(call)
        else:
            self._run(record, partial(call, record.app))

    def broadcast(self, intent: Intent) -> tuple[int, Reply | None]:
        """Hand a broadcast to the running apps whose receivers take it: how many did, and the result they gave."""
        names = {package.name for package, _ in self._device.packages.receivers(intent)}
        taken, result = 0, None
        for record in self.records:
            app = record.app
            if app is not None and (record.package.name in names or _registered(app, intent)):
                result = self._run(record, partial(app.on_broadcast, intent)) or result
                taken += 1
        return taken + self.instrumentations.broadcast(names, intent), result

    def home(self) -> None:
        """Show the launcher."""
        self.start(Intent(action="android.intent.action.MAIN", categories=frozenset((HOME,))), uid=1000)

    def overview(self) -> None:
        """Show the app switcher of the launcher."""
        launcher = self._device.packages.resolve(Intent(MAIN, categories=frozenset((HOME,))))
        self.start(Intent(OVERVIEW, component=launcher), uid=1000)

    def to_front(self, record: ActivityRecord) -> None:
        """Bring an activity that is there to the front, without an intent."""
        self._to_front(record)
        if record.app is not None:
            self._device.frames.shown(record)

    def force_stop(self, package: str, reason: str = "from shell") -> bool:
        """End a package's process at once; False when it did not run."""
        record = self.running(package)
        processes = [record.process] if record is not None else []
        processes += self.instrumentations.processes(package)
        if not processes:
            return False
        appid = processes[0].uid
        self._log("ActivityManager", f"Force stopping {package} appid={appid} user=0: {reason}")
        for process in processes:
            self._force_stop(process, package, reason)
        return True

    def _force_stop(self, process: Process, package: str, reason: str) -> None:
        why = f"stop {package} due to {reason}"
        self._log("ActivityManager", f"Killing {short_text(process)} (adj 0): {why}")
        self.failures.event("am_kill", 0, process.pid, process.name, 0, why)
        asked, updated = (
            (Reason.USER_REQUESTED, Subreason.FORCE_STOP),
            (Reason.PACKAGE_UPDATED, Subreason.PACKAGE_UPDATE),
        )
        kind, more = updated if reason == UPDATED else asked
        self.failures.kill(process, Why(kind, 0, why, more))

    def note_death(self, process: Process) -> None:
        """Tell the log and the history that an app's process has died, why, and how important it was."""
        self.failures.died(process)

    # -- failing -----------------------------------------------------------------------------------------------

    def crash(self, process: Process, error: BaseException | None = None, *, native: bool = False) -> None:
        """What an app raised and nobody caught ends its process; or, `native`, a signal in its native code does."""
        if native:
            self.failures.native_crash(process)
        else:
            self.failures.crash(process, error or RuntimeError("a crash that was asked for"))

    def anr(self, process: Process, why: str | None = None) -> None:
        """The app hangs for some seconds, and Android says so. ValueError for a process without a window."""
        self.failures.anr(process, why)

    def killed(self, process: Process, reason: Reason, description: str = "null") -> None:
        """Kill a process; `dumpsys activity exit-info` tells the reason."""
        self.failures.kill(process, Why(reason, description=description))

    # -- how ---------------------------------------------------------------------------------------------------

    def _stop_for_change(self, package: str) -> None:
        self.force_stop(package, UPDATED)

    def _again(self, record: ActivityRecord, intent: Intent) -> Launch:
        at_top, warm = self.stack[:1] == (record,), record.finished
        record.finished = False
        self._to_front(record)
        if warm and record.app is not None:
            self._device.frames.attach(record)
        elif not at_top:
            self._device.frames.shown(record)
        self.tell(record, lambda app: app.on_start(intent))
        result = Started.SUCCESS if warm else Started.DELIVERED_TO_TOP if at_top else Started.TASK_TO_FRONT
        return Launch(result, record.component, record, warm)

    def _to_front(self, record: ActivityRecord) -> None:
        """Its whole task comes; what shows through, a dialog, stays on top in it."""
        if self.stack[:1] != (record,):
            self._device.keyboard.hide()
        task = [each for each in self._records if each.task == record.task and each is not record]
        dialogs = [each for each in task if each.window is not None and each.window.translucent]
        task = [*dialogs, record, *(each for each in task if each not in dialogs)]
        self._records = [*task, *(each for each in self._records if each not in task)]

    def _cold(self, package: Package, component: str, purpose: str) -> ActivityRecord:
        device = self._device
        if purpose == FOR_ACTIVITY:
            device.keyboard.hide()
        process = spawn_app(device, package, purpose)
        self._tasks += 1
        drawn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        record = ActivityRecord(component, package, process, self._tasks, drawn)
        self._records.insert(0, record)
        process.on_exit.append(lambda _: self._died(record))
        begun_ns = device.clock.now_ns()
        takes_ns = int(around(COLD_START_NS, 0.2, device.seed, package.name))
        device.clock.at(begun_ns + takes_ns, lambda at: self._launch(record, at - begun_ns))
        return record

    def _launch(self, record: ActivityRecord, took_ns: int) -> None:
        if record.process.running:
            self._run(record, partial(self._begin, record))
        if record.process.running and not record.finished:
            took_ms = took_ns // 1_000_000
            self._log("ActivityTaskManager", f"Displayed {record.short} for user 0: +{took_ms}ms")
        if not record.drawn.done():
            record.drawn.set_result(took_ns)

    def _begin(self, record: ActivityRecord) -> None:
        package, _, cls = record.component.partition("/")
        code = self._apps.get((package, cls))
        if code is None:
            raise NotImplementedError(f"this handset is emulated and has no code for {record.component}")
        record.app = code(AppContext(self._device, record.process, record.package.data_dir))
        if not record.finished:
            self._device.frames.attach(record)
        pending, record.pending = record.pending, []
        for call in pending:
            call(record.app)

    def _run(self, record: ActivityRecord, call: Callable[[], T]) -> T | None:
        """Run a callback of an app; what it raises is the app's crash."""
        try:
            return call()
        except Exception as error:
            self.crash(record.process, error)
            return None

    def _died(self, record: ActivityRecord) -> None:
        self.note_death(record.process)
        self._records.remove(record)
        self.services.process_died(record.process)
        self._device.frames.detach(record)
        if record.app is not None:
            record.app.on_stop()

    def _log(self, tag: str, message: str) -> None:
        log_system(self._device, tag, message)


def _registered(app: App, intent: Intent) -> bool:
    """Whether a receiver that the app has registered while running takes a broadcast."""
    return intent.component is None and intent.package in (None, app.package) and intent.action in app.actions
