"""`am instrument` (AOSP cmds/am Instrument.java): starts an instrumentation and prints what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import Call
from framework.virtual.android.instrumentation import InstrumentationError, Report
from framework.virtual.android.intents import full_component

STREAM = "stream"
"""Instrumentation.REPORT_KEY_STREAMRESULT: text for people, printed as it is unless `-r`."""

FAILED_CODE = -1
WITHOUT_EFFECT = (
    *("-m", "--no_window_animation", "--no-window-animation", "--no-hidden-api-checks", "--no-test-api-access"),
    *("--no-isolated-storage", "--always-check-signature"),
)


@dataclass(slots=True)
class _Options:
    wait: bool = False
    raw: bool = False
    restart: bool = True
    arguments: dict[str, str] = field(default_factory=dict)


async def instrument(call: Call, arguments: Arguments) -> int:
    options = _Options()
    while (option := arguments.option()) is not None:
        if not _read(options, option, arguments):
            await call.err(f"Error: Unknown option: {option}\n")
            return 1
    component = _component(call, arguments.required())
    reports: asyncio.Queue[Report] = asyncio.Queue()
    try:
        call.device.activities.instrumentations.start(
            component, options.arguments, reports.put_nowait, restart=options.restart
        )
    except InstrumentationError as fault:
        return await _failed(call, component, str(fault), options)
    while options.wait:
        report = await reports.get()
        await call.out((_result if report.finished else _status)(report, options.raw))
        if report.finished:
            break
    return 0


def _read(options: _Options, option: str, arguments: Arguments) -> bool:
    if option == "-w":
        options.wait = True
    elif option == "-r":
        options.raw = True
    elif option == "-e":
        key = arguments.required()
        options.arguments[key] = arguments.required()
    elif option == "--no-restart":
        options.restart = False
    elif option in ("--user", "--abi", "-p"):
        arguments.required()
    else:
        return option in WITHOUT_EFFECT
    return True


def _component(call: Call, word: str) -> str:
    """`package/Class`, or a class alone that one installed package has."""
    if "/" in word:
        return full_component(word)
    found = [
        f"{package.name}/{each.name}"
        for package in call.device.packages.all()
        for each in package.instrumentations
        if each.name == word
    ]
    if len(found) == 1:
        return found[0]
    raise ArgumentError(
        f"More than one instrumentation found for {word}" if found else f"No instrumentation found for: {word}"
    )


async def _failed(call: Call, component: str, why: str, options: _Options) -> int:
    """What a watcher is told of a start that failed, and what Java prints of the exception."""
    if options.wait:
        report = Report(FAILED_CODE, {"id": "ActivityManagerService", "Error": why})
        await call.out(_status(report, options.raw))
    message = f"INSTRUMENTATION_FAILED: {component}"
    if options.raw:
        await call.out(f"onError: commandError=true message={message}\n")
    await call.err(f"android.util.AndroidException: {message}\n\tat com.android.commands.am.Instrument.run\n")
    return 1


def _status(report: Report, raw: bool) -> str:
    return _told(report, raw, "INSTRUMENTATION_STATUS", "INSTRUMENTATION_STATUS_CODE", str)


def _result(report: Report, raw: bool) -> str:
    return _told(report, raw, "INSTRUMENTATION_RESULT", "INSTRUMENTATION_CODE", lambda text: f"{text}\n")


def _told(report: Report, raw: bool, label: str, code_label: str, pretty: Callable[[str], str]) -> str:
    if not raw and STREAM in report.results:
        return pretty(report.results[STREAM])
    return _lines(report.results, label) + f"{code_label}: {report.code}\n"


def _lines(results: Mapping[str, str], label: str) -> str:
    return "".join(f"{label}: {key}={results[key]}\n" for key in sorted(results))
