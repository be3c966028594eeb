"""One emulated handset: the composition of its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from framework.virtual.adb.banner import device_banner
from framework.virtual.android import binder
from framework.virtual.android.activities import ActivityManager
from framework.virtual.android.app_ops import AppOps
from framework.virtual.android.backlight import Backlight
from framework.virtual.android.battery_service import BatteryService
from framework.virtual.android.boot import FIRST_FREE_PID, spawn_boot_processes
from framework.virtual.android.clipboard import Clipboard
from framework.virtual.android.connectivity import Connectivity
from framework.virtual.android.display import DisplayConfig
from framework.virtual.android.frames import Frames
from framework.virtual.android.installer import Installer
from framework.virtual.android.lmkd import LowMemoryKiller
from framework.virtual.android.logd import LogBuffer
from framework.virtual.android.packages import PackageManager
from framework.virtual.android.permissions import Permissions
from framework.virtual.android.posture import PostureManager
from framework.virtual.android.power import PowerState
from framework.virtual.android.procfs import mount_proc
from framework.virtual.android.properties import Properties, boot_properties
from framework.virtual.android.screen_source import ScreenSource
from framework.virtual.android.settings import Settings
from framework.virtual.android.sysfs import mount_sys
from framework.virtual.android.system_packages import install_system_packages, make_data_folders
from framework.virtual.android.systemui import ErrorDialogs, Keyboard, Keyguard, Shade
from framework.virtual.android.windows import WindowManager
from framework.virtual.apps import APPS, INSTRUMENTATIONS
from framework.virtual.apps.base import Intent
from framework.virtual.clock import DeviceClock
from framework.virtual.commands import ANDROID, TOYBOX, names
from framework.virtual.identity import serial_number
from framework.virtual.physics import Physics
from framework.virtual.physics.variation import uniform
from framework.virtual.profiles import load_profile
from framework.virtual.profiles.record import Posture, Profile
from framework.virtual.reboot import restart
from framework.virtual.shell import execute
from framework.virtual.system.files import FileSystem
from framework.virtual.system.freezer import Freezer
from framework.virtual.system.layout import lay_out
from framework.virtual.system.ports import DevicePorts
from framework.virtual.system.processes import Process, ProcessTable
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import SHELL
from framework.virtual.truth import Truth
from framework.virtual.ui.screen import Screen
from framework.virtual.ui.touch import Touch
from framework.virtual.ui.tree import Window

if TYPE_CHECKING:
    from framework.virtual.adb.server import AdbServer
    from framework.virtual.system.pipes import Reader, Writer
    from framework.virtual.system.terminal import Terminal


@dataclass(eq=False)
class Device:
    """A handset. All of it lives in one asyncio loop; `files` has root's rights, `as_user` gives others'."""

    name: str
    profile: Profile
    seed: int
    clock: DeviceClock
    files: FileSystem
    processes: ProcessTable
    properties: Properties
    settings: Settings
    physics: Physics
    ports: DevicePorts = field(default_factory=DevicePorts)
    packages: PackageManager = field(default_factory=PackageManager)
    app_ops: AppOps = field(default_factory=AppOps)
    power: PowerState = field(default_factory=PowerState)
    freezer: Freezer = field(default_factory=Freezer)
    adbd: AdbServer | None = None
    """What serves this handset, once something does."""

    ui_sessions: dict[str, object] = field(default_factory=dict)
    """Sessions of its own W3C endpoint, by id."""

    _restarting: asyncio.Task[None] | None = None
    truth: Truth = field(init=False)
    log: LogBuffer = field(init=False)
    posture: PostureManager = field(init=False)
    installer: Installer = field(init=False)
    activities: ActivityManager = field(init=False)
    clipboard: Clipboard = field(init=False)
    screen: Screen = field(init=False)
    frames: Frames = field(init=False)
    backlight: Backlight = field(init=False)
    display: DisplayConfig = field(init=False)
    touch: Touch = field(init=False)
    permissions: Permissions = field(init=False)
    lmkd: LowMemoryKiller = field(init=False)
    connectivity: Connectivity = field(init=False)
    battery: BatteryService = field(init=False)
    windows: WindowManager = field(init=False)
    keyboard: Keyboard = field(init=False)
    keyguard: Keyguard = field(init=False)
    shade: Shade = field(init=False)
    dialogs: list[Window] = field(default_factory=list)
    """Of the system, over all activities; the newest last."""

    error_dialogs: ErrorDialogs = field(init=False)

    def __post_init__(self) -> None:
        self.truth = Truth(self.clock)
        self.battery = BatteryService(self.physics.power, self.clock.now_ns)
        modem = "rmnet_ipa0" if self.profile.soc.maker == "QTI" else "ccmni0"
        self.connectivity = Connectivity(self.clock, self.settings, f"{self.name}:{self.seed}", modem=modem)
        self.physics.sampled(self._sample)
        self.log = LogBuffer(self.clock)
        self.posture = PostureManager(self.profile.postures)
        self.installer = Installer(
            *(self.profile, self.clock, self.files, self.packages),
            lambda: self.properties.get("persist.security.adbinstall") != "0",
        )
        self.frames = Frames(self)
        self.activities = ActivityManager(self, APPS, INSTRUMENTATIONS)
        self.backlight = Backlight(self)
        self.display = DisplayConfig(self)
        self.battery.tell = self._power_changed
        self.clipboard = Clipboard(self)
        self.screen = Screen(ScreenSource(self))
        self.touch = Touch(self)
        self.permissions = Permissions(self)
        self.windows = WindowManager(self)
        self.error_dialogs = ErrorDialogs(self)
        self.keyboard = Keyboard(self)
        self.keyguard = Keyguard(self)
        self.shade = Shade(self)
        self.power.listen(self._lit)

    def _power_changed(self, plugged: bool) -> None:
        """What Android broadcasts when a charger comes or goes (Intent.ACTION_POWER_*)."""
        change = "CONNECTED" if plugged else "DISCONNECTED"
        self.activities.broadcast(Intent(f"android.intent.action.ACTION_POWER_{change}"))

    @property
    def boot_id(self) -> str:
        """A UUID that is another after each restart (/proc/sys/kernel/random/boot_id)."""
        return str(UUID(hex=_digest(32, "boot", self.name, self.seed, self.truth.boot), version=4))

    async def shell(
        self,
        script: str,
        stdin: Reader,
        stdout: Writer,
        stderr: Writer,
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> int:
        """Run a script as adb's shell does, as user `shell`; its exit status."""
        return await execute(
            self, script, stdin=stdin, stdout=stdout, stderr=stderr, uid=SHELL, environment=environment
        )

    async def shell_at(
        self, terminal: Terminal, script: str, *, environment: Mapping[str, str] = MappingProxyType({})
    ) -> int:
        """The same at a terminal."""
        return await execute(
            self,
            script,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            terminal=terminal,
            uid=SHELL,
            environment=environment,
        )

    async def binder(self, words: Sequence[str], stdin: Reader, stdout: Writer, stderr: Writer) -> int:
        """Call a service as `cmd` does: its name, then its arguments; its exit status."""
        return await binder.command(binder.Call(self, tuple(words), stdin, stdout, stderr, SHELL))

    def screen_changed(self) -> None:
        """Another window has come to the front: the activity there, if one is, draws itself anew."""
        if self.windows.resumed is not None:
            self.frames.shown(self.windows.resumed)

    def _lit(self, awake: bool) -> None:
        if not awake:
            self.shade.collapse()
            self.keyguard.screen_off()
        self.screen_changed()

    def banner(self) -> bytes:
        """How adbd introduces this handset."""
        identity = self.profile.identity
        return device_banner(identity.product, identity.model, identity.device)

    def _sample(self, at_ns: int, values: dict[str, float]) -> None:
        self.truth.sample(at_ns, values | self.connectivity.truth_values(at_ns))

    def set_property(self, name: str, value: str) -> None:
        self.properties.set(name, value)

    def reboot(self) -> None:
        """Go down and boot, unless it does already."""
        if self._restarting is None or self._restarting.done():
            self._restarting = asyncio.get_running_loop().create_task(restart(self))

    def debuggable(self) -> list[Process]:
        """The apps that run and say in their manifest that they are debuggable."""
        return [each for each in self.processes.all() if self._is_debuggable(each.name)]

    def _is_debuggable(self, name: str) -> bool:
        package = self.packages.get(name.partition(":")[0])
        return package is not None and package.debuggable

    def on_processes(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called when a process has begun or ended, until what this returns is called."""
        self.processes.watchers.append(tell)
        return lambda: self.processes.watchers.remove(tell)

    async def close(self) -> None:
        """Power off: everything that runs on it ends."""
        self.ports.close()
        await self.processes.close()


def build_device(profile: str, *, name: str, seed: int, clock: DeviceClock, store: BlobStore) -> Device:
    """A handset that has just booted to its launcher. UsageError for an unknown profile.

    Needs a running asyncio loop. The same seed gives the same handset among others of its model.
    """
    facts = load_profile(profile)
    clock.sleep_through(_slept_ns(name, seed))
    files = FileSystem(store, clock.wall_ns, total_bytes=facts.memory.storage_gb * 10**9)
    lay_out(files, names(TOYBOX), names(ANDROID))
    processes = ProcessTable(clock.now_ns, first_pid=FIRST_FREE_PID)
    spawn_boot_processes(processes)
    device = Device(
        name=name,
        profile=facts,
        seed=seed,
        clock=clock,
        files=files,
        processes=processes,
        properties=boot_properties(facts, serial_number(name, profile, seed)),
        settings=Settings(_digest(16, "android_id", name, seed), facts.identity.market_name),
        physics=Physics(facts, seed=seed, clock=clock, processes=processes),
    )
    install_system_packages(device.packages, facts)
    make_data_folders(files, device.packages)
    mount_proc(device)
    mount_sys(device)
    _hold(device, device.posture.current)
    device.posture.listen(lambda posture: _hold(device, posture))
    device.lmkd = LowMemoryKiller(device)
    device.activities.home()
    return device


def _hold(device: Device, posture: Posture) -> None:
    """What follows from how the handset is held: its cooling, and the vendor's setting."""
    device.physics.cool_by(posture.cooling)
    if posture.device_posture is not None:
        device.settings.put("global", "device_posture", str(posture.device_posture))


def _slept_ns(name: str, seed: int) -> int:
    """How long the handset was suspended since it booted: minutes to hours."""
    return int(300e9 * 60 ** uniform(name, seed, "slept"))


def _digest(digits: int, *seeds: object) -> str:
    """Hexadecimal digits that depend on nothing but the seeds."""
    return sha256(repr(seeds).encode()).hexdigest()[:digits]
