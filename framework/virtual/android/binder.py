"""Android's services as commands reach them: `cmd SERVICE …`, `am`, `pm`, `dumpsys SERVICE`, abb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.boot import SYSTEM_SERVER

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.pipes import Reader, Writer

FAILED = 255
"""What a service's -1 becomes as an exit status."""

NO_SUCH_SERVICE = 20

WAIT = "-w"
"""Of cmd: wait until the service is there. They all are, once Android is up."""


@dataclass(frozen=True, slots=True)
class Call:
    """One command to a service: its words, the caller's streams and user id."""

    device: Device
    words: tuple[str, ...]
    stdin: Reader
    stdout: Writer
    stderr: Writer
    uid: int

    async def out(self, text: str) -> None:
        await self.stdout.write(text.encode(errors="surrogateescape"))

    async def err(self, text: str) -> None:
        await self.stderr.write(text.encode(errors="surrogateescape"))

    def to(self, *words: str) -> Call:
        """The same call with other words."""
        return Call(self.device, words, self.stdin, self.stdout, self.stderr, self.uid)


Handler = Callable[[Call], Awaitable[int]]
Subcommand = Callable[[Call, Arguments], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Service:
    """A service that service manager knows. `module` has `shell(call)` for `cmd`, `dump(call)` for dumpsys, or both."""

    name: str
    interface: str
    module: str

    def handler(self, kind: str) -> Handler | None:
        found: Handler | None = getattr(import_module(self.module), kind, None)
        return found


def _service(name: str, interface: str, module: str | None = None) -> Service:
    return Service(name, interface, f"framework.virtual.android.services.{module or name}")


SERVICES: tuple[Service, ...] = (
    _service("SurfaceFlinger", "android.ui.ISurfaceComposer", "surfaceflinger"),
    _service("activity", "android.app.IActivityManager"),
    _service("appops", "com.android.internal.app.IAppOpsService"),
    _service("battery", ""),
    _service("bluetooth_manager", "android.bluetooth.IBluetoothManager"),
    _service("connectivity", "android.net.IConnectivityManager"),
    _service("cpuinfo", ""),
    _service("device_state", "android.hardware.devicestate.IDeviceStateManager"),
    _service("deviceidle", "android.os.IDeviceIdleController"),
    _service("display", "android.hardware.display.IDisplayManager"),
    _service("gfxinfo", ""),
    _service("input", "android.hardware.input.IInputManager"),
    _service("input_method", "com.android.internal.view.IInputMethodManager"),
    _service("location", "android.location.ILocationManager"),
    _service("lock_settings", "com.android.internal.widget.ILockSettings"),
    _service("media_session", "android.media.session.ISessionManager"),
    _service("meminfo", ""),
    _service("notification", "android.app.INotificationManager"),
    _service("package", "android.content.pm.IPackageManager"),
    _service("phone", "com.android.internal.telephony.ITelephony"),
    _service("power", "android.os.IPowerManager"),
    _service("settings", ""),
    _service("statusbar", "com.android.internal.statusbar.IStatusBarService"),
    _service("thermalservice", "android.os.IThermalService"),
    _service("uimode", "android.app.IUiModeManager"),
    _service("wifi", "android.net.wifi.IWifiManager"),
    _service("window", "android.view.IWindowManager"),
)


NATIVE = ("SurfaceFlinger",)
"""Services of other processes than system_server, which are there while it is not."""


def services_of(device: Device) -> Sequence[Service]:
    """What service manager knows now: of Java's services none while the handset starts, or system_server is dead."""
    if device.processes.by_name(SYSTEM_SERVER) is not None:
        return SERVICES
    return tuple(service for service in SERVICES if service.name in NATIVE)


def find_service(device: Device, name: str) -> Service | None:
    return next((service for service in services_of(device) if service.name == name), None)


async def command(call: Call) -> int:
    """`cmd SERVICE WORDS…` (AOSP frameworks/native/cmds/cmd)."""
    if not call.words:
        await call.err("cmd: No service specified; use -l to list all services\n")
        return NO_SUCH_SERVICE
    if call.words[0] == "-l":
        await call.out(
            "Currently running services:\n" + "".join(f"  {service.name}\n" for service in services_of(call.device))
        )
        return 0
    words = list(call.words[1:] if call.words[0] == WAIT else call.words)
    if not words:
        await call.err("cmd: No service specified; use -l to list all services\n")
        return NO_SUCH_SERVICE
    name = words.pop(0)
    service = find_service(call.device, name)
    if service is None:
        await call.err(f"cmd: Can't find service: {name}\n")
        return NO_SUCH_SERVICE
    handler = service.handler("shell")
    if handler is None:
        await call.out("No shell command implementation.\n")
        return 0
    return await handler(call.to(*words))


async def dispatch(call: Call, subcommands: Sequence[tuple[str, Subcommand]]) -> int:
    """Run the subcommand that the first word names; what it throws is printed as Java's shell commands do."""
    if not call.words:
        await call.out("No command specified.\n")
        return FAILED
    name = call.words[0]
    run = dict(subcommands).get(name)
    if run is None:
        await call.err(f"Unknown command: {name}\n")
        return FAILED
    try:
        return await run(call, Arguments(call.words[1:]))
    except ArgumentError as fault:
        exception = f"{fault.exception}: {fault}"
        await call.err(f"\nException occurred while executing '{name}':\n{exception}\n")
        return FAILED
