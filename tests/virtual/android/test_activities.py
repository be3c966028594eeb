"""Apps are started, get intents, come to the front, crash and end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from framework.formats.apk import LAUNCHER, MAIN, Component, IntentFilter
from framework.virtual.android.activities import ActivityManager, Started
from framework.virtual.android.lmkd import PERCEPTIBLE_ADJ, oom_score_adj
from framework.virtual.android.packages import Package
from framework.virtual.android.started_services import Refusal, ServiceRecord
from framework.virtual.apps.base import App, AppContext, Intent, Reply
from framework.virtual.ui.tree import Bounds, Display, Node, Window

if TYPE_CHECKING:
    from conftest import Bench, OnBench

PACKAGE = "org.example.probe"
MAIN_CLASS = f"{PACKAGE}.Main"
COMPONENT = f"{PACKAGE}/{MAIN_CLASS}"
SERVICE = f"{PACKAGE}.Service"


def node(display: Display) -> Node:
    return Node("root", "android.view.View", Bounds(0, 0, display.width, display.height))


class Probe(App):
    """Remembers what it was told; crashes when asked to."""

    package: ClassVar[str] = PACKAGE
    main_class: ClassVar[str] = MAIN_CLASS

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.told: list[str] = []
        self._window = Window(PACKAGE, MAIN_CLASS, node)

    @property
    def window(self) -> Window:
        return self._window

    def on_start(self, intent: Intent) -> None:
        if intent.action == "CRASH":
            raise ZeroDivisionError("asked to")
        self.told.append(f"start {intent.action}")

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(("LATER", "ANSWER"))

    def on_broadcast(self, intent: Intent) -> Reply | None:
        self.told.append(f"broadcast {intent.action}")
        return Reply(-1, "well") if intent.action == "ANSWER" else None

    def on_service(self, name: str, intent: Intent) -> None:
        self.told.append(f"service {name}")

    def on_stop(self) -> None:
        self.told.append("stop")


@dataclass
class Stage:
    """A handset with the probe installed."""

    bench: Bench
    activities: ActivityManager
    package: Package = field(init=False)

    def __post_init__(self) -> None:
        launcher = IntentFilter((MAIN,), (LAUNCHER,))
        poke = Component(f"{PACKAGE}.Poke", exported=True, enabled=True, filters=(IntentFilter(("POKE",), ()),))
        self.package = Package(PACKAGE, 1, "1", 24, 34, 10250, f"/data/app/{PACKAGE}", ("aa",), 0, 0)
        self.package.activities = (
            Component(MAIN_CLASS, exported=True, enabled=True, filters=(launcher,)),
            Component(f"{PACKAGE}.Codeless", exported=True, enabled=True),
        )
        self.package.receivers = (poke,)
        self.package.services = (
            Component(SERVICE, exported=True, enabled=True),
            Component(f"{PACKAGE}.Own", exported=False, enabled=True),
        )
        self.bench.device.packages.add(self.package)

    async def start(self, action: str | None = None, component: str = COMPONENT) -> Started:
        launch = self.activities.start(Intent(action=action, component=component), uid=2000)
        if launch.record is not None:
            await launch.record.drawn
        return launch.result

    @property
    def probe(self) -> Probe:
        app = self.activities.foreground
        assert isinstance(app, Probe)
        return app

    def log(self) -> str:
        return "\n".join(entry.message for entry in self.bench.device.log.lines())


def staged(on_bench: OnBench, script: Callable[[Stage], Awaitable[Any]]) -> Any:
    async def run(bench: Bench) -> Any:
        bench.device.activities = ActivityManager(bench.device, (Probe,))
        return await script(Stage(bench, bench.device.activities))

    return on_bench(run)


def test_a_cold_start_makes_a_process_and_then_a_window(on_bench: OnBench) -> None:
    """The process is there at once, the window some 300 ms of device time later."""

    async def script(stage: Stage) -> tuple[Started, str, int, list[str]]:
        clock, begun_ns = stage.bench.device.clock, stage.bench.device.clock.now_ns()
        launch = stage.activities.start(Intent(component=COMPONENT), uid=2000)
        assert launch.record is not None
        assert launch.record.window is None
        process = launch.record.process
        took_ns = await launch.record.drawn
        assert 200_000_000 < took_ns < 500_000_000
        assert clock.now_ns() - begun_ns >= took_ns
        return launch.result, process.name, process.uid, list(stage.probe.told)

    assert staged(on_bench, script) == (Started.SUCCESS, PACKAGE, 10250, ["start None"])


def test_intents_during_the_start_wait_for_it(on_bench: OnBench) -> None:
    """In their order."""

    async def script(stage: Stage) -> list[str]:
        stage.activities.start(Intent(action="A", component=COMPONENT), uid=2000)
        await stage.start("B")
        return list(stage.probe.told)

    assert staged(on_bench, script) == ["start A", "start B"]


def test_a_running_activity_gets_the_next_intent(on_bench: OnBench) -> None:
    """On top it is delivered; from behind it is brought to the front."""

    async def script(stage: Stage) -> list[Started]:
        results = [await stage.start("A"), await stage.start("B")]
        stage.bench.device.packages.add(stage.package)
        other = Package("org.example.other", 1, "1", 24, 34, 10251, "/data/app/o", ("aa",), 0, 0)
        other.activities = (Component("org.example.other.Main", exported=True, enabled=True),)
        stage.bench.device.packages.add(other)
        stage.activities.start(Intent(component="org.example.other/org.example.other.Main"), uid=2000)
        results.append(await stage.start("C"))
        assert stage.probe.told == ["start A", "start B", "start C"]
        return results

    assert staged(on_bench, script) == [Started.SUCCESS, Started.DELIVERED_TO_TOP, Started.TASK_TO_FRONT]


def test_what_is_not_there_is_said(on_bench: OnBench) -> None:
    """No such class, nothing that takes the intent; no process is made."""

    async def script(stage: Stage) -> tuple[Started, Started, int]:
        unknown = await stage.start(component=f"{PACKAGE}/{PACKAGE}.Nope")
        unresolved = stage.activities.start(Intent(action="org.nobody"), uid=2000).result
        return unknown, unresolved, len(stage.activities.stack)

    assert staged(on_bench, script) == (Started.CLASS_NOT_FOUND, Started.NOT_RESOLVED, 0)


def test_an_exception_is_the_apps_crash(on_bench: OnBench) -> None:
    """The process dies, the trace is in the crash buffer under AndroidRuntime, the handset goes on."""

    async def script(stage: Stage) -> tuple[bool, str]:
        await stage.start()
        process = stage.activities.stack[0].process
        await stage.start("CRASH")
        (entry,) = stage.bench.device.log.lines(("crash",))
        assert (entry.tag, entry.level, entry.pid) == ("AndroidRuntime", "E", process.pid)
        return process.running, entry.message

    running, message = staged(on_bench, script)
    assert not running
    assert message.startswith(f"FATAL EXCEPTION: main\nProcess: {PACKAGE}, PID: ")
    assert "java.lang.ArithmeticException: asked to\n\tat " in message


def test_an_apk_without_emulated_code_crashes_as_it_starts(on_bench: OnBench) -> None:
    """And says that this handset is emulated."""

    async def script(stage: Stage) -> tuple[int, str]:
        await stage.start(component=f"{PACKAGE}/{PACKAGE}.Codeless")
        return len(stage.activities.stack), stage.bench.device.log.lines(("crash",))[0].message

    left, message = staged(on_bench, script)
    assert left == 0
    assert "this handset is emulated and has no code for" in message


def test_force_stop_ends_the_app(on_bench: OnBench) -> None:
    """The process is killed, the app is told, what was behind comes to the front."""

    async def script(stage: Stage) -> tuple[list[str], bool, bool]:
        await stage.start()
        probe, process = stage.probe, stage.activities.stack[0].process
        stopped = stage.activities.force_stop(PACKAGE)
        assert stage.activities.focused is None
        assert process.killed_by == 9
        return probe.told, stopped, stage.activities.force_stop(PACKAGE)

    assert staged(on_bench, script) == (["start None", "stop"], True, False)


def test_stopped_while_starting_nothing_is_drawn(on_bench: OnBench) -> None:
    """The launch that was under way comes to nothing."""

    async def script(stage: Stage) -> tuple[object, bool]:
        launch = stage.activities.start(Intent(component=COMPONENT), uid=2000)
        stage.activities.force_stop(PACKAGE)
        assert launch.record is not None
        await launch.record.drawn
        return launch.record.app, f"Displayed {PACKAGE}" in stage.log()

    assert staged(on_bench, script) == (None, False)


def test_broadcasts_reach_running_receivers(on_bench: OnBench) -> None:
    """Those whose action matches; an app that does not run is not started."""

    async def script(stage: Stage) -> tuple[list[object], list[str]]:
        counts: list[object] = [stage.activities.broadcast(Intent(action="POKE"))]
        await stage.start()
        counts += [stage.activities.broadcast(Intent(action=action)) for action in ("POKE", "OTHER", "LATER", "ANSWER")]
        return counts, list(stage.probe.told)

    assert staged(on_bench, script) == (
        [(0, None), (1, None), (0, None), (1, None), (1, Reply(-1, "well"))],
        ["start None", "broadcast POKE", "broadcast LATER", "broadcast ANSWER"],
    )


def test_a_finished_activity_leaves_its_process(on_bench: OnBench) -> None:
    """Its window is gone; its process runs on, and starting it again is warm, in the same process."""

    async def script(stage: Stage) -> None:
        activities = stage.activities
        await stage.start()
        first = activities.running(PACKAGE)
        assert first is not None
        activities.finish(stage.probe)
        assert activities.focused is None
        assert (first.process.running, first in activities.stack, first in activities.records) == (True, False, True)
        launch = activities.start(Intent(component=COMPONENT), uid=2000)
        assert (launch.result, launch.warm, launch.cold, launch.record) == (Started.SUCCESS, True, False, first)
        assert activities.focused is first

    staged(on_bench, script)


def test_services_run_in_the_process_of_their_app(on_bench: OnBench) -> None:
    """A service starts the process without the activity; the app hears of it, and it ends with the process."""

    async def script(stage: Stage) -> None:
        services, intent = stage.activities.services, Intent(component=f"{PACKAGE}/{SERVICE}")
        assert services.start(Intent(component=f"{PACKAGE}/Absent"), uid=2000) is Refusal.NOT_FOUND
        assert services.start(Intent(component=f"{PACKAGE}/{PACKAGE}.Own"), uid=2000) is Refusal.NOT_EXPORTED
        started = services.start(intent, uid=2000, foreground=True)
        assert isinstance(started, ServiceRecord)
        record = stage.activities.running(PACKAGE)
        assert record is not None
        assert record not in stage.activities.stack
        await asyncio.shield(record.drawn)
        assert isinstance(record.app, Probe)
        assert (started.process, started.foreground, record.app.told) == (record.process, True, [f"service {SERVICE}"])
        assert oom_score_adj(stage.bench.device, record.process) == PERCEPTIBLE_ADJ
        assert (services.stop(intent), services.stop(intent)) == (True, False)
        services.start(intent, uid=2000)
        stage.activities.force_stop(PACKAGE)
        assert services.all() == ()

    staged(on_bench, script)


def test_an_update_stops_the_app(on_bench: OnBench) -> None:
    """Before its code is replaced."""

    async def script(stage: Stage) -> int:
        await stage.start()
        stage.bench.device.packages.stop(PACKAGE)
        return len(stage.activities.stack)

    assert staged(on_bench, script) == 0


def test_the_log_tells_the_story(on_bench: OnBench) -> None:
    """START, Start proc, Displayed, Force stopping, has died."""

    async def script(stage: Stage) -> str:
        await stage.start("A")
        stage.activities.force_stop(PACKAGE)
        return stage.log()

    log = staged(on_bench, script)
    for words in (
        f"START u0 {{act=A cmp={PACKAGE}/.Main}} from uid 2000",
        f":{PACKAGE}/u0a250 for activity",
        f"Displayed {PACKAGE}/.Main for user 0: +",
        f"Force stopping {PACKAGE} appid=10250 user=0",
        f"Process {PACKAGE} (pid ",
    ):
        assert words in log
