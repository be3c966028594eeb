"""`cmd activity` (am): AOSP ActivityManagerShellCommand.java. Its dumps are in activity_dump.py."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from framework.virtual.android.activities import Launch, Started
from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.intents import intent_text, parse_intent, short_component
from framework.virtual.android.java_trace import CrashedByAdbError
from framework.virtual.android.services import activity_service
from framework.virtual.android.services.activity_dump import dump as dump
from framework.virtual.android.services.activity_instrument import instrument
from framework.virtual.apps.base import Intent
from framework.virtual.system.users import FIRST_APP

NANOSECONDS_PER_MS = 1_000_000
STOP_PAUSE_NS = 250 * NANOSECONDS_PER_MS
"""What `am start -S` waits after stopping the app."""

USER_OPTION = "--user"
FROM_SHELL = 0x400000
"""Intent.FLAG_RECEIVER_FROM_SHELL"""


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            ("start", _start),
            ("start-activity", _start),
            ("broadcast", _broadcast),
            ("force-stop", _force_stop),
            ("crash", _crash),
            ("kill", _kill),
            ("kill-all", _kill_all),
            ("get-current-user", _current_user),
            ("instrument", instrument),
            *activity_service.SUBCOMMANDS,
        ),
    )


@dataclass(slots=True)
class _StartOptions:
    wait: bool = False
    stop: bool = False

    def read(self, option: str, arguments: Arguments) -> bool:
        """Options of `am start` that are none of the intent's; those with a value that changes nothing are read."""
        if option == "-W":
            self.wait = True
        elif option == "-S":
            self.stop = True
        elif option in (USER_OPTION, "--display", "--windowingMode", "--activityType", "-R", "-P", "--start-profiler"):
            arguments.required()
        elif option not in ("-D", "-N", "--streaming", "--track-allocation", "--task-overlay"):
            return False
        return True


async def _start(call: Call, arguments: Arguments) -> int:
    options = _StartOptions()
    intent = parse_intent(arguments, options.read)
    clock = call.device.clock
    if options.stop and not await _stop_first(call, intent):
        return 1
    await call.out(f"Starting: Intent {{ {intent_text(intent)} }}\n")
    begun_ns = clock.now_ns()
    launch = call.device.activities.start(intent, uid=call.uid)
    text = _result_text(launch, intent)
    await (call.out if options.wait else call.err)(text)
    if options.wait and launch.record is not None:
        drawn_ns = await asyncio.shield(launch.record.drawn)
        await call.out(_waited(launch, drawn_ns if launch.cold else 0, clock.now_ns() - begun_ns))
    return 0


async def _stop_first(call: Call, intent: Intent) -> bool:
    component = call.device.packages.resolve(intent)
    if component is None:
        await call.err(f"Error: Intent does not match any activities: Intent {{ {intent_text(intent)} }}\n")
        return False
    package = component.partition("/")[0]
    await call.out(f"Stopping: {package}\n")
    call.device.activities.force_stop(package)
    await call.device.clock.sleep(STOP_PAUSE_NS)
    return True


def _result_text(launch: Launch, intent: Intent) -> str:
    match launch.result:
        case Started.SUCCESS:
            return ""
        case Started.DELIVERED_TO_TOP:
            return "Warning: Activity not started, intent has been delivered to currently running top-most instance.\n"
        case Started.TASK_TO_FRONT:
            return "Warning: Activity not started, its current task has been brought to the front\n"
        case Started.NOT_RESOLVED:
            return f"Error: Activity not started, unable to resolve Intent {{ {intent_text(intent)} }}\n"
        case Started.CLASS_NOT_FOUND:
            component = short_component(launch.component or "")
            return f"Error type 3\nError: Activity class {{{component}}} does not exist.\n"


def _waited(launch: Launch, drawn_ns: int, waited_ns: int) -> str:
    total_ms, waited_ms = drawn_ns // NANOSECONDS_PER_MS, waited_ns // NANOSECONDS_PER_MS
    state = "COLD" if launch.cold else "WARM" if launch.warm else "HOT"
    lines = ["Status: ok", f"LaunchState: {state}", f"Activity: {short_component(launch.component or '')}"]
    return "\n".join([*lines, f"TotalTime: {total_ms}", f"WaitTime: {waited_ms}", "Complete", ""])


async def _broadcast(call: Call, arguments: Arguments) -> int:
    intent = parse_intent(arguments, _broadcast_option)
    intent = replace(intent, flags=intent.flags | FROM_SHELL)
    await call.out(f"Broadcasting: Intent {{ {intent_text(intent)} }}\n")
    _, reply = call.device.activities.broadcast(intent)
    data = f', data="{reply.data}"' if reply is not None and reply.data is not None else ""
    await call.out(f"Broadcast completed: result={reply.code if reply is not None else 0}{data}\n")
    return 0


def _broadcast_option(option: str, arguments: Arguments) -> bool:
    if option in (USER_OPTION, "--receiver-permission"):
        arguments.required()
        return True
    return option == "--async"


async def _force_stop(call: Call, arguments: Arguments) -> int:
    package = await _package(call, arguments)
    if package is None:
        return FAILED
    call.device.activities.force_stop(package)
    return 0


async def _crash(call: Call, arguments: Arguments) -> int:
    """Induces a crash in a package or the process of a pid; says nothing, whether there was one or not."""
    wanted = await _package(call, arguments)
    if wanted is None:
        return FAILED
    processes = call.device.processes
    process = processes.get(int(wanted)) if wanted.isdecimal() else processes.by_name(wanted)
    if process is not None and process.uid >= FIRST_APP:
        call.device.activities.crash(process, CrashedByAdbError("shell-induced crash"))
    return 0


async def _kill(call: Call, arguments: Arguments) -> int:
    """Ends a process that is safe to end: one that is not in front."""
    package = await _package(call, arguments)
    if package is None:
        return FAILED
    focused = call.device.activities.focused
    if focused is None or focused.package.name != package:
        call.device.activities.force_stop(package, "kill background")
    return 0


async def _kill_all(call: Call, arguments: Arguments) -> int:
    focused = call.device.activities.focused
    for record in call.device.activities.records:
        if record is not focused:
            call.device.activities.force_stop(record.package.name, "kill all background")
    return 0


async def _current_user(call: Call, arguments: Arguments) -> int:
    await call.out("0\n")
    return 0


async def _package(call: Call, arguments: Arguments) -> str | None:
    while (option := arguments.option()) is not None:
        if option != USER_OPTION:
            await call.err(f"Error: Unknown option: {option}\n")
            return None
        arguments.required()
    return arguments.required()
