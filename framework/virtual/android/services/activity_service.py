"""`am start-service` and its like, and `dumpsys activity services` (AOSP ActiveServices.java)."""

from __future__ import annotations

from functools import partial

from framework.virtual.android.app_process import process_text
from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, Subcommand
from framework.virtual.android.intents import intent_text, parse_intent
from framework.virtual.android.started_services import Refusal, ServiceRecord
from framework.virtual.android.tokens import token

MS = 1_000_000


async def _start(call: Call, arguments: Arguments, *, foreground: bool) -> int:
    intent = parse_intent(arguments, _user)
    await call.out(f"Starting service: Intent {{ {intent_text(intent)} }}\n")
    started = call.device.activities.services.start(intent, uid=call.uid, foreground=foreground)
    if isinstance(started, Refusal):
        await call.err(f"Error: {started.value}\n")
        return FAILED
    return 0


async def _stop(call: Call, arguments: Arguments) -> int:
    intent = parse_intent(arguments, _user)
    await call.out(f"Stopping service: Intent {{ {intent_text(intent)} }}\n")
    stopped = call.device.activities.services.stop(intent)
    await call.err("Service stopped\n" if stopped else "Service not stopped: was not running.\n")
    return 0


def _user(option: str, arguments: Arguments) -> bool:
    if option == "--user":
        arguments.required()
        return True
    return False


SUBCOMMANDS: tuple[tuple[str, Subcommand], ...] = (
    ("startservice", partial(_start, foreground=False)),
    ("start-service", partial(_start, foreground=False)),
    ("startforegroundservice", partial(_start, foreground=True)),
    ("start-foreground-service", partial(_start, foreground=True)),
    ("stopservice", _stop),
    ("stop-service", _stop),
)


def dump(call: Call, words: list[str]) -> str:
    """Those whose component contains the first word, or all."""
    now_ns, wanted = call.device.clock.now_ns(), words[0] if words else ""
    lines = ["ACTIVITY MANAGER SERVICES (dumpsys activity services)"]
    found = [each for each in call.device.activities.services.all() if wanted in (each.short, each.component)]
    found = found or [
        each for each in call.device.activities.services.all() if "/" not in wanted and wanted in each.component
    ]
    if not found:
        return "\n".join([*lines, "  (nothing)"])
    lines.append("  User 0 active services:")
    for service in found:
        lines += _described(service, now_ns)
    return "\n".join(lines)


def _described(service: ServiceRecord, now_ns: int) -> list[str]:
    """ServiceRecord.dump"""
    process, name = service.process, service.package.name
    return [
        f"  * ServiceRecord{{{token('service', service.component)} u0 {service.short}}}",
        f"    intent={{cmp={service.short}}}",
        f"    packageName={name}",
        f"    processName={process.name}",
        f"    baseDir={service.package.apk_path}",
        f"    dataDir={service.package.data_dir}",
        f"    app={process_text(process)}",
        *([f"    isForeground=true foregroundId={service.notification}"] if service.foreground else []),
        f"    createTime={_ago(now_ns - service.created_ns)} startingBgTimeout=--",
        f"    lastActivity={_ago(now_ns - service.active_ns)} restartTime={_ago(now_ns - service.created_ns)} "
        "createdFromFg=true",
        f"    startRequested=true delayedStop=false stopIfKilled=false callStart=true lastStartId={service.starts}",
        "",
    ]


def _ago(ns: int) -> str:
    """TimeUtils.formatDuration of a time that has passed: `-1s234ms`."""
    seconds, ms = divmod(ns // MS, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "m"), (seconds, "s"), (ms, "ms")]
    first = next((number for number, (value, _) in enumerate(parts) if value), len(parts) - 1)
    return "-" + "".join(f"{value}{unit}" for value, unit in parts[first:])
